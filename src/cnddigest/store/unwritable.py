"""A record that this process can't write: how it is read all the same."""
# ruff: noqa: PTH100, PTH110, PTH116, PTH120

import os
import sqlite3

from cnddigest.errors import RecordBusy, WorkFailed

WRITABLE = "its file and its folder must be writable"
LOGS = (
    "-wal",
    "-journal",
)  # what a writer leaves beside the file: the first while it has it open, both when it is killed
CLOSED = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


def is_unwritable(path: str) -> bool:
    """Say whether a record that exists can't be written, or no file beside it, as every change needs one."""
    place = os.path.realpath(path)
    return not (os.access(place, os.W_OK) and os.access(os.path.dirname(place), os.W_OK | os.X_OK))


def connect_to_read(path: str, *, wait: float, shared: bool) -> sqlite3.Connection:
    """Return a connection that can only read, and leaves no file behind that its owner could not write.

    While a writer has the record open, its log is read along with it. Without a writer there is no log, and the file
    holds everything: it is read without locks, which SQLite allows for what does not change
    (https://sqlite.org/wal.html, read-only databases). Raises WorkFailed where a log was left that can't be read.
    """
    from urllib.parse import quote  # whoever can write does without

    address = f"file:{quote(os.fsencode(os.path.abspath(path)))}?mode=ro"
    seen = _mark(path)
    if not _has_log(path):
        alone = sqlite3.connect(
            f"{address}&immutable=1", uri=True, isolation_level=None, check_same_thread=not shared, factory=_Unlocked
        )
        alone.watch(path, seen)
        return alone
    db = sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None, check_same_thread=not shared)
    try:
        db.execute("pragma user_version").fetchone()
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode & 0xFF not in CLOSED:
            raise
        raise WorkFailed(
            f"cannot read record, its last writer was cut off and it can't be written: {path}",
            hint="copy it to another folder, with the files beside it",
        ) from error
    return db


class _Unlocked(sqlite3.Connection):
    """Reads a file that nothing keeps still, and says at its end whether it did."""

    _path, _seen = "", (0, 0, 0)

    def watch(self, path: str, seen: tuple[int, int, int]) -> None:
        """Remember how the file looked before it was read."""
        self._path, self._seen = path, seen

    def close(self) -> None:
        """Close; raises RecordBusy where a writer came meanwhile, since what was read may be of two moments."""
        super().close()
        if self._path and _mark(self._path) != self._seen:
            raise RecordBusy(f"record was changed while it was read: {self._path}", hint="do it again")


def _has_log(path: str) -> bool:
    place = os.path.realpath(path)
    return any(os.path.exists(place + log) for log in LOGS)


def _mark(path: str) -> tuple[int, int, int]:
    found = os.stat(path)
    return found.st_ino, found.st_size, found.st_mtime_ns
