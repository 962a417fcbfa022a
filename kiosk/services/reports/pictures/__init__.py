"""Reports laid out as boxes, lines and words, which the window paints and the PDF draws."""
