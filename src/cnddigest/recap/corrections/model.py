"""What an author says about a reading: which line is what, and what is so of which session."""

from collections.abc import Iterable
from dataclasses import dataclass

from cnddigest.recap.blocks import LineRole
from cnddigest.recap.model import Finding, Kind, Link

SHOWN = 60  # characters of a match that a finding shows


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCorrection:
    """What one line or heading is. `match` is its beginning; `at` is the entry's own line in its file."""

    match: str
    role: LineRole
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCorrection:
    """What is so of one session, None where nothing is said; `""` says that there is none.

    `match` is its title, heading or id as read from the text. `starts_at` and `ends_at` are wall clock, `HH:MM`.
    `day` is the number of the day it belongs to. `drop` leaves it out; `merge_into` appends its text to another
    session, `after` puts it behind another one: both name that session as `match` does.
    """

    match: str
    title: str | None = None
    url: str | None = None
    speakers: tuple[str, ...] | None = None
    track: str | None = None
    room: str | None = None
    kind: Kind | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    day: int | None = None
    links: tuple[Link, ...] | None = None
    drop: bool = False
    merge_into: str | None = None
    after: str | None = None
    at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """One file of corrections, as read; `path` names it in findings."""

    path: str = ""
    lines: tuple[LineCorrection, ...] = ()
    sessions: tuple[SessionCorrection, ...] = ()


def stale(corrections: Corrections, at: int, problem: str, match: str, *, line: int = 1) -> Finding:
    """Return the finding about a correction that can't be made; `line` is the recap's."""
    words = " ".join(match.split())
    shown = words if len(words) <= SHOWN else words[: SHOWN - 1] + "…"
    message = f"{problem} ({corrections.path}, line {at}): {shown}"
    return Finding(
        rule="stale-correction", severity="warning", line=line, message=message, beside=(corrections.path, at)
    )


def enumerated(numbers: Iterable[int], most: int = 3) -> str:
    """Return line numbers as people say them: `3 and 9`, `3, 9, 12 and more`."""
    found = sorted(set(numbers))
    shown = list(map(str, found[:most]))
    last = "more" if len(found) > most else shown.pop()
    return f"{', '.join(shown)} and {last}" if shown else last
