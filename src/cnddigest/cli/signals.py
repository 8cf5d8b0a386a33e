"""A signal while mail is sent: what is in flight is finished and the account told, before it ends the command."""

import signal
import threading
from types import FrameType
from typing import Any, Self

ENDING = (signal.SIGINT, signal.SIGTERM)
KILLED_BY = 128  # exit codes of shells for a process that a signal ended: this, and the signal's number


class Stop:
    """Within it, the first signal sets `asked` and raises nothing; a second one does what it did before.

    `code` is the exit code of whoever was asked to stop, 0 of whoever was not.
    """

    def __init__(self) -> None:
        """Listen to nothing yet."""
        self.asked = threading.Event()
        self.code = 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._before = {number: signal.signal(number, self._ask) for number in ENDING}
        return self

    def __exit__(self, *_: object) -> None:
        """Let signals do what they did before."""
        self._let_go()

    def _let_go(self) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, number: int, _: FrameType | None) -> None:
        self._let_go()
        self.code = KILLED_BY + number
        self.asked.set()
