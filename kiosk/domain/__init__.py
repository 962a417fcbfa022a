"""Rules and values of attendance and recognition: no I/O, no clock, no framework."""
