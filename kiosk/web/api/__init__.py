"""The REST API for other programs: reads courses, sessions and records with a token, by TLS or on this PC only."""
