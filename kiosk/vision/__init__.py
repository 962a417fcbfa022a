"""Detector, tracker, alignment, embedders, quality and the model store; used by the vision thread only."""
