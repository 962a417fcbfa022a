"""Signing in, accounts, PIN slips and consents."""
