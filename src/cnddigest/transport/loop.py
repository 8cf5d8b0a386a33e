"""Many conversations in one thread: each goes on until it has to wait, and then the others do.

The code of a conversation reads as if it were alone; whoever waits is switched away from, and back when there is
something to read (greenlet). Ten threads instead of one cost more in waking up than the messages themselves.
"""

import select
import socket
import threading
from collections.abc import Callable, Sequence
from time import monotonic, sleep
from typing import TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")

READ, WRITE = select.POLLIN, select.POLLOUT
TICK = 0.05  # seconds between two looks at whose time is over
# When few of many have heard something, a moment is waited for more: a commit for five costs little more than for one.
GATHER = 0.0001  # seconds
CROWD = 8  # conversations; with fewer, the far side would have nothing to do meanwhile


class Worker(greenlet):
    """A conversation; `until` is when it stops waiting."""

    def __init__(self, loop: "Loop", work: Callable[[], None]) -> None:
        super().__init__(work)
        self.loop = loop
        self.until = 0.0


class Loop:
    """Runs works side by side; in each turn, what they do `together` is done once for all of them."""

    def __init__(self, together: Callable[[], None] = lambda: None) -> None:
        self._together = together
        self._poll = select.poll()
        self._waiting: dict[int, Worker] = {}  # by the number of the file they wait for
        self._pausing: list[Worker] = []
        self._gathered: list[Worker] = []
        self._look_at = 0.0  # when it is looked next whose time is over
        self._failure: BaseException | None = None

    def run(self, works: Sequence[Callable[[], None]]) -> None:
        """Return when all of them have; a work must not raise. Raises what `together` raised."""
        self._home = getcurrent()
        for worker in [Worker(self, work) for work in works]:
            worker.switch()
        self._do_together()
        while self._waiting or self._pausing:
            self._wake_ready()
            self._do_together()
        if self._failure:
            raise self._failure

    def wait(self, worker: Worker, file: int, event: int, seconds: float) -> bool:
        """Switch away from a worker until its file is ready, or the time is over."""
        worker.until = monotonic() + seconds
        self._poll.register(file, event)
        self._waiting[file] = worker
        return bool(self._others())

    def pause(self, worker: Worker, seconds: float) -> None:
        """Switch away from a worker for some time."""
        worker.until = monotonic() + seconds
        self._pausing.append(worker)
        self._others()

    def gather(self, worker: Worker) -> None:
        """Switch away from a worker until `together` was done; raises what that raised."""
        self._gathered.append(worker)
        error = self._others()
        if isinstance(error, BaseException):
            raise error

    def _others(self) -> object:
        """Let the thread go on with the others; return what the worker is woken with."""
        return self._home.switch()

    def _wake_ready(self) -> None:
        found = self._poll.poll(TICK * 1_000)
        if found and CROWD <= len(self._waiting) > 2 * len(found):
            sleep(GATHER)
            found = self._poll.poll(0)
        for file, _ in found:
            self._wake_waiting(file, ready=True)
        now = monotonic()
        if now >= self._look_at:
            self._look_at = now + TICK
            self._wake_late(now)

    def _wake_waiting(self, file: int, *, ready: bool) -> None:
        self._poll.unregister(file)
        self._waiting.pop(file).switch(ready)

    def _wake_late(self, now: float) -> None:
        for file in [file for file, worker in self._waiting.items() if worker.until <= now]:
            self._wake_waiting(file, ready=False)
        late = [worker for worker in self._pausing if worker.until <= now]
        self._pausing = [worker for worker in self._pausing if worker.until > now]
        for worker in late:
            worker.switch(None)

    def _do_together(self) -> None:
        """Once in each turn, also when nobody waits for it: what was heard shall be recorded at once."""
        again = True
        while again:
            workers, self._gathered = self._gathered, []
            try:
                self._together()
            except BaseException as error:  # noqa: BLE001 - raised again in everyone who waits for it
                self._failure = error
            for worker in workers:
                worker.switch(self._failure)
            again = bool(self._gathered)


def wait(sock: socket.socket, event: int, seconds: float) -> bool:
    """Wait until a socket is ready, and say whether it is; elsewhere than in a work, the thread waits."""
    worker = getcurrent()
    if isinstance(worker, Worker):
        return worker.loop.wait(worker, sock.fileno(), event, seconds)
    alone = select.poll()
    alone.register(sock, event)
    return bool(alone.poll(seconds * 1_000))


def pause(seconds: float) -> None:
    """Wait for some time."""
    worker = getcurrent()
    if isinstance(worker, Worker):
        worker.loop.pause(worker, seconds)
    else:
        sleep(seconds)


def gather() -> None:
    """Wait until what this turn's works do together was done; raises what that raised."""
    worker = getcurrent()
    if isinstance(worker, Worker):
        worker.loop.gather(worker)


def aside(work: Callable[[], T], stop: threading.Event) -> T:
    """Return what a work gives that blocks its thread, such as asking for a host's address: in a thread of its own.

    Raises what the work raises, and TimeoutError once `stop` is set.
    """
    if not isinstance(getcurrent(), Worker):
        return work()
    found: list[T] = []
    failed: list[BaseException] = []
    ours, theirs = socket.socketpair()

    def run() -> None:
        with theirs:
            try:
                found.append(work())
            except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                failed.append(error)

    with ours:
        threading.Thread(target=run, name="aside", daemon=True).start()
        while not wait(ours, READ, TICK):
            if stop.is_set():
                raise TimeoutError("no answer, and we had to end")
    if failed:
        raise failed[0]
    return found[0]
