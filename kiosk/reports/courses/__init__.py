"""Reading class lists: which columns mean what, and which lines can be taken."""
