"""What a teacher needs around one class: a short PIN for it, how many are here, and how it went."""
