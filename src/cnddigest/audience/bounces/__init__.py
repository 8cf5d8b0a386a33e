"""Returned mail and complaints: what a message says about whom, whatever program wrote it."""
