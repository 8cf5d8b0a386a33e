"""The Plan as an iCalendar file (RFC 5545): one event per Part, and no word of a Part that is not out."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cnddigest.rendering.slots import clean

LINE_OCTETS = 75  # RFC 5545 3.1, without the line break
MOMENT = "PT15M"  # how long an event is drawn; it blocks no time
REFRESH = "PT6H"  # how often a client should look again
LAST_SEQUENCE = 2**31 - 1  # RFC 5545 3.3.8: an INTEGER has 32 bits
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")  # RFC 5545 3.1: no text may hold them; a tab it may
URL_BREAKERS = re.compile("[\x00-\x20\x7f]")  # no address has them, and a line break would begin a property


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A Part in the calendar.

    `name` is its permanent name in the run, `part-3`. `title` and `url` (absolute) are None until it is out.
    `stamped_at` is the moment of its last change after the record: `updated_at`, or the planned moment.
    `sequence` grows whenever `release_at` moves.
    """

    number: int
    name: str
    release_at: dt.datetime
    stamped_at: dt.datetime
    title: str | None = None
    url: str | None = None
    sequence: int = 0


def calendar(events: Iterable[Event], *, tag: str, run: str, title: str, total: int) -> bytes:
    """Return the calendar of a run of a Serial, the same bytes for the same values.

    `tag` begins the Serial's entry ids, `title` is the Serial's and `total` the number of its Parts: a Part that
    is not out is called "title (3/5)".
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cnddigest//calendar//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{text(title)}",
        f"X-WR-CALNAME:{text(title)}",  # what clients read that do not know NAME (RFC 7986)
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
    ]
    for event in events:
        lines += _event(event, uid(tag, run, event.name), f"{title} ({event.number}/{total})")
    lines.append("END:VCALENDAR")
    return b"".join(map(fold, lines))


def uid(tag: str, run: str, name: str) -> str:
    """Return the name under which clients know an event for ever: `part-3.main.cndt2022@recaps.example.org`."""
    authority, _, slug = tag.removeprefix("tag:").partition(":")
    return f"{name}.{run}.{slug}@{authority.partition(',')[0]}"


def fold(line: str) -> bytes:
    """Return a content line with its CRLF: at most 75 octets each, never broken inside a character (RFC 5545 3.1)."""
    folded = bytearray()
    room = LINE_OCTETS
    for octets in map(str.encode, line):
        if len(octets) > room:
            folded += b"\r\n "
            room = LINE_OCTETS - 1
        folded += octets
        room -= len(octets)
    return bytes(folded) + b"\r\n"


def text(value: str) -> str:
    """Return a TEXT value (RFC 5545 3.3.11): what has a meaning there is escaped, control characters are gone."""
    lines = clean(value).replace("\r\n", "\n").replace("\r", "\n")
    escaped = lines.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")
    return CONTROL.sub("", escaped)


def _event(event: Event, known_as: str, unnamed: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{known_as}"
    yield f"SEQUENCE:{min(event.sequence, LAST_SEQUENCE)}"
    yield f"DTSTAMP:{_utc(event.stamped_at)}"
    yield f"DTSTART:{_utc(event.release_at)}"
    yield f"DURATION:{MOMENT}"
    yield f"SUMMARY:{text(event.title or unnamed)}"
    if event.title is not None and event.url is not None:
        yield f"URL:{URL_BREAKERS.sub('', clean(event.url))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _utc(instant: dt.datetime) -> str:
    utc = instant.astimezone(dt.UTC)
    return f"{utc:%Y%m%dT%H%M%S}Z".rjust(16, "0")  # %Y of a year before 1000 has no leading zeros
