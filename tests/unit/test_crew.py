"""A Crew: every job is done once and answered in its place, whatever becomes of the other process."""

import os
import signal
import time
from collections.abc import Callable
from functools import partial

import pytest

from cnddigest import crew
from cnddigest.crew import FEWEST_JOBS, Alone, Pair
from cnddigest.errors import OutputFailed

JOBS = 40


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Pair:
    monkeypatch.setattr(crew, "_is_worth_it", lambda: True)
    return Pair(before=lambda: None)


def who(number: int) -> tuple[int, int]:
    time.sleep(0.005)
    return number, os.getpid()


def jobs(work: Callable[[int], tuple[int, int]] = who) -> list[Callable[[], tuple[int, int]]]:
    return [partial(work, number) for number in range(JOBS)]


def elsewhere(parent: int, number: int, act: Callable[[], None]) -> tuple[int, int]:
    """Do something only where this process is not the one that asked."""
    if os.getpid() != parent:
        act()
    return who(number)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail() -> None:
    raise OutputFailed("no space left on device")


@pytest.mark.parametrize("hands", [Alone(), Pair(before=lambda: None)])
def test_results_stand_in_the_order_of_the_jobs(hands: Alone | Pair) -> None:
    results = hands.share(jobs())

    assert [number for number, _ in results] == list(range(JOBS))


def test_two_processes_share_the_work(pair: Pair) -> None:
    results = pair.share(jobs())

    assert len({process for _, process in results}) == 2


def test_few_jobs_are_done_here(pair: Pair) -> None:
    results = pair.share(jobs()[: FEWEST_JOBS - 1])

    assert {process for _, process in results} == {os.getpid()}


def test_what_can_not_be_shared_is_closed_before_the_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "_is_worth_it", lambda: True)
    closed: list[int] = []

    Pair(before=lambda: closed.append(os.getpid())).share(jobs())

    assert closed == [os.getpid()]


@pytest.mark.parametrize("end", [die, fail])
def test_what_the_other_process_could_not_do_is_done_here(pair: Pair, end: Callable[[], None]) -> None:
    parent = os.getpid()

    results = pair.share(jobs(lambda number: elsewhere(parent, number, end)))

    assert results == [(number, parent) for number in range(JOBS)]


def test_an_error_that_is_not_the_other_processs_own_is_raised_here(pair: Pair) -> None:
    def work(number: int) -> tuple[int, int]:
        if number == JOBS - 1:
            fail()
        return who(number)

    with pytest.raises(OutputFailed, match="no space left"):
        pair.share(jobs(work))


def test_an_error_here_ends_the_other_process_too(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()
    forked: list[int] = []
    fork = os.fork

    def noted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", noted)

    def work(number: int) -> tuple[int, int]:
        if os.getpid() == parent:
            raise KeyboardInterrupt
        return who(number)

    with pytest.raises(KeyboardInterrupt):
        pair.share(jobs(work))

    with pytest.raises(ChildProcessError):  # it was waited for
        os.waitpid(forked[0], os.WNOHANG)
