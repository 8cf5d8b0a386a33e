"""A reading mended by its author's corrections: lines before days and talks are looked for, sessions after."""
