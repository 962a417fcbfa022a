"""Use cases, the ports (Protocols) they need and the events they emit."""
