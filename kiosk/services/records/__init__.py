"""Reading records: other programs, students themselves, and their objections."""
