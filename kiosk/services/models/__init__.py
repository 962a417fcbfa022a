"""Installing a model, and moving the school to it."""
