"""The sides of the comparison: each runs in a process of its own."""
