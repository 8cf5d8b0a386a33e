"""A seat beside the record: a file that the kernel gives back when its holder ends, so that others see that it did."""

import fcntl
import os

from cnddigest.store.lease import boot


class Seat:
    """A file that one process of this machine holds, also of several containers; nobody waits for it.

    It is not the record itself: to close a descriptor of that would drop SQLite's locks.
    """

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._descriptor: int | None = None
        self._path = self._mark = ""

    def take(self, path: str) -> str:
        """Hold the file at `path`, made if need be, or go on holding it.

        Return which file of which machine it is, as of this boot: who holds a file of the same mark has the same one,
        also where somebody removed it and made another. `""` where another process has it, or none can.
        """
        if self._descriptor is None or path != self._path:
            self.leave()
            self._open(path)
        return self._mark

    def _open(self, path: str) -> None:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError:
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = os.fstat(descriptor)
        except OSError:
            os.close(descriptor)
            return
        self._descriptor, self._path = descriptor, path
        self._mark = f"{boot()}:{found.st_dev}:{found.st_ino}"

    def leave(self) -> None:
        """Let another one hold it; the file stays: removing it would let two holders in."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor, self._path, self._mark = None, "", ""
