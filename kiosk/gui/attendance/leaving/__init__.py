"""Check-out and minutes in the roster."""
