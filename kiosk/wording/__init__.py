"""What people read, worded once for window, phones, workbook and command line. No Qt, no web, no state; any thread.

Each enumeration has one function that `match`es all members and ends in `assert_never`, so that mypy names it when a
member is added. Dates come from Babel, never from the C locale, which Qt sets to that of the PC.
"""
