"""One publisher at a time: a file that the kernel lets go when its holder ends, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cnddigest.errors import RecordBusy, WorkFailed, reason
from cnddigest.store.unwritable import WRITABLE

PAUSE = 0.05  # seconds between two looks: flock itself can't wait for a bounded time


@contextmanager
def turn(path: str, *, wait: float) -> Iterator[None]:
    """Hold the file at `path`, made if need be; raises RecordBusy after `wait` seconds. Not re-entrant."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise WorkFailed(f"cannot keep other publishers out, {reason(error)}: {path}", hint=WRITABLE) from error
    try:
        _take(descriptor, path, wait)
        yield
    finally:
        os.close(descriptor)  # the file stays: removing it would let two holders in


def _take(descriptor: int, path: str, wait: float) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                raise RecordBusy(
                    f"another process is publishing: {path}", hint="try again when it has ended"
                ) from error
            time.sleep(PAUSE)
        except OSError as error:
            raise WorkFailed(f"cannot keep other publishers out, {reason(error)}: {path}") from error
