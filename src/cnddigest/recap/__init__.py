"""A document, read: bytes of an article in, its days and sessions out. Pure."""
