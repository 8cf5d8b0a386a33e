"""Run the command line in a process that kills itself: `python dying_mail.py POINT N deliver …`.

At the N-th passage of POINT: `claimed`, `before-step`, `after-step`, `before-write`, `half-written`, `written`,
`heard`; into a folder also `staged`, `before-place`, `placed`.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Fuse:
    """Counts passages of one point, over all threads."""

    def __init__(self, point: str, number: int) -> None:
        self.point = point
        self._left = number
        self._turn = threading.Lock()

    def passes(self, point: str) -> bool:
        if point != self.point:
            return False
        with self._turn:
            self._left -= 1
            return self._left == 0

    def burn(self, point: str) -> None:
        if self.passes(point):
            os.kill(os.getpid(), signal.SIGKILL)


def around(owner: Any, name: str, before: Callable[..., None], after: Callable[..., None]) -> None:
    original = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        before(*args)
        result = original(*args, **kwargs)
        after(*args)
        return result

    setattr(owner, name, wrapped)


def main() -> int:
    fuse = Fuse(sys.argv[1], int(sys.argv[2]))

    from cnddigest.cli.main import run
    from cnddigest.store.ledger import SqliteLedger
    from cnddigest.transport.folder import FolderTransport

    def writing(sock: socket.socket, data: Any, *_: object) -> None:
        fuse.burn("before-write")
        if fuse.passes("half-written"):
            whole = data if isinstance(data, bytes | memoryview) else b"".join(data)
            socket.socket.send(sock, whole[: len(whole) // 2])
            os.kill(os.getpid(), signal.SIGKILL)

    def nothing(*_: object) -> None:
        pass

    for name in ("sendmsg", "sendall"):
        around(socket.socket, name, writing, lambda *_: fuse.burn("written"))
    around(socket.socket, "recv", nothing, lambda *_: fuse.burn("heard"))
    around(socket.socket, "recv_into", nothing, lambda *_: fuse.burn("heard"))
    around(FolderTransport, "_staged", nothing, lambda *_: fuse.burn("staged"))
    around(Path, "replace", lambda *_: fuse.burn("before-place"), lambda *_: fuse.burn("placed"))
    around(SqliteLedger, "claim", nothing, lambda *_: fuse.burn("claimed"))
    around(SqliteLedger, "step", lambda *_: fuse.burn("before-step"), lambda *_: fuse.burn("after-step"))
    return run(sys.argv[3:])


if __name__ == "__main__":
    sys.exit(main())
