"""The Transport of a folder: one .eml for each message, whole or not there, in the place of its repeat."""

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from cnddigest.delivery.model import Attempt, Envelope, Fate, Key, Reply, Stage
from cnddigest.delivery.replies import silence
from cnddigest.errors import TransportRefused, reason
from cnddigest.ports.mail import Feed
from cnddigest.transport.apart import run_apart

STAGING = ".cnddigest-staging"  # inside the folder: a rename must not cross file systems
FILE_MODE, FOLDER_MODE = 0o600, 0o700  # a message holds an address, and links that act for a person
STALE = 86_400  # seconds: until then, what a killed run left says that its message was not put in its place
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")  # a name that every file system and every mail program takes


class FolderTransport:
    """Writes messages into a folder, durable before they count as sent. Processes may share it."""

    def __init__(self, folder: Path, *, stop: threading.Event | None = None) -> None:
        """Name the folder; once `stop` is set, no message begins."""
        self._folder = folder
        self._staging = folder / STAGING
        self._stop = stop or threading.Event()

    def run(self, feeds: Callable[[], Feed], commit: Callable[[], None]) -> None:
        """Write all there is; see the port. The folder is made when there is a first message."""
        run_apart(lambda: self._write_all(feeds(), commit), self._stop)

    def _write_all(self, feed: Feed, commit: Callable[[], None]) -> None:
        try:
            while (pause := feed.pause()) is not None and not self._stop.is_set():
                if self._stop.wait(pause):
                    break
                self._prepare()
                for attempt in self.deliver(feed, commit):
                    feed.answer(attempt)
                    if attempt.fate is Fate.RELAY:
                        raise TransportRefused(attempt.reply.text)
        finally:
            feed.close()
            with suppress(OSError):
                self._staging.rmdir()

    def deliver(self, envelopes: Iterable[Envelope], commit: Callable[[], None]) -> Iterator[Attempt]:
        """Yield one Attempt for each Envelope, in order.

        When an Envelope is asked for, the one before was answered, or is written once `commit` returned: as with a
        relay. Ends after one that can't be written; the one taken after it was not begun.
        """
        ready: _Staged | None = None
        try:
            for envelope in chain(envelopes, [None]):
                if ready:
                    commit()
                    attempt, ready = self._placed(ready), None
                    yield attempt
                    if attempt.fate is Fate.RELAY or self._stop.is_set():
                        return
                if envelope:
                    try:
                        ready = self._staged(envelope)
                    except OSError as error:
                        yield _failed(envelope.key, self._path(envelope.message_id), error)
                        return
        finally:
            if ready:
                ready.discard()

    def has(self, message_id: str) -> bool | None:
        """Say whether a message that somebody began to write is in its place, None where that can't be told.

        What was not put there is still staged. Neither here nor there: somebody took it out of the folder.
        """
        path = self._path(message_id)
        if staged := list(self._staging.glob(f"{path.name}.*")):
            return False if all(map(_is_left, staged)) else None
        return path.exists() or None

    def _path(self, message_id: str) -> Path:
        return self._folder / name_of(message_id)

    def _staged(self, envelope: Envelope) -> "_Staged":
        """Write a message, all but its place: from now on it can be seen that it was not put there."""
        path = self._path(envelope.message_id)
        for left in self._staging.glob(f"{path.name}.*"):
            _sweep_out(left)
        beside = self._staging / f"{path.name}.{os.getpid()}"
        staged = _Staged(key=envelope.key, path=path, beside=beside, file=os.fdopen(self._fresh(beside), "wb"))
        try:
            staged.file.writelines(envelope.segments)
            staged.file.flush()
            os.fsync(staged.file.fileno())
        except BaseException:
            staged.discard()
            raise
        return staged

    def _placed(self, staged: "_Staged") -> Attempt:
        try:
            staged.beside.replace(staged.path)
            _flush(self._folder)
        except OSError as error:
            return _failed(staged.key, staged.path, error)
        finally:
            staged.discard()
        reply = Reply(code=250, text=f"written as {staged.path.name}")
        return Attempt(key=staged.key, stage=Stage.DOT, fate=Fate.SENT, reply=reply)

    def _fresh(self, path: Path) -> int:
        """Open an empty file that is locked as long as it is open: nobody takes it for one that was left behind."""
        while True:
            self._staging.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)  # whoever ends removes an empty one
            with suppress(FileNotFoundError):
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, FILE_MODE)
                with suppress(OSError):  # a file system without locks: then nobody can lock it to sweep it out either
                    fcntl.flock(handle, fcntl.LOCK_EX)
                if os.fstat(handle).st_nlink:
                    return handle
                os.close(handle)  # swept out in the moment before it was locked

    def _prepare(self) -> None:
        """Make the folders, prove that they can be written, and sweep out what killed runs left long ago."""
        probe = self._staging / f"probe.{os.getpid()}"
        try:
            with os.fdopen(self._fresh(probe), "wb") as opened:
                opened.write(b"\0")
                now = os.fstat(opened.fileno()).st_mtime
            probe.unlink(missing_ok=True)
            for left in self._staging.iterdir():
                if now - left.lstat().st_mtime > STALE:
                    _sweep_out(left)
        except OSError as error:
            hint = "make room, or let this user write there"
            raise TransportRefused(f"can't write outbox, {reason(error)}: {self._folder}", hint=hint) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class _Staged:
    """A whole message beside its place; locked as long as its file is open."""

    key: Key
    path: Path
    beside: Path
    file: BinaryIO

    def discard(self) -> None:
        """Leave nothing beside; what is in its place stays."""
        with suppress(OSError):
            self.file.close()  # what a full disk did not take is tried once more, and fails once more
        with suppress(OSError):
            self.beside.unlink(missing_ok=True)


def _failed(key: Key, path: Path, error: OSError) -> Attempt:
    reply = silence(f"can't write message, {reason(error)}: {path}")
    return Attempt(key=key, stage=Stage.BODY, fate=Fate.RELAY, reply=reply)


def _sweep_out(left: Path) -> None:
    """Remove a file whose writer lives no more; one of which that can't be told keeps no message from being written."""
    with suppress(OSError), _locked(left):
        left.unlink()


def _is_left(path: Path) -> bool:
    """Say whether a file's writer lives no more."""
    try:
        with _locked(path):
            return True
    except OSError:
        return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a file's lock, which the kernel let go of when its writer ended, however; raises OSError while it lives."""
    handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def name_of(message_id: str) -> str:
    """Return the file's name: the Message-ID's part before the @, so that a repeat takes its place."""
    local = message_id.strip("<> ").partition("@")[0]
    if not PLAIN.fullmatch(local):
        local = hashlib.sha256(message_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"{local}.eml"


def _flush(folder: Path) -> None:
    """Make a rename durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
