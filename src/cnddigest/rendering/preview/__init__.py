"""The preview: how a recap will look everywhere, on pages for the one who writes it."""
