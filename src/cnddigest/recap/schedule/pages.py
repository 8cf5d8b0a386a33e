"""Which talk an address names: by all of it, by what follows `/talks/`, by a code in it, by the number at its end."""

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from cnddigest.recap.links import kind
from cnddigest.recap.model import Link, Session
from cnddigest.recap.schedule.model import ScheduleEvent

Key = tuple[str, str]

LONGEST = 2_000  # characters of an address that is looked at
MOST_LINKS = 50  # of a session; a talk's own page is among the first
SHORTEST_CODE = 5  # characters of a code that stands nowhere by chance; pretalx has 6
_TALKS = {"talk", "talks", "session", "sessions", "event", "events", "proposal", "proposals", "presentation"}
_NUMBER = re.compile(r"\d{1,9}")


def of_event(event: ScheduleEvent) -> Iterator[Key]:
    """Yield the keys under which a talk is found."""
    if event.url:
        yield "address", _bare(event.url)
        yield from _behind_word(_segments(event.url))
    for key in event.keys:
        if _NUMBER.fullmatch(key):
            yield "number", key
        elif len(key) >= SHORTEST_CODE:
            yield "code", key


def of_page(session: Session) -> Iterator[Key]:
    """Yield the keys of a session's own page."""
    if session.url:
        is_page = kind(Link(label="", url=session.url)) in ("page", "other")
        yield from _keys(session.url, anywhere=is_page)


def of_links(session: Session) -> Iterator[Key]:
    """Yield the keys of all addresses of a session."""
    for link in session.links[:MOST_LINKS]:
        yield from _keys(link.url, anywhere=False)


def _keys(url: str, *, anywhere: bool) -> Iterator[Key]:
    """Yield the keys of an address; a number counts behind a word for talks, or `anywhere`."""
    if len(url) > LONGEST:
        return
    yield "address", _bare(url)
    segments = _segments(url)
    yield from _behind_word(segments)
    for segment in segments:
        if len(segment) >= SHORTEST_CODE:
            yield "code", segment
    last = segments[-1] if segments else ""
    if _NUMBER.fullmatch(last) and (anywhere or (len(segments) > 1 and segments[-2].lower() in _TALKS)):
        yield "number", last


def _behind_word(segments: list[str]) -> Iterator[Key]:
    """Yield what follows a word for talks: what comes after it may be a title, and changes with it."""
    for word, name in itertools.pairwise(segments):
        if word.lower() in _TALKS:
            yield "talk", name


def _segments(url: str) -> list[str]:
    try:
        return [unquote(segment) for segment in urlsplit(url).path.split("/") if segment]
    except ValueError:
        return []


@lru_cache(maxsize=8192)
def _bare(url: str) -> str:
    """Return an address without what two spellings of it may differ in."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return url
    query = f"?{parts.query}" if parts.query else ""
    return host + parts.path.removesuffix("index.html").rstrip("/") + query
