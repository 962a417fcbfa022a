"""Records, class sessions and what may complete a mark."""
