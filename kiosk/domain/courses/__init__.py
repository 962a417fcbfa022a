"""Courses, registrations and the timetable."""
