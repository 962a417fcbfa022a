"""One frame's way through detection, liveness, embedding and decision."""
