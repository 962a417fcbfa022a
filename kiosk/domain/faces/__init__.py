"""From a frame to a name: quality, liveness, search, decision, and the error rates of it all."""
