"""Long lists: searched, filtered, sorted, chosen from, copied, printed and saved."""
