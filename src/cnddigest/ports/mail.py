"""What the verbs need for mail: a Ledger that knows who got what, and a Transport that hands messages over."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from cnddigest.delivery.model import Attempt, Claim, Envelope, IssueName, Key, Settled, Sought, Swept, Traced
from cnddigest.delivery.pace import Pace
from cnddigest.rendering.issue import Issue

# Where the far side can be looked at after a crash: whether a message that had begun is there, None if that can't be
# told. It is asked within a transaction of the Ledger, and must not use it.
Arrived = Callable[[IssueName, Key], bool | None]


def nobody_knows(_: IssueName, __: Key) -> bool | None:
    """Answer for a relay."""
    return None


class Ledger(Protocol):
    """The account of Deliveries. Each method is one transaction; threads and processes may share it.

    Raises RecordBusy when another process holds the record too long, BadRecord or WorkFailed when it can't be used.
    """

    def claim(
        self, *, lease: str, now: dt.datetime, until: dt.datetime, count: int, serial: str | None = None
    ) -> Claim:
        """Take at most `count` Deliveries that are due, oldest first, under a lease that ends at `until`.

        Durable when it returns. Those who left or are suppressed are marked so instead, and counted.
        """
        ...

    def step(self, *, lease: str, settled: Sequence[Settled], begun: Sequence[Key], now: dt.datetime) -> bool:
        """Record what became of some Deliveries, and that the messages of others are about to leave.

        Survives the death of this process. Returns False when one of these is not ours any more: none must leave.
        """
        ...

    def put_back(self, keys: Iterable[tuple[Key, dt.datetime]], *, lease: str, now: dt.datetime) -> None:
        """Give back what was claimed and not begun, each due at its moment."""
        ...

    def renew(self, *, lease: str, until: dt.datetime) -> None:
        """Keep what is claimed under this lease until then."""
        ...

    def finish(self, *, lease: str) -> None:
        """Say that the work under a lease is done; what is still held stays until the lease ends."""
        ...

    def sweep(
        self, *, now: dt.datetime, hold: bool, serial: str | None = None, arrived: Arrived = nobody_knows
    ) -> Swept:
        """Settle every claim whose lease ended: what had not begun is queued, the rest is what `arrived` says.

        What is in doubt is due again at once, or held for the publisher to decide. With `serial`, other Serials'
        claims stay as they are.
        """
        ...

    def take_pace(self, name: str, change: Callable[[Pace], Pace]) -> None:
        """Change the state of a rate that all processes share; nobody else does so meanwhile."""
        ...

    def paced(self) -> frozenset[str]:
        """Return the names that have a rate's state: the relay, or domains that asked us to be slower."""
        ...

    def issue(self, number: int) -> IssueName:
        """Return what an Issue is, by its number."""
        ...

    def find_issue(self, serial: str, run: str, part: int) -> int | None:
        """Return the number of a Part's Issue, None when it was never released."""
        ...

    def text(self, number: int) -> Issue | None:
        """Return an Issue as everybody gets it, None when it was not rendered yet."""
        ...

    def keep_text(self, number: int, issue: Issue) -> Issue:
        """Keep it, and return what is kept: the first one stays."""
        ...

    def waiting(self, serial: str | None = None) -> int:
        """Return how many Deliveries wait or are under way."""
        ...

    def next_due(self) -> dt.datetime | None:
        """Return when the next Delivery is due, None when none waits."""
        ...

    def waiting_since(self, *, now: dt.datetime) -> dt.datetime | None:
        """Return since when a Delivery that is due waits, None when none does; nearly so where thousands do."""
        ...

    def deliveries(self, sought: Sought, *, now: dt.datetime) -> Iterator[Traced]:
        """Yield the account, person by person, as of one moment."""
        ...

    def received(self, subscription: int) -> list[Traced]:
        """Return what went, or is to go, to one Subscription, oldest first; what is under way counts as queued."""
        ...

    def tally(self, *, now: dt.datetime) -> Mapping[str, Mapping[str, int]]:
        """Return how many Deliveries of Issues have each status, by Serial."""
        ...

    def doubted(self) -> Mapping[str, int]:
        """Return how many Deliveries of Issues were in doubt and wait to be sent again, by Serial."""
        ...

    def requeue(self, keys: Iterable[Key], *, now: dt.datetime) -> int:
        """Queue these once more, because somebody asked for it; return how many that changed."""
        ...

    def bounced(self, key: Key, *, reply: str, now: dt.datetime) -> bool:
        """Mark a Delivery as come back for good; return whether it was out."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...


class Feed(Protocol):
    """What one connection of a Transport sends: Envelopes, and an ear for what came of each."""

    def pause(self) -> float | None:
        """Return the seconds until something may be sent, 0 for now; None when there is nothing more."""
        ...

    def __iter__(self) -> Iterator[Envelope]:
        """Yield what may leave without a pause.

        Asking for the next one is a promise about the one before: it was answered, or its text leaves once `commit`
        returned. What a Feed knows by then is recorded there.
        """
        ...

    def answer(self, attempt: Attempt) -> None:
        """Take what came of an Envelope: exactly once for each, and soon."""
        ...

    def close(self) -> None:
        """Record what is known; an Envelope that was not answered and was not followed by another never left."""
        ...


class Transport(Protocol):
    """The far side of sending."""

    def run(self, feeds: Callable[[], Feed], commit: Callable[[], None]) -> None:
        """Send all there is, each connection from a Feed of its own, and close every Feed.

        All in one thread. `commit` records what the Feeds know; it comes before each text, once for several.
        Raises TransportRefused when the far side can't be used at all, after everything in flight is answered.
        """
        ...
