"""Error rates on labelled pictures."""
