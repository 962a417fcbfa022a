"""Guided enrolment before the camera: choosing the student, the mirror, the steps, the pictures taken."""
