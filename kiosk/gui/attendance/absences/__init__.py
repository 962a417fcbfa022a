"""Absences that are known beforehand."""
