"""Repositories: rows on one side, frozen domain values on the other, one module per group of tables."""
