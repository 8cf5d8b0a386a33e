"""A text as a flat run of blocks: what every format is turned into before days and talks are looked for."""

from dataclasses import dataclass
from typing import Literal

from cnddigest.recap.model import Link

BlockKind = Literal[
    "heading",  # a heading of the format, or a line of plain text that reads like one
    "paragraph",  # running text; also a quotation or a figure's caption
    "list",  # `cells` has one row per item
    "table",  # `cells` has one row per table row, the header first
    "code",  # verbatim text
    "card",  # nothing but an address: the first one under a talk's heading is the talk's page
    "furniture",  # not the author's text: a comment form, a script, a repeated contents list
]
LineRole = Literal[
    "title",  # the recap's
    "introduction",  # a heading before the talks, with what stands under it
    "day",  # a day's label
    "session",  # a talk's heading
    "text",  # part of what it stands in
    "closing",  # the heading of the author's last words
    "drop",  # nobody's text: this line alone, not what stands under it
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A list item or table cell: its visible strings, its markup, its links, and where it stands."""

    strings: tuple[str, ...]
    html: str = ""
    links: tuple[Link, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block in reading order.

    `line` counts from 1 in the file as given, front matter included. `level` is 1 to 6 for headings, else 0.
    `strings` is the visible text, one string per paragraph, item, row or verbatim block; `html` is the whole
    block as markup nobody has cleaned yet. `reason` says of furniture why it is dropped. `margin` is how sure
    a heading guessed in plain text is: below 1 is a finding, infinite where the format says so. `role` is what
    the author's corrections say it is, whatever it looks like. `parted`: a row of stars that is not shown stands before
    it (see `breaks`).
    """

    kind: BlockKind
    line: int
    strings: tuple[str, ...] = ()
    html: str = ""
    level: int = 0
    links: tuple[Link, ...] = ()
    cells: tuple[tuple[Cell, ...], ...] = ()
    reason: str = ""
    margin: float = float("inf")
    role: LineRole | None = None
    parted: bool = False

    @property
    def text(self) -> str:
        """Return its visible text on one line."""
        return " ".join(self.strings)
