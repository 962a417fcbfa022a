"""The engine, its tables and schema, and the errors it raises."""
