"""Threads: workers, and the runtime that starts and stops them."""
