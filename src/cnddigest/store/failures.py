"""What SQLite complains of, in words for the person whose record it is."""

import os
import sqlite3
from types import TracebackType

from cnddigest.errors import BadRecord, CndDigestError, RecordBusy, WorkFailed
from cnddigest.store.unwritable import WRITABLE

PRIMARY = 0xFF  # the low byte of an extended result code: https://sqlite.org/rescode.html

BUSY = (RecordBusy, "record is in use by another process", "try again when that one has ended")
FOREIGN = (BadRecord, "record is not a SQLite database", "name another file as `record`")
DAMAGED = (
    BadRecord,
    "record is damaged",
    "restore it from the backup, or save what can still be read: `sqlite3 FILE .recover`",
)
FULL = (WorkFailed, "cannot write record, no space left on device", "make room and do it again: nothing was changed")
CLOSED = (WorkFailed, "cannot write record", WRITABLE)
BROKEN = (WorkFailed, "cannot read or write record", "see whether its disk is full or failing")

SENTENCES = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_NOTADB: FOREIGN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: CLOSED,
    sqlite3.SQLITE_PERM: CLOSED,
    sqlite3.SQLITE_AUTH: CLOSED,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_IOERR: BROKEN,
}


class Telling:
    """Turn an error of SQLite into one of ours that names the record; let everything else through.

    Put it around statements alone: what a caller's own code raises in between is the caller's. It has no state,
    so that one serves all statements of a connection.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        """Name the record."""
        self._path = path

    def __enter__(self) -> None:
        """Let the statement run."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say it in our words."""
        if isinstance(error, UnicodeDecodeError):  # not even its complaint can be read: it quotes what it found
            raise damaged(self._path) from error
        if isinstance(error, sqlite3.DatabaseError) and (ours := _translated(error, self._path)):
            raise ours from error


def damaged(path: str) -> CndDigestError:
    """Return what to say of a record whose bytes are not as we wrote them."""
    return _said(DAMAGED, path)


def foreign(path: str) -> CndDigestError:
    """Return what to say of a file that is no database at all."""
    return _said(FOREIGN, path)


def _translated(error: sqlite3.DatabaseError, path: str) -> CndDigestError | None:
    """Return our error for SQLite's; None for what only a mistake of ours can cause."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:  # Python's own: text that is not UTF-8, or a connection used wrongly
        return damaged(path) if "decode" in str(error) else None
    if code == sqlite3.SQLITE_ERROR and str(error).startswith("no such"):  # a table of ours is gone
        return damaged(path)
    sentence = SENTENCES.get(code & PRIMARY)
    if sentence in (BROKEN, CLOSED) and _is_full(path):  # also what shares memory beside the record needs room
        sentence = FULL
    return sentence and _said(sentence, path)


def _is_full(path: str) -> bool:
    """Say whether there is no room at all where the record is."""
    try:
        return os.statvfs(os.path.dirname(path) or ".").f_bavail == 0  # noqa: PTH120  pathlib takes longer to load
    except OSError:
        return False


def _said(sentence: tuple[type[CndDigestError], str, str], path: str) -> CndDigestError:
    kind, words, hint = sentence
    return kind(f"{words}: {path}", hint=hint)
