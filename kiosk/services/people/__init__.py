"""Accounts, PINs and consents."""
