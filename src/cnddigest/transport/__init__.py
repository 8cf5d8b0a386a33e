"""The far side of sending: an SMTP relay, or a folder."""
