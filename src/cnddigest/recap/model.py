"""The Recap and what it is made of: days, sessions, prose, and what a reader should check."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Format = Literal["text", "markdown", "html", "rst"]
Severity = Literal["info", "warning", "error"]
Kind = Literal[
    "talk",  # a summary of one talk
    "keynote",  # the same, of an opening or keynote
    "lightning",  # one of several short talks in a row
    "event",  # lunch, party, break: it happened, nobody spoke
    "section",  # text that stands among the talks and is none, e.g. an earlier file's closing
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A labelled address inside a text; `label` may equal `url`."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A run of text, twice: what a person reads, and its markup.

    `paragraphs` are the visible strings in order, one per paragraph, list item, table row or code block.
    `html` is the same text as HTML that nobody has cleaned yet: only `rendering.markup` may let it out.
    """

    paragraphs: tuple[str, ...] = ()
    html: str = ""

    def __bool__(self) -> bool:
        """Say whether there is anything to read or see."""
        return bool(self.paragraphs or self.html.strip())


NOTHING = Prose()


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another session that is about the same things, and the words they share, the weightiest first."""

    session_id: str
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a field's value comes from that the author did not write: `schedule`, with the file's format."""

    field: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """The summary of one talk.

    `number` counts through the whole recap, from 1. `id` is the permanent name (see `serial.identity`).
    `title` is the heading without day, time, code, kind and speaker; `heading` is the line as written.
    `starts_at` is the wall clock as written, `HH:MM`; so is `ends_at`. `line` is where the heading stands, from 1.
    `language` is a tag as in BCP 47; `level` is the conference's own word for how hard the talk is. `added` names
    each field that comes from a schedule.
    """

    number: int
    id: str
    title: str
    heading: str
    kind: Kind = "talk"
    track: str | None = None
    group: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    room: str | None = None
    code: str | None = None
    language: str | None = None
    level: str | None = None
    speakers: tuple[str, ...] = ()
    url: str | None = None
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    added: tuple[Provenance, ...] = ()
    prose: Prose = NOTHING
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One conference day. `label` is the author's word for it, `""` where the recap has no days."""

    number: int
    label: str = ""
    date: dt.date | None = None
    introduction: Prose = NOTHING
    sessions: tuple[Session, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the author says at the end; `heading` is None where it has none."""

    heading: str | None = None
    prose: Prose = NOTHING
    line: int = 0


NO_CLOSING = Closing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A line that is part of no text a reader gets, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a human should check in a reading.

    `line` is the recap's; `beside` the path of a file of corrections and a line of it, where it is about that one.
    """

    rule: str
    severity: Severity
    line: int
    message: str
    beside: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a recap was read from: its path as given and the SHA-256 of its bytes, in hex."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """An article as structure: introduction, days with sessions, closing, and what was left out.

    Every non-space character of the input's text stands in exactly one of title, introduction, day
    introduction, session, closing or `dropped`. `written_on` is the article's own date where it says one,
    `tags` are those that its author gave it as a whole.
    """

    title: str
    language: str
    format: Format
    source: Source
    introduction: Prose = NOTHING
    days: tuple[Day, ...] = ()
    closing: Closing = NO_CLOSING
    dropped: tuple[Dropped, ...] = ()
    findings: tuple[Finding, ...] = ()
    written_on: dt.date | None = None
    tags: tuple[str, ...] = ()

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Return every session of every day, in reading order."""
        return tuple(session for day in self.days for session in day.sessions)
