"""What the verbs need from the world, each promise commented on both sides."""
