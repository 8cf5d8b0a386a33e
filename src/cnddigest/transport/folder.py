"""The Transport of a folder: one .eml for each message, whole or not there, in the place of its repeat."""

import fcntl
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

from cnddigest.delivery.model import Attempt, Envelope, Fate, Reply, Stage
from cnddigest.delivery.replies import silence
from cnddigest.errors import TransportRefused, reason
from cnddigest.ports.mail import Feed
from cnddigest.transport.apart import run_apart

STAGING = ".cnddigest-staging"  # inside the folder: a rename must not cross file systems
FILE_MODE, FOLDER_MODE = 0o600, 0o700  # a message holds an address, and links that act for a person
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
        ready: Envelope | None = None
        for envelope in chain(envelopes, [None]):
            if ready:
                commit()
                attempt = self._written(ready)
                yield attempt
                if attempt.fate is Fate.RELAY or self._stop.is_set():
                    return
            ready = envelope

    def _written(self, envelope: Envelope) -> Attempt:
        path = self._folder / name_of(envelope.message_id)
        try:
            self._write(path, envelope.segments)
        except OSError as error:
            reply = silence(f"can't write message, {reason(error)}: {path}")
            return Attempt(key=envelope.key, stage=Stage.BODY, fate=Fate.RELAY, reply=reply)
        reply = Reply(code=250, text=f"written as {path.name}")
        return Attempt(key=envelope.key, stage=Stage.DOT, fate=Fate.SENT, reply=reply)

    def _write(self, path: Path, segments: Iterable[bytes]) -> None:
        beside = self._staging / f"{path.name}.{os.getpid()}"
        try:
            with os.fdopen(self._fresh(beside), "wb") as opened:
                opened.writelines(segments)
                opened.flush()
                os.fsync(opened.fileno())
                beside.replace(path)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise
        _flush(self._folder)

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
        """Make the folders, prove that they can be written, and sweep out what a killed run left."""
        probe = self._staging / f"probe.{os.getpid()}"
        try:
            with os.fdopen(self._fresh(probe), "wb") as opened:
                opened.write(b"\0")
            for left in self._staging.iterdir():
                _sweep_out(left)
        except OSError as error:
            hint = "make room, or let this user write there"
            raise TransportRefused(f"can't write outbox, {reason(error)}: {self._folder}", hint=hint) from error


def _sweep_out(left: Path) -> None:
    """Remove a file whose writer lives no more: the kernel let go of its lock, however the writer ended.

    What can't be told, or is another user's, stays: it keeps no message from being written.
    """
    with suppress(OSError):
        handle = os.open(left, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
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
