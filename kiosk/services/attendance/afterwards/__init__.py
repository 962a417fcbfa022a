"""Class sessions as things: what is done to one after it was held, or when it was held without the kiosk."""
