"""Naming a course and importing its class list."""
