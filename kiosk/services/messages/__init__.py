"""Messages to students and guardians by e-mail."""
