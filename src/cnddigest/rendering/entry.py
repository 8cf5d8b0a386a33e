"""An Entry: what a feed says of a released Part or Session."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One Entry of a feed, the same in RSS, Atom and JSON Feed.

    `path` is relative to the publication's `base_url`. `summary` is plain text. `html` is clean, and every
    address in it is absolute. Instants are aware UTC in whole seconds.
    """

    entry_id: str
    path: str
    title: str
    summary: str
    html: str
    language: str
    author: str
    published_at: dt.datetime
    updated_at: dt.datetime
    tags: tuple[str, ...] = ()
