"""People's own runs: what is due of them, what somebody wishes of theirs, and what comes when."""

import datetime as dt

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription
from cnddigest.usecases import replays
from cnddigest.wiring.cabinet import Cabinet


class Replays:
    """The Replays of a publication."""

    def __init__(self, cabinet: Cabinet) -> None:
        """Take what is open."""
        self._cabinet = cabinet

    def advance(self, *, now: dt.datetime) -> int:
        """Queue what is due of people's own runs; return how many runs that brought further."""
        if not self._cabinet.is_there:
            return 0
        with self._cabinet.public() as public:
            return replays.advance(self._cabinet.audience, public, now=now)

    def next_at(self) -> dt.datetime | None:
        """Return when a run is to be looked at next; None where none is."""
        return self._cabinet.audience.next_turn() if self._cabinet.is_there else None

    def change(self, number: int, wish: replays.Wish, *, now: dt.datetime) -> Listener | None:
        """Do what somebody wishes of their own run; raises WrongUse where that can't be."""
        with self._cabinet.public() as public:
            return replays.change(self._cabinet.audience, public, number, wish, now=now)

    def calendar(self, subscription: Subscription, *, now: dt.datetime) -> tuple[replays.Date, ...]:
        """Return a run's Parts, those that are there and those to come."""
        with self._cabinet.public() as public:
            return replays.calendar(public, subscription, now=now)
