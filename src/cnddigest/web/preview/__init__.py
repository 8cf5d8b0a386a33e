"""The preview's own server, on this machine alone: views, what they frame, and word that something changed."""
