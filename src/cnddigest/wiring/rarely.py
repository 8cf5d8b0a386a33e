"""Lines for the operator that every request could say again: each is passed on once an hour."""

import threading
import time
from collections.abc import Callable

HOUR = 3600.0
MOST = 100  # lines that are remembered: there are a handful


class Rarely:
    """Takes lines from any thread."""

    def __init__(self, tell: Callable[[str], None], *, steady: Callable[[], float] = time.monotonic) -> None:
        """Pass them on to `tell`; `steady` counts seconds whatever the clock is set to."""
        self._tell, self._steady = tell, steady
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, line: str) -> None:
        """Pass a line on, unless that was done within the last hour."""
        now = self._steady()
        with self._lock:
            self._told = {each: at for each, at in self._told.items() if at > now - HOUR}
            if line in self._told or len(self._told) >= MOST:
                return
            self._told[line] = now
        self._tell(line)
