"""Moving a school from its SQLite file to a database server: copied in pieces, read back and compared row by row."""
