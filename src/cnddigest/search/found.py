"""What a search found, ready to be shown: Sessions with the words that were looked for marked."""

from dataclasses import dataclass

from cnddigest.search.marks import Piece
from cnddigest.search.model import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A Session that was found. `path` is below the publication's address; texts come in pieces."""

    serial: str
    part: int
    session_id: str
    path: str
    title: tuple[Piece, ...]
    speakers: tuple[tuple[Piece, ...], ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found. `total` counts all of it; `pages`, at least 1, are those that can be turned to."""

    query: Query
    within: str | None = None
    total: int = 0
    page: int = 1
    pages: int = 1
    hits: tuple[Hit, ...] = ()
