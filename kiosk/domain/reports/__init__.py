"""What reports show, as values: registers, weeks, arrivals, methods, who is below the limit, days."""
