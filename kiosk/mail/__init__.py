"""Sending e-mail over the mail server of the school."""
