"""Who may do what, and how abuse is slowed down and written up."""
