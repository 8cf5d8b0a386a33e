"""A second process for work that can be shared: every job is done once, and both begin from the same memory."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import IO, TypeVar

T = TypeVar("T")
MMAP_THRESHOLD = -3  # mallopt(3): its name in malloc.h
LARGE = 1 << 20  # bytes: texts from here on get pages of their own, which go back to the system at once
FEWEST_JOBS = 8  # fewer are done before a second process has begun
MOST_JOBS = 16_000  # their numbers wait in a pipe, which holds 64 KiB
NUMBER = 4  # bytes of a job's number: a pipe's pages hold a whole count of them, so that no read gets half of one


class Alone:
    """A Crew of one."""

    def share(self, jobs: Sequence[Callable[[], T]]) -> list[T]:
        """Do one after the other."""
        return [job() for job in jobs]


class Pair:
    """A Crew of this process and a fork of it, where there is a second core."""

    def __init__(self, before: Callable[[], None]) -> None:
        """Take what must be called before a fork: it closes what two processes can't share."""
        self._before = before

    def share(self, jobs: Sequence[Callable[[], T]]) -> list[T]:
        """Do the jobs in both processes: whoever is free takes the next.

        What the other process could not do is done here, so that its error is raised here, or mended.
        """
        if len(jobs) > 1:
            _give_back()
        if not FEWEST_JOBS <= len(jobs) <= MOST_JOBS or not _is_worth_it():
            return Alone().share(jobs)
        import tempfile  # it takes longer to load than a release to publish

        self._before()
        with tempfile.TemporaryFile() as results:
            done = self._done(jobs, results)
        return [done[number] if number in done else job() for number, job in enumerate(jobs)]

    def _done(self, jobs: Sequence[Callable[[], T]], results: IO[bytes]) -> dict[int, T]:
        waiting = _numbers(len(jobs))
        other = _fork(jobs, waiting, results)
        try:
            done = {}
            while (number := _next(waiting)) is not None:
                done[number] = jobs[number]()
        except BaseException:
            while _next(waiting) is not None:
                pass
            raise
        finally:
            os.waitpid(other, 0)
            os.close(waiting)
        return done | _read(results)


def _give_back() -> None:
    """Return memory that nobody uses to the system, now and whenever a large text goes, where malloc is glibc's.

    What reading left unused would otherwise be taken into use twice, once in each process.
    """
    if sys.platform != "linux":
        return
    import ctypes  # only a build of everything comes here

    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt"):
        libc.mallopt(MMAP_THRESHOLD, LARGE)
        libc.malloc_trim(0)


def _is_worth_it() -> bool:
    """Say whether there is a second core, and a system whose own libraries survive a fork."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1


def _numbers(count: int) -> int:
    """Return the reading end of a pipe that holds the numbers of the jobs and ends after them."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(NUMBER, "big") for number in range(count)))
    os.close(writing)
    return reading


def _next(waiting: int) -> int | None:
    number = os.read(waiting, NUMBER)
    return int.from_bytes(number, "big") if number else None


def _fork(jobs: Sequence[Callable[[], T]], waiting: int, results: IO[bytes]) -> int:
    """Start the other process, which ends with the jobs, with this one, or with the first job that fails."""
    import pickle

    parent = os.getpid()
    child = os.fork()
    if child:
        return child
    try:
        while os.getppid() == parent and (number := _next(waiting)) is not None:
            pickle.dump((number, jobs[number]()), results)
            results.flush()
    finally:
        os._exit(0)  # whatever happened: nothing of what the parent opened is ours to close


def _read(results: IO[bytes]) -> dict[int, T]:
    """Return what the other process wrote; the last result may be cut off if it was killed."""
    import pickle

    done = {}
    results.seek(0)
    try:
        while True:
            number, result = pickle.load(results)  # noqa: S301 - an unnamed file that our own fork wrote
            done[number] = result
    except (EOFError, pickle.UnpicklingError):
        return done
