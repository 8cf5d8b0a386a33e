"""Several connections that send side by side, each in a thread of its own, until there is nothing more."""

import threading
from collections.abc import Callable, Sequence
from itertools import chain

from cnddigest.delivery.model import Envelope, Fate
from cnddigest.delivery.retry import said
from cnddigest.errors import TransportRefused
from cnddigest.ports.mail import Feed
from cnddigest.transport.session import Session


class Door:
    """Opens Sessions. The first one alone: ten wrong passwords at once would lock an account."""

    def __init__(self, open_session: Callable[[], Session]) -> None:
        self._open = open_session
        self._turn = threading.Lock()
        self._is_proved = False
        self._refusal: TransportRefused | None = None

    def open(self) -> Session:
        """Return a Session; raises TransportRefused, for all of them once the first was refused."""
        if self._is_proved:
            return self._open()
        with self._turn:
            if self._refusal:
                raise self._refusal
            try:
                session = self._open()
            except TransportRefused as refusal:
                self._refusal = None if self._is_proved else refusal
                raise
            self._is_proved = True
            return session


def send_all(
    open_session: Callable[[], Session], feeds: Callable[[], Feed], *, connections: int, stop: threading.Event
) -> None:
    """Send what the Feeds hand out, each connection from one of its own, and close every Feed.

    A relay that takes fewer connections than wished is sent to over fewer. Raises TransportRefused when it takes
    none, and what a Feed raised, after everything in flight is answered. An exception in the calling thread (a
    signal) sets `stop` and passes once the threads have ended.
    """
    door = Door(open_session)
    while connections:
        lines = [_Line(door, feeds) for _ in range(connections)]
        _run(lines, stop)
        for line in lines:
            if line.error:
                raise line.error
        refusals = [line.refusal for line in lines if line.refusal]
        if len(refusals) == connections:
            raise refusals[0]
        connections = connections - len(refusals) if refusals else 0


def _run(lines: Sequence["_Line"], stop: threading.Event) -> None:
    for number, line in enumerate(lines, 1):
        threading.Thread(target=line.run, name=f"mail-{number}", daemon=True).start()
    try:
        _await(lines)
    except BaseException:
        stop.set()
        _await(lines)
        raise


def _await(lines: Sequence["_Line"]) -> None:
    """Wait for all of them. Not by `join`: interrupted once, Python takes a running thread for one that ended."""
    for line in lines:
        line.ended.wait()


class _Line:
    """One thread's work: `refusal` is why its connection could not be used, `error` what else ended it."""

    def __init__(self, door: Door, feeds: Callable[[], Feed]) -> None:
        self.refusal: TransportRefused | None = None
        self.error: BaseException | None = None
        self.ended = threading.Event()
        self._door = door
        self._feeds = feeds

    def run(self) -> None:
        """Send all that a Feed has; raises nothing, for nobody above a thread would hear it."""
        try:
            feed = self._feeds()
            try:
                self.refusal = carry(self._door.open, feed)
            finally:
                feed.close()
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            self.error = error
        finally:
            self.ended.set()


def carry(open_session: Callable[[], Session], feed: Feed) -> TransportRefused | None:
    """Send all that a Feed has, over as many Sessions as it takes, one at a time.

    Return why the last one could not be used: then an Envelope may be left that never left. Raises TransportRefused
    after an Attempt whose fate is RELAY: whoever sends next would hear the same.
    """
    carried: Envelope | None = None
    while carried or feed.ready():
        try:
            session = open_session()
        except TransportRefused as refusal:
            return refusal
        with session:
            while session.lasts and (carried or feed.ready()):
                for attempt in session.deliver(chain([carried], feed) if carried else feed):
                    feed.answer(attempt)
                    if attempt.fate is Fate.RELAY:
                        raise TransportRefused(f"relay refused to go on: {said(attempt)}")
                carried = session.unsent
        if session.trouble and not session.useful:
            return TransportRefused(f"relay can't be used: {said(session.trouble)}")
    return None
