"""Model files: manifest, download, conversion, installation."""
