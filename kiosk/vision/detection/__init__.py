"""Finding faces, following them, and judging their pictures."""
