"""Small parts that all views share; each draws what it is told and holds no rules."""
