"""Several connections that send side by side, in one thread, until there is nothing more."""

import threading
from collections.abc import Callable
from functools import partial
from itertools import chain

from cnddigest.delivery.model import Envelope, Fate
from cnddigest.delivery.retry import said
from cnddigest.errors import TransportRefused
from cnddigest.ports.mail import Feed
from cnddigest.transport.apart import run_apart
from cnddigest.transport.loop import TICK, Loop, gather, pause
from cnddigest.transport.session import Session

ALMOST = 0.02  # seconds between two looks at whether the first connection is open


class Door:
    """Opens Sessions. The first one alone: ten wrong passwords at once would lock an account."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open = open_session
        self._is_opening = False
        self._is_proved = False
        self._refusal: TransportRefused | None = None

    def open(self) -> Session:
        """Return a Session; raises TransportRefused, for all of them once the first was refused."""
        while self._is_opening:
            pause(ALMOST)
        if self._refusal:
            raise self._refusal
        if self._is_proved:
            return self._open()
        self._is_opening = True
        try:
            session = self._open()
        except TransportRefused as refusal:
            self._refusal = refusal
            raise
        finally:
            self._is_opening = False
        self._is_proved = True
        return session


def send_all(
    open_session: Callable[[], Session],
    feeds: Callable[[], Feed],
    commit: Callable[[], None],
    *,
    connections: int,
    stop: threading.Event,
) -> None:
    """Send what the Feeds hand out, each connection from one of its own, and close every Feed.

    A relay that takes fewer connections than wished is sent to over fewer. Raises TransportRefused when it takes
    none, and what a Feed raised, after everything in flight is answered. An exception in the calling thread (a
    signal) sets `stop` and passes once everything has ended.
    """
    door = Door(open_session)
    while connections:
        lines = [Line(door, feeds, stop) for _ in range(connections)]
        run_apart(partial(Loop(commit).run, [line.run for line in lines]), stop)
        for line in lines:
            if line.error:
                raise line.error
        refusals = [line.refusal for line in lines if line.refusal]
        if len(refusals) == connections:
            raise refusals[0]
        connections = connections - len(refusals) if refusals else 0


class Line:
    """One connection's work: `refusal` is why it could not be used, `error` what else ended it."""

    def __init__(self, door: Door, feeds: Callable[[], Feed], stop: threading.Event) -> None:
        self.refusal: TransportRefused | None = None
        self.error: BaseException | None = None
        self._door = door
        self._feeds = feeds
        self._stop = stop

    def run(self) -> None:
        """Send all that a Feed has; raises nothing, for nobody above would hear it."""
        try:
            feed = self._feeds()
            try:
                self.refusal = self._carry(feed)
            finally:
                feed.close()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for all of them
            self.error = error

    def _carry(self, feed: Feed) -> TransportRefused | None:
        """Send all that a Feed has, over as many Sessions as it takes, one at a time.

        Return why the last one could not be used: then an Envelope may be left that never left. Raises
        TransportRefused after an Attempt whose fate is RELAY: whoever sends next would hear the same.
        """
        carried: Envelope | None = None
        while carried or self._has_more(feed):
            try:
                session = self._door.open()
            except TransportRefused as refusal:
                return refusal
            with session:
                while session.lasts and (carried or self._has_more(feed)):
                    for attempt in session.deliver(chain([carried], feed) if carried else feed, gather):
                        feed.answer(attempt)
                        if attempt.fate is Fate.RELAY:
                            raise TransportRefused(f"relay refused to go on: {said(attempt)}")
                    carried = session.unsent
            if session.trouble and not session.useful:
                return TransportRefused(f"relay can't be used: {said(session.trouble)}")
        return None

    def _has_more(self, feed: Feed) -> bool:
        """Wait until something may be sent; False when nothing more will be."""
        while (left := feed.pause()) and not self._stop.is_set():
            pause(min(left, TICK))
        return left == 0
