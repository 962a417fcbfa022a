"""A classroom attendance kiosk: faces, QR codes and one record a student."""

__version__ = "0.2.0"
