"""What the preview shows: Serials with their Parts, the lines of their recaps, and a sample of the mail."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from cnddigest.recap.model import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A Part, the moment at which it goes out, or went, and the path of its page."""

    number: int
    title: str
    day: str
    sessions: tuple[str, ...]
    release_at: dt.datetime
    is_out: bool
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedFile:
    """A document of a Serial's feeds: `format` is `rss`, `atom` or `json`."""

    format: str
    sessions: bool
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a line of a recap was understood as; `text` is the title as readers see it, or why it was left out."""

    kind: str  # "day" | "talk" and the other kinds of a session | "closing" | "dropped"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a recap as its author wrote it, from 1."""

    number: int
    text: str
    marks: tuple[Mark, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A file of a recap, line by line."""

    path: str
    lines: tuple[Line, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return those that stand beside a line of it."""
        return tuple(finding for line in self.lines for finding in line.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A Serial as it was built.

    `archive` and `front` are paths of pages. `findings` are those of the whole recap, which belong to no line of one
    file.
    """

    slug: str
    title: str
    language: str
    parts: tuple[PartLine, ...]
    archive: str
    front: str
    feeds: tuple[FeedFile, ...]
    manuscripts: tuple[Manuscript, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def count(self) -> int:
        """Return how many findings there are."""
        return len(self.findings) + sum(len(each.findings) for each in self.manuscripts)

    def feed(self, form: str, *, sessions: bool) -> str:
        """Return the path of a feed, `""` for a format there is not."""
        return next((each.path for each in self.feeds if (each.format, each.sessions) == (form, sessions)), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A length in octets, against the most that is shown of it; None where nothing counts it."""

    name: str
    octets: int
    most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The message that a made-up reader would get of a Part.

    `fields` are its header fields as people read them, `source` the same as they are sent. `pieces` say how long what
    of it is; `is_shortened` that not all of the Part found room.
    """

    fields: tuple[tuple[str, str], ...]
    source: str
    html: str
    text: str
    pieces: tuple[Piece, ...]
    is_shortened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why the last change could not be shown, as a terminal says it: a sentence, and perhaps a hint."""

    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An Entry as a feed reader has it."""

    title: str
    url: str
    published: str
    language: str
    html: str = field(repr=False)


Files = Mapping[str, bytes]  # the output folder, by path
