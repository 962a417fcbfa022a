"""What the window does to class sessions that are over, or that were held without the kiosk."""
