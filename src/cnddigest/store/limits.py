"""How often strangers asked, in the record's SQLite file."""

import datetime as dt
from collections.abc import Iterable

from cnddigest.audience.allowance import Allowance, taken
from cnddigest.store.codec import instant, microseconds
from cnddigest.store.statements import Connected


class SqliteLimits(Connected):
    """The Limits of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 5.0) -> None:
        """Open the record."""
        super().__init__(path, wait=wait, create=False)
        # What a power cut takes is at most a bucket that is fuller than it was: no flush for it.
        self._connection.execute("pragma synchronous = normal")

    def take(self, wanted: Iterable[tuple[str, Allowance]], *, now: dt.datetime) -> bool:
        """Look into all of them, then take."""
        with self._transaction("begin immediate"):
            after = {name: taken(self._free_at(name), allowance, now) for name, allowance in wanted}
            if None in after.values():
                return False
            for name, free_at in after.items():
                self._run("keep_bucket", of=name, free_at=microseconds(free_at or now))
            self._run("forget_full_buckets", now=microseconds(now))
        return True

    def _free_at(self, name: str) -> dt.datetime | None:
        return next((instant(free_at) for (free_at,) in self._rows("bucket", of=name)), None)
