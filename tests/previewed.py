"""`cnddigest preview` as a process of its own, and what a browser hears from it."""

import http.client
from contextlib import AbstractContextManager
from time import monotonic, sleep

from commands import LIMIT, OnDisk
from served import Server, answering


def previewing(disk: OnDisk, *arguments: str) -> AbstractContextManager[Server]:
    return answering(disk, "preview", *arguments)


class Events:
    """The stream a browser listens to."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=LIMIT)
        self._connection.request("GET", "/_/events")
        self._answer = self._connection.getresponse()

    def next(self) -> str:
        while line := self._answer.readline():
            if line.startswith(b"data: "):
                return line.decode().strip()
        return "over"

    def close(self) -> None:
        self._answer.close()
        self._connection.close()


def page(server: Server, path: str, wanted: str) -> str:
    """Ask until a page holds a text: a save may be built in two steps."""
    end = monotonic() + LIMIT
    while True:
        found = server.ask(path).body.decode()
        if wanted in found:
            return found
        assert monotonic() < end, found
        sleep(0.05)
