"""What is released, and when. Pure."""
