"""Who listens: addresses, consent, and what may be sent to whom."""
