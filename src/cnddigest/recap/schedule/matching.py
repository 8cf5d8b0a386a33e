"""The talks of a schedule found among the sessions of a recap.

The strongest evidence decides first; each kind looks only at what the ones before left over, and pairs only where
one session and one talk have it:

    the talk's page         its address, a code or number in the session's own address, then in its links
    an equal title          blanks and letter case aside; of several the one of that day and time, or by those speakers
    nearly the same title   ratio of 0.92 and more, 0.08 ahead of the next on either side, numbered alike
    speakers and start      the same people at the same time of the same day

Time grows with the length of recap and schedule: titles are compared one by one only where they share rare letters.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cnddigest.recap.model import Recap, Session
from cnddigest.recap.schedule import evidence, likeness
from cnddigest.recap.schedule.evidence import Evidence
from cnddigest.recap.schedule.likeness import squeezed
from cnddigest.recap.schedule.model import ScheduleEvent

By = Literal["url", "title", "fuzzy", "speaker and start"]
Keys = Callable[[Evidence], Iterable[Hashable]]
Ranks = Sequence[tuple[float, int]]  # how alike, the best first and therefore negative, and whom

# Measured on 365 pairs of titles of different talks and on edited ones; the same numbers as for edited recaps.
ALIKE, AHEAD = 0.92, 0.08
SHOWN = 3  # candidates of a doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A session with its talk, and by which evidence."""

    session: Session
    event: ScheduleEvent
    by: By


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A session without a clear talk: those that it might be, the likeliest first."""

    session: Session
    candidates: tuple[ScheduleEvent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What became of sessions and talks, each in its own order.

    `ambiguous` may be one of their candidates and nobody can say which; the candidates of `unmatched` are only the
    nearest titles there are. `left_over` are the talks that nobody wrote about.
    """

    matches: tuple[Match, ...] = ()
    ambiguous: tuple[Doubt, ...] = ()
    unmatched: tuple[Doubt, ...] = ()
    left_over: tuple[ScheduleEvent, ...] = ()


