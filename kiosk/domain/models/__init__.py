"""The switch from one recognition model to another."""
