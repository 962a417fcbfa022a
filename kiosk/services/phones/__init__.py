"""A scan's way: codes, tickets, passes, and the address that phones use."""
