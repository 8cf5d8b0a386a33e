"""A folder behind a gate, without a socket: what a connection says goes in, what it is sent is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from cnddigest.web.gate import Gate, gate
from cnddigest.web.limits import Limits
from cnddigest.web.replies import say
from cnddigest.web.shortcut import NOWHERE, Shortcut
from cnddigest.web.static import Static

FEED = "<rss>" + "灯台" * 1000 + "</rss>"
DATE = (b"date", b"Tue, 24 Nov 2026 23:00:00 GMT")


class Connection(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closed, self.paused = b"", False, False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.written += bytes(data)

    def close(self) -> None:
        self.closed = True

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False


class Served:
    """A folder behind a gate; `asked` are the paths that came to the application."""

    def __init__(self, folder: Path, *, has_shortcut: bool = True) -> None:
        self.static = Static(folder, self.age)
        self.asked: list[str] = []
        self.go_on = asyncio.Event()
        protocol = gate(Limits(connections=10), Shortcut(self.static.ready) if has_shortcut else NOWHERE)
        self.config = Config(
            self.application, http=protocol, interface="asgi3", proxy_headers=False, log_config=None, ws="none"
        )
        self.config.load()
        self.protocol = protocol
        self.state = ServerState()
        self.state.default_headers = [DATE]

    async def age(self) -> int:
        return 60

    async def application(self, scope: Any, _receive: Any, send: Any) -> None:
        self.asked.append(scope["path"])
        if scope["path"] == "/slow":
            await self.go_on.wait()
            await say(scope, send, 200, "slow")
        else:
            await self.static.answer(scope, send)

    def connect(self) -> tuple[Gate, Connection]:
        made, connection = self.protocol(config=self.config, server_state=self.state, app_state={}), Connection()
        made.connection_made(connection)
        return made, connection

    async def warm(self, *paths: str) -> None:
        """Ask once, so that a file is at hand."""
        for path in paths:
            await self.heard(request(path=path))
        self.asked.clear()

    async def heard(self, data: bytes) -> Connection:
        made, connection = self.connect()
        made.data_received(data)
        await asyncio.gather(*self.state.tasks)
        made.connection_lost(None)
        return connection


async def settled() -> None:
    """Wait for what was begun, but not for what waits itself; not so long that nothing is at hand any more."""
    for _ in range(20):
        await asyncio.sleep(0.001)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "minato").mkdir()
    (tmp_path / "minato/rss.xml").write_text(FEED)
    return tmp_path


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(play())  # type: ignore[arg-type]


def request(*fields: str, method: str = "GET", path: str = "/minato/rss.xml", version: str = "1.1") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: x", *fields, "", ""]).encode()
