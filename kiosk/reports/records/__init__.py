"""The attendance workbook, and records as tables."""
