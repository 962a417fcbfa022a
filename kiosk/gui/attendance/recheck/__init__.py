"""Re-checks in the roster."""
