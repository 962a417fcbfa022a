"""Starting a class, and everything on the screen while it runs."""
