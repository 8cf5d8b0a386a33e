"""Servers that others wrote take what we send: aiosmtpd, and Postfix's smtp-sink with each of its faults."""

# aiosmtpd calls its hooks by these names:
# ruff: noqa: N802

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from cnddigest.delivery.model import Fate
from cnddigest.errors import TransportRefused
from cnddigest.transport.opening import Relay
from cnddigest.transport.smtp import SmtpTransport
from cnddigest.transport.wire import Limits
from far import Desk, a_letter

LIMITS = Limits(command=20, dot=3, farewell=0.5, tick=0.05)


def a_free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def run(port: int, desk: Desk, *, connections: int = 1, limits: Limits = LIMITS, **fields: object) -> None:
    known: dict[str, object] = {"host": "127.0.0.1", "port": port, "security": "none", "limits": limits}
    SmtpTransport(Relay(**known | fields), connections=connections).run(desk.feed, desk.commit)  # type: ignore[arg-type]


# aiosmtpd


class Keeping:
    """A handler that keeps what it takes, and says what it is told about whom."""

    def __init__(self, *, pipelining: bool, says: dict[str, str] | None = None) -> None:
        self.pipelining = pipelining
        self.says = says or {}
        self.taken: list[tuple[str, bytes]] = []

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _: list[str]) -> str:
        said = self.says.get(address, "250 2.1.5 ok")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.taken.append((envelope.rcpt_tos[0], envelope.content))
        return "250-2.0.0 taken\r\n250 2.0.0 thank you"


@contextlib.contextmanager
def an_aiosmtpd(handler: Keeping, **fields: Any) -> Iterator[int]:
    controller = Controller(handler, hostname="127.0.0.1", port=a_free_port(), **fields)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_real_server_takes_every_letter_but_the_refused(pipelining: bool) -> None:
    letters = [a_letter(n) for n in range(20)]
    handler = Keeping(
        pipelining=pipelining,
        says={letters[3].recipient: "450 4.2.0 later", letters[4].recipient: "550-5.1.1 no\r\n550 5.1.1 such user"},
    )
    desk = Desk(letters)

    with an_aiosmtpd(handler) as port:
        run(port, desk, connections=3)

    wanted = {letter.recipient: b"".join(letter.segments) for n, letter in enumerate(letters) if n not in {3, 4}}
    assert dict(handler.taken) == wanted
    assert len(handler.taken) == 18
    assert (desk.fates[3], desk.fates[4]) == (Fate.LATER, Fate.NEVER)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_real_server_lets_us_log_in() -> None:
    handler = Keeping(pipelining=False)

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"taro", b"secret"), handled=False)

    with an_aiosmtpd(handler, authenticator=check, auth_required=True, auth_require_tls=False) as port:
        run(port, Desk([a_letter(1)]), username="taro", password="secret")  # noqa: S106 - of a test
        with pytest.raises(TransportRefused, match="535"):
            run(port, Desk([a_letter(2)]), username="taro", password="wrong")  # noqa: S106 - of a test

    assert [recipient for recipient, _ in handler.taken] == [a_letter(1).recipient]


# smtp-sink


@pytest.fixture
def sink(program: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[..., int]]:
    with contextlib.ExitStack() as stack:

        def start(*options: str) -> int:
            port = a_free_port()
            command = [program("smtp-sink"), "-u", "nobody", *options, f"127.0.0.1:{port}", "100"]
            process = stack.enter_context(subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL))
            stack.callback(process.terminate)
            _await(port)
            return port

        yield start


def _await(port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    pytest.fail("smtp-sink did not start")


@pytest.mark.parametrize("options", [(), ("-p",), ("-e",), ("-8",), ("-W", "EHLO:1")])
def test_postfixs_sink_takes_everything(sink: Callable[..., int], options: tuple[str, ...]) -> None:
    desk = Desk(map(a_letter, range(200)))

    run(sink(*options), desk, connections=4)

    assert len(desk.attempts) == 200
    assert set(desk.fates.values()) == {Fate.SENT}


@pytest.mark.parametrize(
    ("options", "fates"),
    [
        (("-r", "RCPT"), {Fate.LATER}),
        (("-f", "RCPT"), {Fate.NEVER}),
        (("-r", "."), {Fate.LATER}),
        (("-f", "."), {Fate.NEVER}),
        (("-q", "."), {Fate.DOUBT}),
        (("-Q", "."), {Fate.LATER}),
        (("-p", "-W", ".:60"), {Fate.DOUBT}),  # without -p, it answers what comes after first,
        (("-r", "CONNECT"), set()),
        (("-f", "EHLO,HELO"), set()),
        (("-r", "MAIL"), set()),
        (("-f", "MAIL"), set()),
        (("-q", "RCPT"), set()),
        (("-Q", "DATA"), set()),
        (("-f", "DATA"), set()),
    ],
)
def test_every_fault_of_the_sink_is_judged(
    sink: Callable[..., int], options: tuple[str, ...], fates: set[Fate]
) -> None:
    desk = Desk(map(a_letter, range(5)))
    ends = not fates or options[0].lower() == "-q" or ("." in options[-1] and fates == {Fate.DOUBT})

    with pytest.raises(TransportRefused) if ends else contextlib.nullcontext():
        run(sink(*options), desk)

    assert set(desk.fates.values()) == fates
    assert len(desk.attempts) + len(desk.letters) == 5
