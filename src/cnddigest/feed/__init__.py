"""Entries in, feeds out: RSS, Atom, JSON Feed, OPML, iCalendar. Pure."""
