"""Keeping a copy, and bringing it back."""
