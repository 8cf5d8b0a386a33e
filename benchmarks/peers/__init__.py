"""Other programs that make the same pages and feed: each says whether it is there, and how it is run."""
