"""The list of everyone beside the kiosk screen: live status, search, marks by hand."""
