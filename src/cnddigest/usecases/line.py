"""One connection's share of a run: what it sends next, and what is recorded before that leaves."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from cnddigest.delivery.model import Attempt, Claimed, Envelope, Fate, Key, Reply, Settled, Status
from cnddigest.delivery.pace import RELAY, UNASKED, Pace, slowed, taken
from cnddigest.delivery.retry import said, settled
from cnddigest.errors import CndDigestError, TransportRefused
from cnddigest.usecases.post import Post
from cnddigest.usecases.supply import Supply

SECOND = dt.timedelta(seconds=1)
NEAR = 2 * SECOND  # a turn no farther away is waited for; for a later one the Delivery is given back
MENDING = dt.timedelta(minutes=5)  # until an Issue that could not be rendered is tried again
GREY = re.compile("gr[ae]y.?list", re.IGNORECASE)
TOO_MUCH = "4.7."  # RFC 3463: the far side defends itself against how much we send


class Line:
    """A Feed: Envelopes for one connection.

    When the connection asks for the next Envelope, the previous one's text is about to leave: the next commit records
    what is known by then, and that this one begins.
    """

    def __init__(self, post: Post, supply: Supply) -> None:
        """Begin with nothing."""
        self._post = post
        self._supply = supply
        self._held: Claimed | None = None  # taken, to be sent at its turn
        self._turn = post.exact()
        self._open: dict[Key, Claimed] = {}  # handed out, not answered
        self._waiting: Key | None = None  # the one of them whose text has not left

    def pause(self) -> float | None:
        """Take what comes next, and say how long its turn is away."""
        while self._held is None:
            claimed = self._supply.next()
            if claimed is None:
                return None
            self._hold(claimed)
        return max(0.0, (self._turn - self._post.exact()) / SECOND)

    def __iter__(self) -> Iterator[Envelope]:
        """Yield what may leave without a pause."""
        while claimed := self._held or self._supply.next():
            if self._held is None and self._is_paced(claimed):
                self._hold(claimed)
                if self._held:
                    break
                continue
            self._held = None
            envelope = self._composed(claimed)
            if envelope:
                self._step()
                self._open[claimed.key] = claimed
                self._waiting = claimed.key
                yield envelope
        self._step()

    def _composed(self, claimed: Claimed) -> Envelope | None:
        """Return a person's message; one that can't be written is set aside with the reason.

        An Issue that can't be rendered waits until somebody has mended it, and stops no other one.
        """
        try:
            return self._post.compose(claimed)
        except CndDigestError as error:
            self._put_back(claimed, self._post.clock() + MENDING)
            self._supply.tell(error)
            return None
        except ValueError as error:
            reason = f"can't be written: {error}"
            self._record(
                Settled(key=claimed.key, status=Status.FAILED, due_at=self._post.clock(), reply=reason), claimed
            )
            return None

    def _step(self) -> None:
        if self._waiting:
            self._supply.begin(self._waiting)
            self._waiting = None

    def answer(self, attempt: Attempt) -> None:
        """Take what came of an Envelope; it is recorded with the next commit, or by `close`."""
        claimed = self._open.pop(attempt.key)
        if self._waiting == attempt.key:
            self._waiting = None  # refused before its text could leave
        attempt = self._judged(attempt)
        chance = self._post.chance()
        found = settled(attempt, claimed, self._post.patience, now=self._post.clock(), chance=chance)
        self._record(found, claimed)
        if found.status is Status.FAILED:
            self._supply.give_up(attempt)
        if attempt.fate is Fate.RELAY:
            self._supply.end(TransportRefused(f"relay refused to go on: {said(attempt)}"))
        if attempt.fate is Fate.LATER and _too_much(attempt.reply):
            self._post.ledger.take_pace(_domain(claimed), lambda pace: slowed(pace, self._post.exact()))

    def _judged(self, attempt: Attempt) -> Attempt:
        """Believe that a text is refused for its own sake when a second reader's is refused too."""
        if attempt.fate is not Fate.CONTENT:
            return attempt
        again = self._supply.text_refused(attempt.key.issue)
        return replace(attempt, fate=Fate.RELAY if again else Fate.NEVER)

    def _record(self, found: Settled, claimed: Claimed) -> None:
        self._supply.settle(found, claimed.address)

    def close(self) -> None:
        """Record what is known, and give back what was not begun."""
        if self._held:
            self._put_back(self._held, self._post.clock())
            self._held = None
        if self._waiting:  # its text never left
            self._put_back(self._open.pop(self._waiting), self._post.clock())
            self._waiting = None
        self._supply.commit()

    def _put_back(self, claimed: Claimed, due_at: dt.datetime) -> None:
        self._post.ledger.put_back([(claimed.key, due_at)], lease=self._post.lease, now=self._post.clock())

    # Rates

    def _is_paced(self, claimed: Claimed) -> bool:
        rates = self._post.rates
        return bool(rates.relay) or _domain(claimed) in rates.domains or _domain(claimed) in self._supply.paced

    def _hold(self, claimed: Claimed) -> None:
        """Keep a Delivery for its turn; where that is too far away, it is given back until then."""
        rates, domain, now = self._post.rates, _domain(claimed), self._post.exact()
        turn = now
        if domain in rates.domains or domain in self._supply.paced:
            per_second = rates.domains.get(domain, UNASKED)
            turn = self._turn_of(domain, per_second, now, patience=NEAR)
            if turn > now + NEAR:
                later = turn - now + self._supply.behind(domain) / per_second * SECOND
                self._put_back(claimed, self._post.clock() + later)
                return
        if rates.relay:
            turn = max(turn, self._turn_of(RELAY, rates.relay, now))
        self._held, self._turn = claimed, turn

    def _turn_of(
        self, name: str, per_second: float, now: dt.datetime, *, patience: dt.timedelta = dt.timedelta.max
    ) -> dt.datetime:
        """Return when the next message may leave; its turn is taken only where that is soon enough."""
        turn = now

        def take(pace: Pace) -> Pace:
            nonlocal turn
            turn, after = taken(pace, per_second, now)
            return after if turn - now <= patience else pace

        self._post.ledger.take_pace(name, take)
        return turn


def _too_much(reply: Reply) -> bool:
    """Say whether a host defends itself against how much we send; greylisting is about one reader's first message."""
    return reply.enhanced.startswith(TOO_MUCH) and not GREY.search(reply.text)


def _domain(claimed: Claimed) -> str:
    return claimed.address.rpartition("@")[2].lower()
