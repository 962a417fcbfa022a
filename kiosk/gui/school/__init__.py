"""Settings of this PC and of the school."""
