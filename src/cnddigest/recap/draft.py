"""A recap in the making: days and sessions as runs of blocks, before headings are taken apart and dates looked up."""

from dataclasses import dataclass

from cnddigest.recap.blocks import Block
from cnddigest.recap.days import DayMark
from cnddigest.recap.model import Dropped, Kind, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSession:
    """A talk: its heading as written, what the place where it stands says about it, and its blocks.

    `prefixed`: the heading begins with the day.
    """

    heading: str
    line: int
    prefixed: bool = False
    margin: float = float("inf")
    kind: Kind = "talk"
    group: str | None = None
    track: str | None = None
    starts_at: str | None = None
    url: str | None = None
    links: tuple[Link, ...] = ()
    body: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDay:
    """A day: its label (`""` where the text has no days), what the label says, and its sessions."""

    label: str = ""
    mark: DayMark | None = None
    line: int = 0
    introduction: tuple[Block, ...] = ()
    sessions: tuple[DraftSession, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One file, read."""

    title: str = ""
    introduction: tuple[Block, ...] = ()
    days: tuple[DraftDay, ...] = ()
    closing_heading: str | None = None
    closing_line: int = 0
    closing: tuple[Block, ...] = ()
    dropped: tuple[Dropped, ...] = ()
