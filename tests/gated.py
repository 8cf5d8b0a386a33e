"""A server of this process behind the gate, on either loop, and what is said to it octet by octet."""

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvloop
from uvicorn import Config, Server

from cnddigest.web.gate import Gate, gate
from cnddigest.web.limits import Limits
from cnddigest.web.replies import say
from cnddigest.web.shortcut import NOWHERE, Shortcut

LOOPS = {"uvloop": uvloop.new_event_loop, "asyncio": asyncio.new_event_loop}
LARGE = 20_000_000


async def told(scope: Any, receive: Any, send: Any) -> None:
    """Say what was asked; `/slow` takes its time, `/large` has much to say, `/blind` reads no body."""
    body = b""
    while scope["path"] != "/blind" and scope["method"] == "POST":
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if scope["path"] == "/slow":
        await asyncio.sleep(0.3)
    if scope["path"] == "/large":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % LARGE)]})
        for at in range(0, LARGE, 250_000):
            await send({"type": "http.response.body", "body": bytes(250_000), "more_body": at + 250_000 < LARGE})
        return
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    await say(scope, send, 200, f"{scope['method']} {scope['path']} of {host} with {body.decode('latin-1')!r}")


class Gated:
    """Where it listens, who is connected, and what its log says."""

    def __init__(self, server: Server, port: int, log: "Log") -> None:
        self.server, self.port, self.log = server, port, log

    @property
    def gates(self) -> list[Gate]:
        return list(self.server.server_state.connections)  # type: ignore[arg-type]

    def connect(self, *, room: int | None = None) -> socket.socket:
        """Return a connection; `room` is for how many octets its kernel has room."""
        made = socket.socket()
        if room:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        made.settimeout(10)
        made.connect(("127.0.0.1", self.port))
        return made

    def said(self, data: bytes, *, patience: float = 3) -> bytes:
        """Send something and say no more; return all that comes until it hangs up, or for so long."""
        heard = b""
        with self.connect() as connection:
            connection.sendall(data)
            connection.settimeout(patience)
            try:
                while piece := connection.recv(65536):
                    heard += piece
            except TimeoutError:
                pass
        return heard


class Log(logging.Handler):
    """Keeps what is worth a word to the operator."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def gated(*, limits: Limits | None = None, loop: str = "uvloop", shortcut: Shortcut = NOWHERE) -> Iterator[Gated]:
    """Serve until the end of the block."""
    listening = socket.create_server(("127.0.0.1", 0))
    limits = limits or Limits(connections=100)
    protocol = gate(limits, shortcut)
    config = Config(told, http=protocol, ws="none", log_config=None, lifespan="off", timeout_keep_alive=limits.idle)
    server, log = Server(config), Log()
    thread = threading.Thread(target=_serve, args=(server, listening, loop))
    loggers = [logging.getLogger(name) for name in ("uvicorn.error", "asyncio")]
    for each in loggers:
        each.addHandler(log)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Gated(server, listening.getsockname()[1], log)
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
        listening.close()
        for each in loggers:
            each.removeHandler(log)


def _serve(server: Server, listening: socket.socket, loop: str) -> None:
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(server.serve([listening]))


def statuses(heard: bytes) -> list[int]:
    """Return the status of each answer."""
    return [int(each[:3]) for each in heard.split(b"HTTP/1.1 ")[1:]]
