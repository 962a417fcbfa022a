"""FastAPI app for phones: pages, forms and static files."""
