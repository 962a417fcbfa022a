"""Messages to students and guardians: whom, what, when again."""
