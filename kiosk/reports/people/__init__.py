"""What is printed for students and families, and what they answer on paper."""
