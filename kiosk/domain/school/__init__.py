"""Rules of the whole school: how long things are kept."""
