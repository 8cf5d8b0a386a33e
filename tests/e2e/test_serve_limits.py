"""Who is slow, talks without an end, or comes in crowds takes nothing from anybody else."""

import os
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from commands import FIRST, SECOND, OnDisk
from served import Server, serving

pytestmark = pytest.mark.slow

CROWD = 1000
SECONDS = float(os.environ.get("CNDDIGEST_CROWD_SECONDS", "5"))  # a minute in the benchmark
MEGABYTE = 1024


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> OnDisk:
    disk = OnDisk.new(tmp_path_factory.mktemp("limits") / "publication")
    assert disk.publish(FIRST, "--all").code == 0
    return disk


@pytest.fixture(scope="module")
def server(publication):
    with serving(publication, "--now", SECOND) as found:
        found.ask("/minato/rss.xml")  # what is loaded at the first request is no leak
        found.ask("/", "POST")
        yield found


def said(server: Server, *pieces: bytes, pause: float = 0.0, patience: float = 20) -> tuple[bytes, float]:
    """Send pieces, whether they are taken or not; return what came until the end, and after how many seconds."""
    began, heard = time.monotonic(), b""
    with socket.create_connection((server.host, server.port), timeout=patience) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
            while data := connection.recv(65536):
                heard += data
        except (ConnectionError, TimeoutError):
            pass
    return heard, time.monotonic() - began


def status(heard: bytes) -> int:
    return int(heard.split(b" ", 2)[1]) if heard.startswith(b"HTTP/1.1 ") else 0


def test_a_head_that_drips_is_given_up(server):
    heard, took = said(server, b"GET / HTTP/1.1\r\nHost: x\r\n", *[b"X: 1\r\n"] * 24, pause=0.5)

    assert status(heard) == 408
    assert 9 < took < 16


def test_who_says_nothing_is_hung_up_on(server):
    heard, took = said(server)

    assert heard == b""
    assert 9 < took < 13


@pytest.mark.parametrize("coding", [b"Content-Length: 10000000", b"Transfer-Encoding: chunked"])
def test_a_body_of_ten_megabytes_is_refused_without_reading_it_all(server, coding):
    piece = bytes(100_000)
    chunk = b"186a0\r\n" + piece + b"\r\n" if b"chunked" in coding else piece
    before = resident(server)

    heard, took = said(server, b"POST /subscribe HTTP/1.1\r\nHost: x\r\n" + coding + b"\r\n\r\n", *[chunk] * 100)

    assert status(heard) in (405, 413)  # a page that does not look at bodies may have said no before
    assert took < 5
    assert resident(server) - before < 8 * MEGABYTE


def test_an_announced_body_that_is_too_long_is_refused_before_it_comes(server):
    heard, took = said(server, b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n")

    assert status(heard) == 413
    assert took < 4


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000, 431),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 200 + b"\r\n", 431),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: 1\r\n" * 90 + b"Connection: close\r\n\r\n", 200),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ],
)
def test_a_head_is_taken_within_limits(server, head, expected):
    heard, _ = said(server, head)

    assert status(heard) == expected


def test_two_requests_in_one_breath_get_two_answers(server):
    one = b"GET /assets/mark.svg HTTP/1.1\r\nHost: x\r\n"

    heard, _ = said(server, one + b"\r\n" + one + b"Connection: close\r\n\r\n")

    assert heard.count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("path", ["healthz", "minato/rss.xml", "large.css", "larger.css"])
def test_who_asks_on_and_on_without_reading_fills_no_memory(server, publication, path):
    for name, size in (("large.css", 3_900_000), ("larger.css", 8_000_000)):
        (publication.folder / "feeds" / name).write_bytes(os.urandom(size))
    server.ask(f"/{path}")
    before, request = resident(server), f"GET /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 1000
    with ExitStack() as stack:
        crowd = [stack.enter_context(socket.create_connection((server.host, server.port))) for _ in range(20)]
        for each in crowd:
            each.setblocking(False)
        end = time.monotonic() + SECONDS

        while time.monotonic() < end:
            for each in crowd:
                with suppress(BlockingIOError):
                    each.send(request)

        assert resident(server) - before < 40 * MEGABYTE
        assert server.ask("/healthz").status in (200, 503)


def test_whoever_comes_when_all_places_are_taken_is_told_so_and_others_go_on(publication, tmp_path):
    disk = publication.copy(tmp_path / "few")
    with disk.configuration.open("a") as file:
        file.write("\n[web]\nconnections = 10\n")

    with serving(disk, "--now", SECOND) as server, ExitStack() as crowd:
        held = [crowd.enter_context(socket.create_connection((server.host, server.port))) for _ in range(10)]
        for each in held:
            each.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        time.sleep(0.3)
        refused, _ = said(server)
        held[0].sendall(b"\r\n")
        answered = held[0].recv(100)
        held[1].close()
        time.sleep(0.3)
        after = server.ask("/").status

    assert status(refused) == 503
    assert b"retry-after" in refused
    assert status(answered) == 200
    assert after == 200


def test_a_thousand_at_once_are_all_served_and_memory_stays(server):
    request = b"GET /minato/rss.xml HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        crowd = [stack.enter_context(socket.create_connection((server.host, server.port))) for _ in range(CROWD)]
        length = len(exchanged(crowd[0], request))
        rounds, memory, end = 0, [], time.monotonic() + SECONDS

        while time.monotonic() < end or rounds < 3:
            for each in crowd:
                each.sendall(request)
            assert {len(received(each, length)) for each in crowd} == {length}
            memory.append(resident(server))
            rounds += 1

    assert memory[-1] - memory[0] < 8 * MEGABYTE
    assert server.ask("/").status == 200


def exchanged(connection: socket.socket, request: bytes) -> bytes:
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    return data + received(connection, length - len(body))


def received(connection: socket.socket, length: int) -> bytes:
    connection.settimeout(30)
    data = bytearray()
    while len(data) < length:
        piece = connection.recv(length - len(data))
        assert piece, "hung up"
        data += piece
    return bytes(data)


def resident(server: Server) -> int:
    """Return the kilobytes that a server has in memory."""
    text = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(text.partition("VmRSS:")[2].split()[0])
