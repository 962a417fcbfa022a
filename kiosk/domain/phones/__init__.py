"""Codes on the screen, passes on the phone, and how far both can be read."""
