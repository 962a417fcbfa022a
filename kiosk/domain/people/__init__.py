"""Students, staff, PINs and consents."""
