"""A class goes on while the database server is away."""
