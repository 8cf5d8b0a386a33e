"""The record: SQLite on disk, or memory."""
