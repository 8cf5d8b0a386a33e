"""Who does what people ask of the record: one thread, so that its connections stay where they were opened.

| line | who stands in it | of six turns it has |
|---|---|---|
| PROMISED | a link that we signed and that is acted on, a Provider that proved who tells of returned mail | three |
| WRITES | any other form | one |
| READS | a page that is only shown | one |
| SEARCHES | whoever asks whether they may search | one |

A line that is empty gives its turn to the first that is not. Each has an end of its own, so that a crowd in one of them
shuts out nobody from the others. Of each a network gets no more than a part of what is free: however many of them never
stop, a place is left for one more (dynamic thresholds, Choudhury and Hahne 1998). Two hundred at a time would fill it.
"""

import asyncio
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum, auto
from functools import partial
from itertools import cycle
from typing import TypeVar

from cnddigest.wiring.reception import Counter, Reception

T = TypeVar("T")
MOST = 200  # questions that wait in one line; whoever comes then is told to come again
SHARE = 4  # a network's questions are at most one for so many places that are free: of all, a fifth


class Line(Enum):
    """Where somebody waits."""

    PROMISED = auto()  # must always work: RFC 8058, a confirmation, a Provider's report
    WRITES = auto()  # changes something, and anybody may ask it
    READS = auto()  # shows something
    SEARCHES = auto()  # only counts: what is looked for is found elsewhere


TURNS = (Line.PROMISED, Line.WRITES, Line.PROMISED, Line.READS, Line.PROMISED, Line.SEARCHES)


class Busy(Exception):
    """So many wait already that one more would be answered too late."""


class Clerk:
    """Serves visitors at the counter, one after the other."""

    def __init__(self, reception: Reception, *, most: int = MOST) -> None:
        """Begin no thread yet; so many questions may wait in each line."""
        self._reception = reception
        self._most = most
        self._thread = ThreadPoolExecutor(1, "reception")
        self._lines: dict[Line, deque[Callable[[], None]]] = {line: deque() for line in Line}
        self._turns = cycle(TURNS)
        self._there: Tally[Line] = Tally()  # who waits or is being served
        self._of_network: Tally[tuple[Line, str]] = Tally()

    async def ask(self, question: Callable[[Counter], T], line: Line, network: str = "") -> T:
        """Return the answer; raises Busy, and whatever the question raises. A network `""` is as large as it likes."""
        whose = (line, network)
        free = self._most - self._there[line]
        if free <= 0 or (network and self._of_network[whose] * SHARE >= free):
            raise Busy
        self._there[line] += 1
        self._of_network[whose] += 1
        try:
            answer: Future[T] = Future()
            self._lines[line].append(partial(self._answer, question, answer))
            self._thread.submit(self._serve_next)
            return await asyncio.wrap_future(answer)
        finally:
            self._there[line] -= 1
            self._of_network[whose] -= 1
            if not self._of_network[whose]:
                del self._of_network[whose]

    def knows(self, token: str) -> bool:
        """Say whether we signed a link, without asking the record: who made it up was promised nothing."""
        return self._reception.knows(token)

    def close(self) -> None:
        """Give the record back, when the last question was answered."""
        self._thread.submit(self._reception.close)
        self._thread.shutdown()

    # On the thread: as often as somebody took a place in a line

    def _serve_next(self) -> None:
        lines = (self._lines[next(self._turns)], *self._lines.values())
        next(line for line in lines if line).popleft()()

    def _answer(self, question: Callable[[Counter], T], answer: "Future[T]") -> None:
        if answer.set_running_or_notify_cancel():
            try:
                answer.set_result(self._reception.serve(question))
            except BaseException as error:  # noqa: BLE001  whoever asked raises it
                answer.set_exception(error)
