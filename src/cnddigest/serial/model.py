"""The Serial, its Parts, and the Releases they become."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from cnddigest.recap.model import NO_CLOSING, NOTHING, Closing, Prose, Session

Every = str | int | tuple[int, ...] | dt.timedelta  # a rhythm, as Cadence says it
ORIGINAL = "original"  # the Every that keeps the gaps of the conference itself
MAIN = "main"  # the run that is the public timeline of a Serial


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """The sessions of one conference day that stand in one Part.

    `introduction` is the day's, in the Part where the day begins, and nothing in a later one.
    """

    label: str
    date: dt.date | None = None
    introduction: Prose = NOTHING
    sessions: tuple[Session, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A session that a Part names or relates to one of its own: what it is called, and in which Part it stands."""

    session_id: str
    title: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The slice of a recap that is released at once. It has a number and no date.

    The recap's introduction belongs to the first Part, its closing to the last. `mentioned` are sessions of the whole
    Serial, also of Parts that are not out: whoever shows one asks for its `part` first.
    """

    number: int
    title: str
    introduction: Prose = NOTHING
    chapters: tuple[Chapter, ...] = ()
    closing: Closing = NO_CLOSING
    mentioned: tuple[Mention, ...] = ()

    @property
    def id(self) -> str:
        """Return the permanent name inside its run, `part-3`."""
        return f"part-{self.number}"

    @property
    def day(self) -> str:
        """Return the label of the conference day it begins in, `""` without days."""
        return self.chapters[0].label if self.chapters else ""

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Return its sessions in reading order."""
        return tuple(session for chapter in self.chapters for session in chapter.sessions)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEntry:
    """A session as an Entry of the sessions feed: one second apart in reading order, the last at the Part's moment."""

    session_id: str
    published_at: dt.datetime
    updated_at: dt.datetime
    withdrawn: bool = False  # it vanished from the recap after its release: its Entry stays as it was


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A Part with its moment (`release_at`), then a fact (`released_at`).

    `planned_at` is when the plan has it, where that is another moment: it was brought forward by hand, or had to come
    behind one that was. What follows is counted from there. `updated_at` is the moment of the last real edit,
    `release_at` before any. `entries` are in the order of the Part's sessions. Instants are aware UTC in whole seconds.
    """

    serial: str
    run: str = MAIN
    part: Part
    release_at: dt.datetime
    planned_at: dt.datetime | None = None
    released_at: dt.datetime | None = None
    updated_at: dt.datetime
    entries: tuple[SessionEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who wrote the article a recap is taken from, where it stands, and under which licence."""

    author: str = ""
    url: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """The rule of when Parts go out; field by field as in `[serials.NAME.cadence]`.

    `every` is `"day"`, `"weekday"`, `"original"`, a tuple of weekdays (0 is Monday), so many days, or an interval.
    `start` is a date, or None for "first-publish". `at` is wall clock in `timezone`.
    """

    timezone: ZoneInfo
    parts: str | int = "day"  # "day" | "session" | that many sessions per Part
    start: dt.date | None = None
    at: dt.time = dt.time(8, 0)
    every: Every = "day"
    skip: frozenset[dt.date] = frozenset()
    catch_up: str = "all"  # "all" | "one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """One recap replayed: the publication people follow. `title` is None where the recap's own is used.

    `recaps` and `schedules` are files; those of each kind are read together.
    """

    slug: str
    recaps: tuple[str, ...]
    schedules: tuple[str, ...] = ()
    title: str | None = None
    cadence: Cadence
    attribution: Attribution = field(default_factory=Attribution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A folder of Serials under one address. `base_url` ends with a slash; every public link starts with it.

    `posters` says what has a picture to be shown beside links; `hubs` are the addresses where a reader can ask to be
    told of what is new (WebSub).
    """

    title: str
    base_url: str
    language: str
    timezone: ZoneInfo
    publisher_name: str = ""
    publisher_email: str = ""
    publisher_address: str = ""
    posters: str = "part"  # "part" | "serial" | "none"
    serials: tuple[Serial, ...] = ()
    hubs: tuple[str, ...] = ()
