"""Keys, sealing with them, and recovering them."""
