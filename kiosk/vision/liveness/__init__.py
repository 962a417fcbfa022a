"""Telling a face from a picture of one."""
