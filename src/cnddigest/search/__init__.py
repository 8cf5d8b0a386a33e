"""What is looked for, and where it stands in a text."""
