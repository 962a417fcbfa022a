"""Class lists that come from a file."""
