"""The running class and the one way into its records."""
