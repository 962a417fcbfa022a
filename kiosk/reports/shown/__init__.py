"""The reports that people look at, on paper."""
