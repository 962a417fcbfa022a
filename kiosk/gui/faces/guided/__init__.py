"""Enrolment in front of the camera, step by step."""
