"""The screen that students see: camera, code, result cards."""
