"""What searching needs: an index of released Sessions that follows the record, and can be made anew from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cnddigest.search.model import Query, Searchable

Place = tuple[str, int]  # a Serial's slug and a Part's number


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A Part's Sessions as they go into the index. `digest` is the Part's: two equal ones are the same text."""

    serial: str
    part: int
    digest: str
    sessions: tuple[Searchable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """How many Sessions were found in all, and some of them."""

    total: int
    sessions: tuple[Searchable, ...] = ()


class SearchIndex(Protocol):
    """Sessions by their words. Each method is one transaction.

    It holds nothing that the record does not: losing it costs the time to make it. Several processes may share one.
    """

    def revision(self) -> int:
        """Return which revision of the record it shows, -1 where that is unknown."""
        ...

    def shelves(self) -> Mapping[Place, str]:
        """Return the digest of each Part that is in it."""
        ...

    def follow(self, revision: int, *, changed: Iterable[Shelved] = (), gone: Iterable[Place] = ()) -> None:
        """Put Parts in, each in the place of what it was before, and take others out: all of it or nothing."""
        ...

    def find(self, query: Query, *, serials: Iterable[str], first: int, count: int) -> Hits:
        """Return at most `count` Sessions of these Serials in which every Term stands, from `first` (0) on.

        The best first: one that stands in a title counts more, and of equals the newest Part, then the first in it.
        A query without Terms finds nothing.
        """
        ...

    def close(self) -> None:
        """Give it back."""
        ...
