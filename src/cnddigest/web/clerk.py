"""Who does what people ask of the record: one thread, so that its connections stay where they were opened."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from cnddigest.wiring.reception import Counter, Reception

T = TypeVar("T")
MOST = 200  # questions that wait; whoever comes then is told to come again


class Busy(Exception):
    """So many wait already that one more would be answered too late."""


class Clerk:
    """Serves visitors at the counter, one after the other."""

    def __init__(self, reception: Reception, *, most: int = MOST) -> None:
        """Begin no thread yet; so many questions may wait."""
        self._reception = reception
        self._most = most
        self._thread = ThreadPoolExecutor(1, "reception")
        self._waiting = 0

    async def ask(self, question: Callable[[Counter], T]) -> T:
        """Return the answer; raises Busy, and whatever the question raises."""
        if self._waiting >= self._most:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._reception.serve, question)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Give the record back, when the last question was answered."""
        self._thread.submit(self._reception.close)
        self._thread.shutdown()
