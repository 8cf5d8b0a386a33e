"""The search index as a SQLite file with FTS5, beside the record."""
# ruff: noqa: PTH108

import json
import os
import sqlite3
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from cnddigest.errors import BadRecord, NoSearch, WorkFailed
from cnddigest.ports.search import Hits, Place, Shelved
from cnddigest.search.model import Query, Searchable, Term
from cnddigest.search.spelling import tokens
from cnddigest.store.codec import Row
from cnddigest.store.migrate import statements, version
from cnddigest.store.queries import SQL, load_of_index, read
from cnddigest.store.statements import Statements

FORM = 1  # raise it with every change of what `search.spelling` makes of a text: rows are deleted by their tokens
APPLICATION = int.from_bytes(b"cndf", "big")  # says in the file's header whose it is
PRIMARY = 0xFF  # the low byte of an extended result code: https://sqlite.org/rescode.html
# No file can be written there, or another program's lies there: it stays as it is.
ELSEWHERE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_NOTADB}
IN_MEMORY = ":memory:"


def can_search() -> bool:
    """Say whether this Python's SQLite has FTS5; some are built without."""
    db = sqlite3.connect(IN_MEMORY)
    try:
        return bool(db.execute("select sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
    finally:
        db.close()


def beside(record: str) -> str:
    """Return where the index of a record lies."""
    return f"{record}.search"


class SqliteIndex(Statements):
    """The SearchIndex of one record; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 10.0) -> None:
        """Open the file, or begin one; in memory where none can be written.

        Raises NoSearch where SQLite has no FTS5.
        """
        super().__init__(path)
        if not can_search():
            raise NoSearch("search is not possible: SQLite of this Python was built without FTS5")
        with self._mending(), self._telling:
            self._connection = _opened(path, wait)

    @property
    def _db(self) -> sqlite3.Connection:
        return self._connection

    def _statement(self, name: str) -> str:
        return load_of_index(name)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def revision(self) -> int:
        """Read the one row of `shown`."""
        with self._mending():
            return int(self._rows("shown_revision")[0][0])

    def shelves(self) -> Mapping[Place, str]:
        """Read a small table."""
        with self._mending():
            return {(serial, part): digest for serial, part, digest in self._rows("shelves")}

    def follow(self, revision: int, *, changed: Iterable[Shelved] = (), gone: Iterable[Place] = ()) -> None:
        """Take out before putting in."""
        with self._mending(), self._transaction("begin immediate"):
            for serial, part in gone:
                self._drop(serial, part)
            for shelved in changed:
                self._drop(shelved.serial, shelved.part)
                self._keep(shelved)
            self._run("show_revision", revision=revision)

    def _drop(self, serial: str, part: int) -> None:
        for number, *fields in self._rows("shelved", serial=serial, part=part):
            self._run("drop_tokens", **_spelled(number, *fields))
        self._run("drop_shelved", serial=serial, part=part)
        self._run("drop_shelf", serial=serial, part=part)

    def _keep(self, shelved: Shelved) -> None:
        self._run("keep_shelf", serial=shelved.serial, part=shelved.part, digest=shelved.digest)
        for each in shelved.sessions:
            title, speakers, text = each.fields
            ((number,),) = self._rows(
                "keep_shelved",
                serial=each.serial,
                part=each.part,
                position=each.position,
                session_id=each.session_id,
                title=title,
                speakers=speakers,
                text=text,
            )
            self._run("keep_tokens", **_spelled(number, title, speakers, text))

    def find(self, query: Query, *, serials: Iterable[str], first: int, count: int) -> Hits:
        """Count, and look up what is to be shown, as of one moment."""
        if not query.terms:
            return Hits(total=0)
        values = {"wanted": " AND ".join(map(_wanted, query.terms)), "serials": json.dumps(list(serials))}
        with self._mending(), self._transaction("begin"):
            ((total,),) = self._rows("count_found", **values)
            rows = self._rows("find", **values, first=first, count=count) if total > first else []
        return Hits(total=total, sessions=tuple(map(_searchable, rows)))

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Throw a damaged index away: the next one who opens it makes it anew."""
        try:
            yield
        except BadRecord as error:
            _remove(self.path)
            raise WorkFailed("search index was damaged, and is made anew", hint="ask again") from error


def _opened(path: str, wait: float) -> sqlite3.Connection:
    try:
        return _begun(path, wait)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & PRIMARY not in ELSEWHERE:
            raise
        return _begun(IN_MEMORY, wait)


def _begun(path: str, wait: float) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")  # what a power cut takes is made again
        if version(db) != _form():
            _make(db)
    except BaseException:
        db.close()
        raise
    return db


def _make(db: sqlite3.Connection) -> None:
    """Make the tables, in the place of those of another form."""
    db.execute("begin immediate")
    try:
        if version(db) != _form():  # another process may just have done it
            for table in ("token", "session", "shelf", "shown"):
                db.execute(f"drop table if exists {table}")
            for statement in statements(read(f"{SQL}/index/schema.sql")):
                db.execute(statement)
            db.execute(f"pragma application_id = {APPLICATION}")
            db.execute(f"pragma user_version = {_form()}")
        db.execute("commit")
    except BaseException:
        if db.in_transaction:
            db.execute("rollback")
        raise


def _form() -> int:
    """Return what tells two ways to make tokens apart: ours, and Unicode's, which Python brings along."""
    return zlib.crc32(f"{FORM} {unicodedata.unidata_version}".encode()) >> 1  # SQLite keeps 31 bits


def _remove(path: str) -> None:
    for ending in ("", "-wal", "-shm"):
        with suppress(OSError):
            os.unlink(f"{path}{ending}")


def _spelled(number: int, title: str, speakers: str, text: str) -> dict[str, object]:
    """Return the columns of table `token`."""
    fields = {"title": title, "speakers": speakers, "text": text}
    return {"id": number} | {name: " ".join(tokens(field)) for name, field in fields.items()}


def _wanted(term: Term) -> str:
    """Return a Term as FTS5 has it: tokens have no quotation marks, so none of them is more than a word."""
    return f'"{" ".join(term.tokens)}"{" *" if term.open_ended else ""}'


def _searchable(row: Row) -> Searchable:
    """Return a row of `find`."""
    serial, part, position, session_id, title, speakers, text = row
    return Searchable(
        serial=serial,
        part=part,
        position=position,
        session_id=session_id,
        title=title,
        speakers=tuple(speakers.split("\n")) if speakers else (),
        text=text,
    )
