"""Postfix's smtp-sink: takes every message, and keeps them where a folder is given."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.machine import cpu_of, pinned

CORE = 0  # the sink's; senders have the next one
PATIENCE = 10.0  # seconds until it listens
BACKLOG = "100"
# What smtp-sink writes above each message that it keeps.
ADDED = (b"X-Client-Addr:", b"X-Client-Proto:", b"X-Helo-Args:", b"X-Mail-Args:", b"X-Rcpt-Args:", b"Received:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A message as it arrived, with LF for CRLF, and whom RCPT named."""

    recipient: str
    octets: bytes


def program(name: str) -> str:
    """Return where one of Postfix's programs is; raises FileNotFoundError where it is not installed."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not found:
        raise FileNotFoundError(f"{name}, of Debian's package postfix")
    return found


def free_port() -> int:
    """Return a port of the loopback that nobody uses."""
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def sink(port: int, *, keep: Path | None = None) -> Iterator[partial[float]]:
    """Let a sink listen; yield what tells the CPU seconds it used so far. `keep` is made, and gets the messages."""
    command = [program("smtp-sink")]
    if os.geteuid() == 0:  # it does not work as root
        command += ["-u", "nobody"]
    if keep:
        keep.mkdir(parents=True)
        keep.chmod(0o777)
        command += ["-d", "%M."]  # relative: the folders above may be closed to it
    command += [f"127.0.0.1:{port}", BACKLOG]
    process = subprocess.Popen(pinned(CORE, command), cwd=keep, stderr=subprocess.DEVNULL)
    try:
        _listens(port)
        yield partial(cpu_of, process.pid)
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), PATIENCE) as one:
            if one.recv(3) == b"220":
                return
        time.sleep(0.02)
    raise RuntimeError(f"no sink listens on port {port}")


def taken(folder: Path) -> Iterator[Taken]:
    """Yield the messages that a sink kept."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield _taken(path.read_bytes())


def _taken(octets: bytes) -> Taken:
    recipient = ""
    lines = octets.split(b"\n")
    while lines and lines[0].startswith((*ADDED, b"\t")):
        name, _, value = lines.pop(0).partition(b":")
        if name == b"X-Rcpt-Args":
            recipient = value.partition(b"<")[2].partition(b">")[0].decode("ascii", "replace")
    return Taken(recipient=recipient, octets=b"\n".join(lines))
