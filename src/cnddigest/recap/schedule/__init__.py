"""The conference's own schedule: read in six formats, matched with a recap's sessions, filling what these lack."""
