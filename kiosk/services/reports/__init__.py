"""Exports to a file."""
