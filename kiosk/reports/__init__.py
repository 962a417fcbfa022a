"""Excel workbook, roster files and PIN slips."""