def match(recap: Recap, events: Sequence[ScheduleEvent]) -> Matching:
    """Find the talk of each session; a talk belongs to one session at most."""
    search = _Search(recap, events)
    search.by_page()
    search.by_title()
    doubts = search.by_likeness()
    search.by_speakers()
    return search.result(doubts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidates:
    """Talks a session may be: those that can't be told apart, and those merely near."""

    alike: tuple[int, ...] = ()
    near: tuple[int, ...] = ()


NOBODY = _Candidates()


class _Search:
    """Places of sessions and talks: paired ones, and those still left on either side."""

    def __init__(self, recap: Recap, events: Sequence[ScheduleEvent]) -> None:
        placed = [(session, day) for day in recap.days for session in day.sessions if session.kind != "section"]
        self.sessions = [session for session, _ in placed]
        self.events = events
        self.of_session = [evidence.of_session(session, day) for session, day in placed]
        self.of_event = [evidence.of_event(event) for event in events]
        self.sessions_left, self.events_left = set(range(len(placed))), set(range(len(events)))
        self.found: dict[int, tuple[int, By]] = {}

    def by_page(self) -> None:
        """Pair by addresses; the title decides where several sessions name one page."""
        self._pair("url", Evidence.of_page)
        self._pair("url", Evidence.of_page_alone)
        self._pair("url", Evidence.of_named)
        self._pair("url", Evidence.of_named_alone)

    def by_title(self) -> None:
        """Pair equal titles, the closer agreement first."""
        self._pair("title", Evidence.of_title_and_time)
        self._pair("title", Evidence.of_title_and_people)
        self._pair("title", Evidence.of_title_and_day)
        self._pair("title", Evidence.of_title_and_start)
        self._pair("title", Evidence.of_title)

    def by_speakers(self) -> None:
        """Pair the same people at the same time."""
        self._pair("speaker and start", Evidence.of_people_and_time)

    def by_likeness(self) -> dict[int, _Candidates]:
        """Pair titles that are nearly the same, and return what else the sessions left might be."""
        mine = {i: squeezed(self.sessions[i].title) for i in self.sessions_left if self.sessions[i].kind != "event"}
        theirs = {j: squeezed(self.events[j].title) for j in self.events_left}
        found = list(likeness.ratios(mine, theirs))
        # `… (1)` and `… (2)` are two talks: one with another number is not the same, and no rival of one that is.
        parts = {i: likeness.parts(self.sessions[i].title) for i in mine}
        same = [(i, j, value) for i, j, value in found if parts[i] == likeness.parts(self.events[j].title)]
        of_event = _ranked((j, i, value) for i, j, value in same)
        for i, ranks in _ranked(same).items():
            rivals = of_event[ranks[0][1]]
            if -ranks[0][0] >= ALIKE and rivals[0][1] == i and _is_ahead(ranks) and _is_ahead(rivals):
                self._take(i, ranks[0][1], "fuzzy")
        return {i: _sorted_out(ranks) for i, ranks in _ranked(found).items() if i in self.sessions_left}

    def result(self, doubts: Mapping[int, _Candidates]) -> Matching:
        """Return what was found and what is left."""
        talks = [i for i in sorted(self.sessions_left) if self.sessions[i].kind != "event"]
        ambiguous = [doubt for i in talks if (doubt := self._doubt(i, doubts.get(i, NOBODY).alike)).candidates]
        named = {doubt.session.number for doubt in ambiguous}
        unmatched = [self._doubt(i, doubts.get(i, NOBODY).near) for i in talks if self.sessions[i].number not in named]
        possible = {id(event) for doubt in ambiguous for event in doubt.candidates}
        left = (self.events[j] for j in sorted(self.events_left))
        return Matching(
            matches=tuple(
                Match(session=self.sessions[i], event=self.events[j], by=by)
                for i, (j, by) in sorted(self.found.items())
            ),
            ambiguous=tuple(ambiguous),
            unmatched=tuple(unmatched),
            left_over=tuple(event for event in left if id(event) not in possible),
        )

    def _doubt(self, i: int, candidates: Iterable[int]) -> Doubt:
        free = [self.events[j] for j in candidates if j in self.events_left]
        return Doubt(session=self.sessions[i], candidates=tuple(free[:SHOWN]))

    def _pair(self, by: By, keys: Keys) -> None:
        """Pair what has a key that one session and one talk have."""
        having: dict[Hashable, set[int]] = {}
        for j in self.events_left:
            for key in keys(self.of_event[j]):
                having.setdefault(key, set()).add(j)
        claims = {i: _claimed(keys(self.of_session[i]), having) for i in self.sessions_left}
        claimed = Counter(j for events in claims.values() for j in events)
        for i, events in sorted(claims.items()):
            if len(events) == 1 and claimed[j := next(iter(events))] == 1:
                self._take(i, j, by)

    def _take(self, i: int, j: int, by: By) -> None:
        self.found[i] = (j, by)
        self.sessions_left.remove(i)
        self.events_left.remove(j)


def _claimed(keys: Iterable[Hashable], having: Mapping[Hashable, set[int]]) -> set[int]:
    """Return the talks that have one of these keys; what very many talks have says nothing."""
    known = (having.get(key, set()) for key in keys)
    return {j for events in known if len(events) <= likeness.COMMON for j in events}


def _ranked(found: Iterable[tuple[int, int, float]]) -> dict[int, Ranks]:
    """Return the second ones of each first, the likeliest first, the earlier of equal ones first."""
    ranks: dict[int, list[tuple[float, int]]] = {}
    for one, other, value in found:
        ranks.setdefault(one, []).append((-value, other))
    return {one: sorted(ranks[one]) for one in sorted(ranks)}


def _is_ahead(ranks: Ranks) -> bool:
    return len(ranks) < 2 or ranks[1][0] - ranks[0][0] >= AHEAD


def _sorted_out(ranks: Ranks) -> _Candidates:
    """Tell the talks that a session may well be from those that are merely near."""
    best = -ranks[0][0]
    alike = [j for value, j in ranks if best >= ALIKE and -value > best - AHEAD]
    return _Candidates(alike=tuple(alike), near=tuple(j for _, j in ranks))
