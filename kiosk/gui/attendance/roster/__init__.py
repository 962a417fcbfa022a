"""The teacher's list beside the camera: marks, claims, corrections."""
