"""Many conversations in one thread: nobody waits for another's far side, and what they do together is done once."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from cnddigest.transport.loop import READ, Loop, aside, gather, pause, wait

SOON = 0.2  # seconds
LONG = 30.0
NEVER = threading.Event()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_works_that_wait_let_the_others_go_on(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    happened: list[str] = []

    def hears() -> None:
        happened.append("waits")
        assert wait(ours, READ, LONG)
        happened.append(ours.recv(10).decode())

    def speaks() -> None:
        pause(0.01)
        theirs.sendall(b"heard")
        happened.append("spoke")

    Loop().run([hears, speaks])

    assert happened == ["waits", "spoke", "heard"]


def test_a_far_side_that_says_nothing_is_given_up_while_others_talk(pair: tuple[socket.socket, socket.socket]) -> None:
    mute, _ = pair
    ping, pong = socket.socketpair()
    given_up = threading.Event()

    def is_patient() -> None:
        assert not wait(mute, READ, SOON)
        given_up.set()

    def talks() -> None:
        until = time.monotonic() + LONG
        while not given_up.is_set() and time.monotonic() < until:
            pong.sendall(b".")
            assert wait(ping, READ, LONG)
            ping.recv(1)

    with ping, pong:
        Loop().run([is_patient, talks])

    assert given_up.is_set()


def test_what_several_have_to_do_is_done_once_before_any_goes_on() -> None:
    happened: list[str] = []

    def work() -> None:
        happened.append("noted")
        gather()
        happened.append("went on")

    Loop(lambda: happened.append("together")).run([work] * 3)

    assert happened[:7] == ["noted"] * 3 + ["together"] + ["went on"] * 3


def test_what_fails_together_fails_for_each_and_for_the_loop() -> None:
    failed: list[str] = []

    def fail() -> None:
        raise ValueError("no room")

    def work() -> None:
        try:
            gather()
        except ValueError as error:
            failed.append(str(error))

    with pytest.raises(ValueError, match="no room"):
        Loop(fail).run([work] * 2)

    assert failed == ["no room"] * 2


def test_what_was_heard_is_done_together_though_nobody_waits_for_it(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    noted: list[int] = []
    done: list[int] = []

    def together() -> None:
        done.extend(noted)
        noted.clear()

    def hears() -> None:
        pause(0.01)
        noted.append(1)
        theirs.sendall(b".")
        assert wait(ours, READ, LONG)
        assert done == [1]

    Loop(together).run([hears])


def test_what_blocks_a_thread_holds_up_nobody() -> None:
    looked_up = threading.Event()
    happened: list[str] = []

    def looks_up() -> None:
        assert aside(lambda: looked_up.wait(LONG), NEVER)
        happened.append("looked up")

    def goes_on() -> None:
        pause(0.01)
        happened.append("went on")
        looked_up.set()

    Loop().run([looks_up, goes_on])

    assert happened == ["went on", "looked up"]


def test_what_goes_wrong_aside_goes_wrong_where_it_is_waited_for() -> None:
    told: list[str] = []

    def looks_up() -> None:
        try:
            aside(lambda: socket.getaddrinfo("host.invalid", 25), NEVER)
        except OSError as error:
            told.append(type(error).__name__)

    Loop().run([looks_up])

    assert told == ["gaierror"]


def test_what_blocks_aside_is_given_up_once_the_work_shall_end() -> None:
    answered, stop = threading.Event(), threading.Event()
    told: list[str] = []

    def looks_up() -> None:
        try:
            aside(lambda: answered.wait(LONG), stop)
        except TimeoutError as error:
            told.append(str(error))

    stop.set()
    Loop().run([looks_up])
    answered.set()

    assert told == ["no answer, and we had to end"]


def test_outside_of_a_loop_the_thread_itself_waits(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair

    assert not wait(ours, READ, 0.01)
    theirs.sendall(b".")

    assert wait(ours, READ, LONG)
    assert aside(lambda: 7, NEVER) == 7
