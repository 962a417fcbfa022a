"""Whole screens: first start, sign-in, Today, and the records of a course."""
