"""Kept records: filters, objections, and what is stored about a student."""
