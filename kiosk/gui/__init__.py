"""The window: PySide6 views over the services; the only package that imports Qt."""
