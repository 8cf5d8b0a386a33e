"""A thread for what no signal may tear in two: signals strike the program's first thread alone."""

import threading
from collections.abc import Callable


def run_apart(work: Callable[[], None], stop: threading.Event) -> None:
    """Return when the work is done, and raise what it raised.

    An exception in the calling thread (a signal) sets `stop` and passes once the work has ended.
    """
    ended = threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            failures.append(error)
        finally:
            ended.set()

    threading.Thread(target=run, name="mail", daemon=True).start()
    try:
        ended.wait()  # not `join`: interrupted once, Python takes a running thread for one that ended
    except BaseException:
        stop.set()
        ended.wait()
        raise
    if failures:
        raise failures[0]
