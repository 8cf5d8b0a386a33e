"""A connection to the record: its file is looked at before it is touched, and never overwritten."""
# The record opens with every command, and pathlib takes longer to load than it does:
# ruff: noqa: PTH100, PTH104, PTH110, PTH112, PTH116, PTH120

import os
import sqlite3
import stat
import time

from cnddigest.errors import BadRecord, RecordAway
from cnddigest.store.failures import Telling, foreign
from cnddigest.store.migrate import APPLICATION, VERSION, migrate, steps, version
from cnddigest.store.unwritable import connect_to_read, is_unwritable

STATEMENTS = 256  # compiled ones a connection keeps: more than there are
SMALLEST = 512  # bytes of a database: one page of the smallest size, https://sqlite.org/fileformat.html
PAUSE = 0.02  # seconds between two tries at what SQLite does not wait for itself


def connect(path: str, *, wait: float, create: bool, shared: bool = False) -> sqlite3.Connection:
    """Return a connection to a record of this version, making or migrating it if need be.

    Raises BadRecord when the file is not ours or damaged, RecordBusy after `wait` seconds, WorkFailed when none can be
    made. One that can't be written is opened to be read, and a write fails. `shared` is for threads that take turns
    with the connection. An older record is copied beside itself before it is migrated.
    """
    closed = _look_outside(path, create=create)
    with Telling(path):
        if closed:
            db = connect_to_read(path, wait=wait, shared=shared)
        else:
            # Autocommit: a transaction begins where we say so. A full path, for SQLite has names like `:memory:`.
            db = sqlite3.connect(
                os.path.abspath(path),
                timeout=wait,
                isolation_level=None,
                cached_statements=STATEMENTS,
                check_same_thread=not shared,
            )
        try:
            _look_inside(db, path)
            if not closed:
                _settle(db, wait)
            if version(db) < VERSION:
                migrate(db, steps(), before=lambda number: copy(path, number))
        except BaseException:
            db.close()
            raise
    return db


def _look_outside(path: str, *, create: bool) -> bool:
    """Say whether the record is there and can't be written; raises BadRecord for what is none."""
    if not path or "\0" in path:
        raise BadRecord(f"record has no usable name: {path!r}")
    try:
        found = os.stat(path)
    except OSError:
        _look_around(path, create=create)
        return False
    if stat.S_ISDIR(found.st_mode):
        raise BadRecord(f"record is a folder: {path}")
    if not stat.S_ISREG(found.st_mode):  # reading a pipe would never end
        raise BadRecord(f"record is not a file: {path}")
    if 0 < found.st_size < SMALLEST:  # SQLite takes some of these for an empty file, and overwrites them
        raise foreign(path)
    return is_unwritable(path)


def _look_around(path: str, *, create: bool) -> None:
    if not create:
        raise RecordAway(f"record does not exist: {path}", hint="`cnddigest publish` makes it")
    folder = os.path.dirname(path) or "."
    if not os.path.isdir(folder):
        raise RecordAway(f"folder of the record does not exist: {folder}")


def _look_inside(db: sqlite3.Connection, path: str) -> None:
    application, number, tables = _identity(db)
    if application != APPLICATION and (application or number or tables):
        raise BadRecord(f"record belongs to another program: {path}", hint="name another file as `record`")
    if number > VERSION:
        raise BadRecord(f"record was written by a newer cnddigest: {path}", hint="install that version, or a newer one")


def _identity(db: sqlite3.Connection) -> tuple[int, int, int]:
    """Return application, version and number of tables, as of one moment: another process may be making it."""
    db.execute("begin")
    try:
        application = db.execute("pragma application_id").fetchone()[0]
        tables = 1 if application == APPLICATION else db.execute("select count(*) from sqlite_schema").fetchone()[0]
        return application, version(db), tables
    finally:
        if db.in_transaction:  # a full disk may have ended it already
            db.execute("commit")


def _settle(db: sqlite3.Connection, wait: float) -> None:
    """Set what a connection needs: full safety against power loss, and readers that no writer holds up."""
    db.execute("pragma foreign_keys = on")
    db.execute("pragma synchronous = full")
    deadline = time.monotonic() + wait
    while db.execute("pragma journal_mode").fetchone()[0] != "wal":
        try:
            if db.execute("pragma journal_mode = wal").fetchone()[0] != "wal":
                return  # a file system without shared memory: readers wait for writers there
        except sqlite3.OperationalError as error:
            # SQLite does not call its busy handler for this change.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)


def copy(path: str, number: int) -> None:
    """Copy a record beside itself before step `number`.

    The copy gets its name when it is whole, and never takes the place of another file.
    """
    source = sqlite3.connect(os.path.abspath(path))  #  the caller's connection holds the lock: it can't be read
    try:
        beside = _free_name(f"{os.path.abspath(path)}.before-{number}")
        target = sqlite3.connect(f"{beside}.part")
        try:
            source.backup(target)
        finally:
            target.close()
    finally:
        source.close()
    os.rename(f"{beside}.part", beside)


def _free_name(wanted: str) -> str:
    name, count = wanted, 1
    while os.path.exists(name):
        count += 1
        name = f"{wanted}-{count}"
    return name


def copy_apart(path: str, target: str, *, wait: float = 10.0) -> None:
    """Copy a record as of one moment to a file of another name, and leave the record and its folder as they are.

    Raises what `connect` raises, and RecordBusy where a writer came meanwhile.
    """
    with Telling(path):
        source = connect_to_read(path, wait=wait, shared=False)
        try:
            copied = sqlite3.connect(target)
            try:
                source.backup(copied)
            finally:
                copied.close()
        finally:
            source.close()
