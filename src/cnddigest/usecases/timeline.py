"""A Serial's Parts as a build sees them: what is out, what comes next, and how it looks one release later."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cnddigest.ports.record import Headline, SessionHeadline, Store, Totals

Numbered = tuple[int, SessionHeadline]  # a released session and its Part's number


class Timeline:
    """What is out, read from the record as far as it is asked for."""

    def __init__(self, store: Store, slug: str, *, ahead: tuple[Headline, ...] = ()) -> None:
        """Look at a Serial; `ahead` are planned Parts that count as out."""
        self._store = store
        self._slug = slug
        self._ahead = {headline.number: headline for headline in ahead}
        self._seen: dict[int, Headline] = {}
        self.totals = _changed(store.totals(slug), ahead)
        self.held = store.will(slug).held_at is not None

    def after(self, headline: Headline) -> "Timeline":
        """Return how it looks once this planned Part, the next one, is out too."""
        return Timeline(self._store, self._slug, ahead=(*self._ahead.values(), headline))

    def earlier(self, count: int) -> "Timeline":
        """Return how it looked when the last `count` Parts were not out; good for counting only."""
        last = list(self.parts(self.released - count + 1, self.released))
        line = Timeline(self._store, self._slug, ahead=tuple(self._ahead.values()))
        line.totals = _changed(self.totals, last, sign=-1)
        return line

    @property
    def released(self) -> int:
        """Return how many Parts are out; they are the first ones."""
        return self.totals.released_parts

    def part(self, number: int) -> Headline | None:
        """Return a Part that is out, None where there is none."""
        return self.planned(number) if 1 <= number <= self.released else None

    @property
    def coming(self) -> Headline | None:
        """Return the Part that comes next, None when all are out."""
        return self.planned(self.released + 1) if self.released < self.totals.parts else None

    @property
    def expected(self) -> tuple[int, dt.datetime | None] | None:
        """Return the number and the moment of the Part that comes next, as pages say it: a held one has no moment."""
        coming = self.coming
        return (coming.number, None if self.held else coming.release_at) if coming else None

    def planned(self, number: int) -> Headline:
        """Return a Part, out or not."""
        if number not in self._seen:
            if len(self._seen) > 400:  # a build walks from first to last: what lies behind is not asked for again
                self._seen.clear()
            last = min(number + 99, self.totals.parts) if number <= self.released - 100 else number
            self._seen |= {found.number: found for found in self._store.headlines(self._slug, first=number, last=last)}
        return self._ahead.get(number) or self._seen[number]

    def parts(self, first: int, last: int) -> Iterator[Headline]:
        """Yield the Parts that are out between two numbers, both included."""
        for number in range(max(first, 1), min(last, self.released) + 1):
            yield self.planned(number)

    def sessions(self, first: int, last: int) -> list[Numbered]:
        """Return released sessions by the order in which they came out, counted from 1."""
        before = self.totals.released_sessions - sum(len(h.sessions) for h in self._ahead.values())
        known = self._store.sessions(self._slug, first, min(last, before)) if first <= before else []
        fresh = [(h.number, session) for h in self._ahead.values() for session in h.sessions]
        return [*known, *fresh[max(first - before - 1, 0) : max(last - before, 0)]]


def _changed(totals: Totals, headlines: Sequence[Headline], *, sign: int = 1) -> Totals:
    sessions = [session for headline in headlines for session in headline.sessions]
    return replace(
        totals,
        released_parts=totals.released_parts + sign * len(headlines),
        released_sessions=totals.released_sessions + sign * len(sessions),
        search_size=totals.search_size + sign * sum(session.size for session in sessions),
    )
