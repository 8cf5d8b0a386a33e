"""Far servers are called for some seconds, hardly listened to, and never inside a network."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from callbacks import a_far_server
from cnddigest import servers
from cnddigest.hub.model import Answer, Call
from cnddigest.servers import BODY, Servers, is_inside

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104  an address to refuse
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "fc00::1",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
]
OUTSIDE = ["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "2002:808:808::1", "64:ff9b::808:808"]


@contextmanager
def a_socket(says: bytes, *, pause: float = 0.0) -> Iterator[str]:
    """A server that says this, byte by byte where there is a pause, and then nothing more."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            taken, _ = listening.accept()
            with taken:
                taken.recv(65536)
                try:
                    for piece in [says] if not pause else [says[n : n + 1] for n in range(len(says))]:
                        taken.sendall(piece)
                        if stop.wait(pause):
                            return
                    stop.wait()
                except OSError:
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        stop.set()
        thread.join()


def called(url: str, *, limit: float = 5.0, is_private: bool = True, **more: object) -> Answer:
    call = Call(url=url, is_private=is_private, **more)  # type: ignore[arg-type]
    (answer,) = Servers(limit=limit).call([call])
    return answer


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_of_a_network_of_ones_own_is_inside(address: str) -> None:
    assert is_inside(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_is_not(address: str) -> None:
    assert not is_inside(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"]
)
def test_however_this_machine_is_written_nobody_reaches_it(host: str) -> None:
    with a_far_server() as far:
        answer = called(far.url.replace("127.0.0.1", host), is_private=False)

    assert answer.is_refused
    assert not far.asked


def test_one_inner_address_among_others_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "resolve", lambda *_: ["8.8.8.8", "10.0.0.1"])

    assert called("http://rebound.example/", is_private=False).problem == "10.0.0.1 is no public address"


def test_a_name_is_asked_once_and_the_address_found_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    monkeypatch.setattr(servers, "resolve", resolve)
    with a_far_server() as far:
        port = far.url.rstrip("/").rpartition(":")[2]
        answer = called(f"http://reader.example:{port}/x?y=1", body=b"feed", headers=(("content-type", "text/plain"),))

    assert (answer.status, asked) == (200, ["reader.example"])
    assert far.asked[0].headers["host"] == f"reader.example:{port}"
    assert (far.asked[0].method, far.asked[0].path, far.asked[0].body) == ("POST", "/x?y=1", b"feed")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a@127.0.0.1/", "http:///x"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    assert called(url).is_refused


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with a_far_server(lambda _: (302, b"")) as far:
        answer = called(far.url)

    assert (answer.status, answer.is_final, len(far.asked)) == (302, True, 1)


def test_a_long_answer_is_read_at_its_beginning_only() -> None:
    with a_far_server(lambda _: (200, b"x" * 1_000_000)) as far:
        assert len(called(far.url).body) == BODY


def test_of_an_answer_with_endless_headers_only_the_beginning_is_read() -> None:
    with a_socket(b"HTTP/1.1 200 OK\r\na: " + b"x" * 30_000 + b"\r\ncontent-length: 4\r\n\r\nbody") as url:
        assert called(url).body == b""


def test_a_server_that_drips_is_left_in_time() -> None:
    began_at = time.monotonic()
    with a_socket(b"HTTP/1.1 200 OK\r\n\r\n", pause=0.2) as url:
        answer = called(url, limit=0.5)

    assert answer.problem == "it took too long"
    assert time.monotonic() - began_at < 2


def test_slow_servers_hold_up_no_other_one() -> None:
    with a_far_server() as far, a_socket(b"") as slow:
        answers = Servers(limit=0.5).call([Call(url=slow, is_private=True), Call(url=far.url, is_private=True)])

    assert [answer.status for answer in answers] == [0, 200]


@pytest.mark.parametrize(("says", "problem"), [(b"SSH-2.0-x\r\n\r\n", "it speaks no HTTP")])
def test_another_protocol_is_told(says: bytes, problem: str) -> None:
    with a_socket(says) as url:
        assert called(url).problem.startswith(problem)


def test_nobody_there_is_told_in_the_systems_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert called(f"http://127.0.0.1:{port}/").problem == "connection refused"
