"""Re-checks in mid-class."""
