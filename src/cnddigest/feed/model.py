"""What a feed says of itself, and where one document of it stands among the others."""

import datetime as dt
from dataclasses import dataclass

from cnddigest.serial.model import MAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed: its permanent name, words and addresses. Every address is absolute."""

    feed_id: str
    title: str
    subtitle: str
    language: str
    author: str
    rights: str
    home_url: str
    self_url: str
    stylesheet_url: str
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One document of a feed: when it changed, and its neighbours after RFC 5005.

    `current_url` is None in the current document itself. `complete` says that nothing will follow. `run`
    is whose timeline it is. `hubs` tell a reader who asks when it changes.
    """

    published_at: dt.datetime
    updated_at: dt.datetime
    self_url: str
    previous_url: str | None = None
    next_url: str | None = None
    current_url: str | None = None
    complete: bool = False
    run: str = MAIN
    hubs: tuple[str, ...] = ()
