"""Which files a publication consists of, and how each is joined. Pure."""
