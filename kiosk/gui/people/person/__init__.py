"""The page of one student, a part a subject."""
