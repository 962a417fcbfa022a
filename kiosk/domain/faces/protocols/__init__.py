"""Agreed ways of measuring recognition on labelled pictures: pairs of pictures (1:1), and drawn rosters (1:N, open set)."""
