"""A course's past classes."""
