"""What a teacher sees around one class beside the kiosk screen: its PIN, where the roster stands, how it went."""
