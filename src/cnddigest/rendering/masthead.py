"""What stands the same on every page, feed and Issue of a Serial, and how a page names one beside it."""

import datetime as dt
from dataclasses import dataclass

from cnddigest.serial.model import Attribution, Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """A Serial as its readers see it.

    `title` and `language` are those of the Serial (the recap's, unless the configuration says otherwise);
    the interface speaks `publication.language`. `parts` and `sessions` are how many there will be in all.
    `first_on` and `last_on` bound the conference, `written_on` is when the recap was written; None if unknown.
    `tags` are those that its author gave the whole recap.
    """

    publication: Publication
    slug: str
    title: str
    language: str
    attribution: Attribution
    parts: int
    sessions: int
    first_on: dt.date | None = None
    last_on: dt.date | None = None
    written_on: dt.date | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A page before or after another: its title, and its path in the Serial's folder (`parts/2.html`)."""

    title: str
    path: str
