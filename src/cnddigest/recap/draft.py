"""A recap in the making: days and sessions as runs of blocks, before headings are taken apart and dates looked up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from cnddigest.recap.blocks import Block
from cnddigest.recap.corrections.model import SessionCorrection
from cnddigest.recap.days import DayMark
from cnddigest.recap.heading import Heading
from cnddigest.recap.model import Dropped, Kind, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSession:
    """A talk: its heading as written, what the place where it stands says about it, and its blocks.

    `prefixed`: the heading begins with the day. `asked`: it is a heading because its author says so. `card` is the
    block below the heading that gave `url`, where one did. `head` and `id` are the heading taken apart and the name
    made of its title; `said` is what the author's corrections say, which changes neither. `facts` are fields of the
    session that an exact text gives.
    """

    heading: str
    line: int
    prefixed: bool = False
    asked: bool = False
    margin: float = float("inf")
    kind: Kind = "talk"
    group: str | None = None
    track: str | None = None
    starts_at: str | None = None
    url: str | None = None
    card: Block | None = None
    links: tuple[Link, ...] = ()
    body: tuple[Block, ...] = ()
    head: Heading | None = None
    id: str = ""
    said: SessionCorrection | None = None
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFacts:
    """What the front matter of an exact text says of a day."""

    number: int
    date: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDay:
    """A day: its label (`""` where the text has no days), what the label says, and its sessions.

    Nothing is guessed of a day that has `facts`.
    """

    label: str = ""
    mark: DayMark | None = None
    facts: DayFacts | None = None
    line: int = 0
    introduction: tuple[Block, ...] = ()
    sessions: tuple[DraftSession, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One file, read. `farewell` is a text that may be its closing, and stands in its last session."""

    title: str = ""
    introduction: tuple[Block, ...] = ()
    days: tuple[DraftDay, ...] = ()
    closing_heading: str | None = None
    closing_line: int = 0
    closing: tuple[Block, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    farewell: Block | None = None


def numbers(days: Sequence[DraftDay]) -> list[int]:
    """Return the numbers that the days' labels say where these count upwards, else their places."""
    said = [
        day.mark.number if day.mark and day.mark.number is not None else place
        for place, day in enumerate(days, start=1)
    ]
    return said if said == sorted(set(said)) else list(range(1, len(days) + 1))
