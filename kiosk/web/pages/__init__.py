"""What a phone shows, page by page."""
