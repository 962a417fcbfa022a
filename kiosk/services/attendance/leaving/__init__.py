"""Check-out on leaving, and minutes."""
