"""The school's settings and the rounds of retention."""
