"""Who is logged in, in the record's SQLite file."""

import datetime as dt
import sqlite3

from cnddigest.store.codec import microseconds
from cnddigest.store.opening import connect
from cnddigest.store.statements import Statements


class SqliteAdmissions(Statements):
    """The Admissions of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 5.0) -> None:
        """Open the record."""
        super().__init__(path)
        self._connection = connect(path, wait=wait, create=False)

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        with self._telling:
            self._db.close()

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
