"""How the record's named statements are run, and what SQLite complains of is told in our words."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from cnddigest.store.codec import Row
from cnddigest.store.failures import Telling
from cnddigest.store.queries import load


class Statements:
    """What everything that holds a connection to the record does with it."""

    def __init__(self, path: str) -> None:
        """Name the record, for its errors."""
        self.path = path
        self._telling = Telling(path)

    @property
    def _db(self) -> sqlite3.Connection:
        raise NotImplementedError

    def _rows(self, name: str, **values: object) -> list[Row]:
        with self._telling:
            return self._db.execute(load(name), values).fetchall()

    def _run(self, name: str, **values: object) -> int:
        """Execute one statement of a transaction and return how many rows it changed."""
        with self._telling:
            return self._db.execute(load(name), values).rowcount

    def _each(self, name: str, values: Iterable[Mapping[str, object]]) -> None:
        with self._telling:
            self._db.executemany(load(name), values)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[None]:
        with self._telling:
            self._db.execute(begin)
        try:
            yield
            with self._telling:
                self._db.execute("commit")
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        if self._db.in_transaction:  # a full disk may have ended it already
            self._db.execute("rollback")
