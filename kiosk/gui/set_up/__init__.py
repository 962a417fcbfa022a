"""Setting a new school up, and what is left of it."""
