"""Who is logged in, in the record's SQLite file."""

import datetime as dt

from cnddigest.store.codec import microseconds
from cnddigest.store.statements import Connected


class SqliteAdmissions(Connected):
    """The Admissions of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 5.0) -> None:
        """Open the record."""
        super().__init__(path, wait=wait, create=False)

    def admit(self, name: str, *, until: dt.datetime, now: dt.datetime) -> None:
        """Insert it, and delete those that are over."""
        with self._transaction("begin immediate"):
            self._run("dismiss_late", now=microseconds(now))
            self._run("admit", of=name, until=microseconds(until))

    def is_admitted(self, name: str, *, now: dt.datetime) -> bool:
        """Look it up."""
        return bool(self._rows("admitted", of=name, now=microseconds(now)))

    def dismiss(self, name: str) -> None:
        """Delete it."""
        with self._transaction("begin immediate"):
            self._run("dismiss", of=name)
