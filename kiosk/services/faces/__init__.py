"""Enrolment, galleries, calibration and doubts about faces."""
