"""A head that was answered at once is known again: the same bytes, without a parser, whatever came between."""

import asyncio
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cnddigest.web.shortcut import HEADS, LONGEST, Asked, Shortcut
from shortcuts import Served, folder, request, run, settled

__all__ = ["folder"]

HEAD = request(method="HEAD")
ASKED = [
    HEAD,
    request(),
    request("If-None-Match: *"),
    request("Accept-Encoding: br", method="HEAD"),
    request("Cookie: a=b"),
    request(path="/nowhere"),
    request(path="/minato/rss.xml?x", method="HEAD"),
    request("Content-Length: 3", method="HEAD") + b"abc",
]


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[start:end] for start, end in itertools.pairwise(places)]


async def answers(folder: Path, said: list[bytes]) -> list[bytes]:
    """Return what comes of these pieces with the shortcut, and without it."""
    found = []
    for has_shortcut in (True, False):
        served = Served(folder, has_shortcut=has_shortcut)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()
        for piece in said:
            made.data_received(piece)
            while served.state.tasks:
                await asyncio.gather(*served.state.tasks)
                await asyncio.sleep(0)
        found.append(connection.written)
        made.connection_lost(None)
    return found


@given(
    asked=st.lists(st.lists(st.sampled_from(ASKED), min_size=1, max_size=3), min_size=1, max_size=6),
    cuts=st.lists(st.integers(min_value=0, max_value=5000), max_size=4),
)
@example(asked=[[HEAD, HEAD]], cuts=[len(HEAD) + 1])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_in_whatever_pieces_is_answered_as_by_the_application(folder, asked, cuts):
    async def play() -> None:
        whole = [b"".join(each) for each in asked]

        short, long = await answers(folder, [*whole, *2 * whole, *3 * pieces(b"".join(whole), cuts)])

        assert short == long

    run(play)


def test_a_head_that_comes_again_needs_no_parser(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()

        made.data_received(HEAD)
        connection.written = b""
        made.data_received(HEAD)
        first, connection.written = connection.written, b""
        made.parser = None  # type: ignore[assignment]
        made.data_received(HEAD)

        assert connection.written == first != b""
        made.connection_lost(None)

    run(play)


def test_a_head_behind_the_beginning_of_another_is_not_taken_for_itself(folder):
    async def play() -> None:
        short, long = await answers(folder, [HEAD, HEAD, HEAD + b"H", HEAD])

        assert short == long
        assert short.count(b"HTTP/1.1 400 ") == 1

    run(play)


def test_the_end_of_a_head_is_not_known_as_a_head(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()

        for piece in (HEAD + HEAD[:2], HEAD[2:], HEAD[2:]):
            made.data_received(piece)

        assert connection.written.count(b"HTTP/1.1 200 ") == 2
        assert connection.written.count(b"HTTP/1.1 400 ") == 1
        made.connection_lost(None)

    run(play)


def test_who_comes_again_is_told_of_what_is_new(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()
        for _ in range(3):
            made.data_received(request())

        (folder / "minato/rss.xml").write_text("<rss/>")
        made.data_received(request())
        await settled()

        assert connection.written.count(b"HTTP/1.1 200 ") == 4
        assert connection.written.endswith(b"\r\n\r\n<rss/>")
        made.connection_lost(None)

    run(play)


@pytest.mark.parametrize("field", ["Cookie: cnddigest_admin=x", "Authorization: Bearer x", "X-Long: " + "x" * LONGEST])
def test_what_is_personal_or_long_is_not_kept(folder, field):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")

        for head in (request(field), request("X-Short: x")):
            made, connection = served.connect()
            for _ in range(2):
                made.data_received(head)
            made.connection_lost(None)
            assert connection.written.count(b"HTTP/1.1 200 ") == 2

        assert served.protocol.shortcut.again(request(field)) is None
        assert served.protocol.shortcut.again(request("X-Short: x")) is not None

    run(play)


def test_what_is_said_once_is_not_kept(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")

        for _ in range(3):
            await served.heard(HEAD)

        assert served.protocol.shortcut.again(HEAD) is None

    run(play)


def test_only_so_many_heads_are_kept():
    shortcut = Shortcut(lambda *_: None)

    for number in range(HEADS * 3):
        shortcut.learn(b"%d" % number, Asked("GET", "/", {}))

    kept = [number for number in range(HEADS * 3) if shortcut.again(b"%d" % number)]
    assert 0 < len(kept) <= HEADS
    assert kept[-1] == HEADS * 3 - 1


def test_silence_counts_from_the_last_answer(folder):
    async def play() -> None:
        served = Served(folder)
        await served.warm("/minato/rss.xml")
        made, connection = served.connect()
        for _ in range(3):
            made.data_received(HEAD)

        made.timeout_keep_alive_handler()
        stayed = not connection.closed
        made.timeout_keep_alive = 0
        made.timeout_keep_alive_handler()

        assert stayed
        assert connection.closed
        made.connection_lost(None)

    run(play)
