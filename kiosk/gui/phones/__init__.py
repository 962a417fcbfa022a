"""The address for phones, its certificate and its test."""
