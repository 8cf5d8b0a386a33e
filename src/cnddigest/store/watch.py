"""Which scheduler acts on a record, in the record's SQLite file."""

import datetime as dt

from cnddigest.ports.watch import Health
from cnddigest.store.codec import instant, microseconds
from cnddigest.store.statements import Connected

MICROSECOND = dt.timedelta(microseconds=1)


class SqliteWatch(Connected):
    """The Watch of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 5.0, create: bool = False) -> None:
        """Open the record, making it if that is wanted."""
        super().__init__(path, wait=wait, create=create)
        # A sign of life that a power cut takes was worth nothing any more: no flush for it.
        self._db.execute("pragma synchronous = normal")

    def hold(self, holder: str, *, now: dt.datetime, until: dt.datetime, still: int | None = None) -> bool:
        """Look and take in one statement."""
        values = {"now": microseconds(now), "until": microseconds(until), "still": still}
        with self._writing():
            return bool(self._run("hold_watch", holder=holder, **values))

    def knocked(self, holder: str, health: Health) -> None:
        """Change the row where it is this holder's."""
        with self._writing():
            self._run(
                "keep_knock",
                holder=holder,
                knocked_at=_micros(health.knocked_at),
                next_at=_micros(health.next_at),
                lag=health.lag // MICROSECOND,
                problem=health.problem,
            )

    def leave(self, holder: str) -> None:
        """Empty the holder's name."""
        with self._writing():
            self._run("leave_watch", holder=holder)

    def health(self) -> Health | None:
        """Read the row."""
        for holder, beats, until, knocked_at, next_at, lag, problem in self._rows("watch"):
            return Health(
                holder=holder,
                beats=beats,
                until=instant(until),
                knocked_at=None if knocked_at is None else instant(knocked_at),
                next_at=None if next_at is None else instant(next_at),
                lag=lag * MICROSECOND,
                problem=problem,
            )
        return None


def _micros(moment: dt.datetime | None) -> int | None:
    return None if moment is None else microseconds(moment)
