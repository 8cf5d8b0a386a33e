"""How the record's named statements are run, and what SQLite complains of is told in our words."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from cnddigest.store.codec import Row
from cnddigest.store.failures import Telling
from cnddigest.store.opening import connect
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

    def _statement(self, name: str) -> str:
        return load(name)

    def _rows(self, name: str, **values: object) -> list[Row]:
        with self._telling:
            return self._db.execute(self._statement(name), values).fetchall()

    def _run(self, name: str, **values: object) -> int:
        """Execute one statement of a transaction and return how many rows it changed."""
        with self._telling:
            return self._db.execute(self._statement(name), values).rowcount

    def _each(self, name: str, values: Iterable[Mapping[str, object]]) -> None:
        with self._telling:
            self._db.executemany(self._statement(name), values)

    def _inserted(self, name: str, **values: object) -> int:
        """Execute a statement that returns the number of its row."""
        return int(self._rows(name, **values)[0][0])

    def _writing(self) -> AbstractContextManager[None]:
        # The lock first: a transaction that reads and then wants to write fails at once, without waiting.
        return self._transaction("begin immediate")

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


class Connected(Statements):
    """The same with a connection that is open from the beginning, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float, create: bool, shared: bool = False) -> None:
        """Open the record; the words are those of `connect`."""
        super().__init__(path)
        self._connection = connect(path, wait=wait, create=create, shared=shared)

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        with self._telling:
            self._db.close()
