"""Enrolment, galleries, calibration and ambiguous faces."""
