"""A file that somebody writes into while it is sent: its reader gets what was announced, or sees that it was cut."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from cnddigest.web.body import LARGE
from cnddigest.web.static import CHUNK
from shortcuts import Connection, Served, request

SIZE = LARGE + 1
PATH = "/recording.bin"


class _Changing(Served):
    """A folder whose file has another size as soon as some of it was sent."""

    def __init__(self, folder: Path, size: int) -> None:
        super().__init__(folder)
        self._file, self._size = folder / PATH[1:], size
        self._file.write_bytes(bytes(SIZE))

    async def application(self, scope: Any, receive: Any, send: Any) -> None:
        async def sent(message: Any) -> None:
            await send(message)
            if message.get("body"):
                os.truncate(self._file, self._size)

        await super().application(scope, receive, sent)


def _heard(folder: Path, size: int) -> Connection:
    """Return what came of one request; nobody hangs up but the server."""

    async def asked() -> Connection:
        served = _Changing(folder, size)
        made, connection = served.connect()
        made.data_received(request(path=PATH))
        await asyncio.gather(*served.state.tasks)
        return connection

    return asyncio.run(asked())


def _body(connection: Connection) -> bytes:
    return connection.written.partition(b"\r\n\r\n")[2]


def test_a_file_that_shrinks_ends_the_connection_and_leaves_no_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)

    found = _heard(tmp_path, CHUNK + 1)

    assert len(_body(found)) == CHUNK + 1
    assert found.closed
    assert not any(each.exc_info for each in caplog.records)


def test_a_file_that_grows_is_sent_as_it_was_announced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)

    found = _heard(tmp_path, 2 * SIZE)

    assert len(_body(found)) == SIZE
    assert not found.closed
    assert caplog.records == []
