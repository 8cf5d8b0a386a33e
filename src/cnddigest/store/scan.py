"""Searching without an index: every Session is looked through, each time. For tests, and to read what a hit is."""

from collections.abc import Iterable, Mapping

from cnddigest.ports.search import Hits, Place, Shelved
from cnddigest.search.marks import matches
from cnddigest.search.model import Query, Searchable
from cnddigest.search.spelling import tokens

WEIGHTS = (10, 5, 1)  # of title, speakers and text, as in sql/index/queries.sql


class Scan:
    """A SearchIndex that ends with its process."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._revision = -1
        self._shelves: dict[Place, Shelved] = {}

    def revision(self) -> int:
        """Return what was said last."""
        return self._revision

    def shelves(self) -> Mapping[Place, str]:
        """Return the digests."""
        return {place: shelved.digest for place, shelved in self._shelves.items()}

    def follow(self, revision: int, *, changed: Iterable[Shelved] = (), gone: Iterable[Place] = ()) -> None:
        """Build anew first, and put it in place last."""
        left = set(gone)
        kept = {place: shelved for place, shelved in self._shelves.items() if place not in left}
        self._shelves = kept | {(shelved.serial, shelved.part): shelved for shelved in changed}
        self._revision = revision

    def find(self, query: Query, *, serials: Iterable[str], first: int, count: int) -> Hits:
        """Look at each Session."""
        wanted = set(serials)
        found = [
            (score, session)
            for shelved in self._shelves.values()
            if shelved.serial in wanted
            for session in shelved.sessions
            if (score := _score(session, query))
        ]
        found.sort(key=lambda each: (-each[0], -each[1].part, each[1].serial, each[1].position))
        return Hits(total=len(found), sessions=tuple(session for _, session in found[first : first + count]))

    def close(self) -> None:
        """Give nothing back: it ends with the process."""


def _score(session: Searchable, query: Query) -> int:
    """Return how much is found, weighed; 0 where a Term is found nowhere."""
    spelled = [tokens(field) for field in session.fields]
    scores = [
        sum(weight * sum(1 for _ in matches(words, term)) for words, weight in zip(spelled, WEIGHTS, strict=True))
        for term in query.terms
    ]
    return sum(scores) if all(scores) else 0
