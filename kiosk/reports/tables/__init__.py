"""Rows of text from the files that people hand in."""
