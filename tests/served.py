"""`cnddigest serve` as a process of its own, and what a reader gets from it."""

import http.client
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from commands import LIMIT, OnDisk

ADDRESS = re.compile(rb"http://([\d.]+):(\d+)/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """An answer, as it came over the wire; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Server:
    def __init__(self, process: "subprocess.Popen[bytes]", host: str, port: int) -> None:
        self.process, self.host, self.port = process, host, port

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}/"

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Got:
        """Ask for a path exactly as written; `if_none_match="…"` is a header."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=LIMIT)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body is not None:
                connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Got(status=answer.status, headers=found, body=answer.read())
        finally:
            connection.close()

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(LIMIT)

    def said(self) -> str:
        """Return what it told the operator after it began; it has to be stopped before."""
        if self.process.stderr is None:
            raise AssertionError
        return self.process.stderr.read().decode()


@contextmanager
def serving(disk: OnDisk, *arguments: str, scheduler: bool = False) -> Iterator[Server]:
    """Serve a publication on a free port of loopback until the end of the block."""
    alone = () if scheduler else ("--no-scheduler",)
    with answering(disk, "serve", *alone, "--bind", "127.0.0.1:0", *arguments) as server:
        yield server


@contextmanager
def answering(disk: OnDisk, *command: str) -> Iterator[Server]:
    """Run a command that says on which address it answers, until the end of the block."""
    process = disk.start(*command)
    try:
        assert process.stderr
        said = process.stderr.readline()
        found = ADDRESS.search(said)
        assert found, said + process.stderr.read()
        yield Server(process, found[1].decode(), int(found[2]))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
