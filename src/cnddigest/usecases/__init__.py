"""The verbs: everything they do to the world goes through a port."""
