"""The attendance workbook, class lists, and what is printed: written and read as files."""
