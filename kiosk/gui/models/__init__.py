"""Choosing and installing recognition models."""
