"""Alembic migrations: each change of the schema, from the first version on."""
