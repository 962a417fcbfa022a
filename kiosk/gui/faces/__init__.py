"""Enrolment, calibration and look-alikes."""
