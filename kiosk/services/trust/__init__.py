"""Tokens of other programs, and the rights of who acts."""
