"""Messages in the window: the mail server, warnings, one student's addresses."""
