"""The list of students in the roster: its model, how a row is drawn, search and filters."""
