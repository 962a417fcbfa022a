"""Drawn students and a scripted class, so that anyone can see the kiosk work with no camera."""
