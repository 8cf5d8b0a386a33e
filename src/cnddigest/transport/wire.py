"""One connection as octets: writes that know how far they got, answers bounded in time, length and number."""

import re
import socket
import ssl
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from cnddigest.errors import reason
from cnddigest.transport.loop import READ, WRITE, wait

CHUNK = 65_536  # octets read at once
LONGEST_LINE = 4_096  # octets; RFC 5321 4.5.3.1.5 allows 512
MOST_LINES = 128  # of one answer; the longest EHLO in use has about twenty
SLOWEST = 1_000  # octets a second: a large text may take longer than a small one
MOST_SEGMENTS = 1_000  # of one sendmsg; Linux takes 1,024
CODE = re.compile(rb"[2-5][0-9][0-9](?:[ -]|\r?$)")  # RFC 5321 4.2; 1yz answers do not exist in SMTP
USUAL = re.compile(rb"([2-5][0-9][0-9]) ([^\r\n]{0,1000})\r\n")  # nearly every answer: one line, at hand in one piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long the far side may take, in seconds, and how long one connection is used.

    RFC 5321 4.5.3.2 asks for five minutes for most commands; a relay that needs one is broken. Only haste after the
    final dot makes duplicates. Once the work shall end, which every wait notices within a `tick`, `grace` is left for a
    text that is on its way, and `haste` for all that nobody would miss. A connection carries so many `messages`, and
    so many seconds of `age`.
    """

    connect: float = 60
    command: float = 60
    body: float = 180
    dot: float = 600
    farewell: float = 5
    grace: float = 8
    haste: float = 1
    tick: float = 0.5
    messages: int = 100
    age: float = 300


class Answer(NamedTuple):
    """A reply as it came: the code, and what stood behind it on each line."""

    code: int
    lines: tuple[bytes, ...]


class Broken(Exception):
    """The connection can't be used any more; `sent` octets of the last write had been handed over."""

    def __init__(self, reason: str, sent: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class Wire:
    """A socket whose waits let other conversations go on. Once `stop` is set, they end within the grace.

    `carries` says that a text is on its way.
    """

    def __init__(self, sock: socket.socket, *, stop: threading.Event, limits: Limits) -> None:
        self.limits = limits
        self._sock = sock
        self._gathers = True  # several pieces in one call; a TLS socket can't
        self._stop = stop
        self.carries = False
        self._stopped_at: float | None = None
        self._read = b""
        self._at = 0
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else a lone dot waits 40 ms for an ACK

    @property
    def addresses(self) -> tuple[str, str]:
        """The address of our end and of the far end."""
        return self._sock.getsockname()[0], self._sock.getpeername()[0]

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Speak TLS from now on; raises ssl.SSLError where the far side can't prove to be `host`, Broken otherwise."""
        if self.spoke_unasked():
            raise Broken("it talked on before the encryption began")  # what it said might be somebody else's
        deadline = monotonic() + self.limits.command
        self._sock = context.wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)
        self._gathers = False
        while True:
            try:
                self._sock.do_handshake()
            except ssl.SSLWantReadError:
                self._wait_on(deadline, "no end of the TLS handshake", READ)
            except ssl.SSLWantWriteError:
                self._wait_on(deadline, "no end of the TLS handshake", WRITE)
            except ssl.SSLError:
                raise
            except OSError as error:
                raise Broken(reason(error)) from error
            else:
                return

    def write(self, segments: Sequence[bytes]) -> None:
        """Hand over all of it; raises Broken, which tells how much had been."""
        size = sum(map(len, segments))
        sent = 0
        if self._gathers and len(segments) < MOST_SEGMENTS:
            try:
                sent = self._sock.sendmsg(segments)
            except BlockingIOError:
                pass  # it has no room yet: the loop below waits
            except OSError as error:
                raise Broken(reason(error)) from error
        if sent < size:
            self._write_on(memoryview(b"".join(segments)), sent)

    def _write_on(self, data: memoryview, sent: int) -> None:
        deadline = monotonic() + max(self.limits.body, len(data) / SLOWEST)
        while sent < len(data):
            if monotonic() > deadline:
                raise Broken("it reads too slowly", sent)
            try:
                sent += self._sock.send(data[sent:])
            except (BlockingIOError, ssl.SSLWantWriteError):
                self._wait_on(deadline, "it stopped reading", WRITE, sent)
            except ssl.SSLWantReadError:
                self._wait_on(deadline, "it stopped reading", READ, sent)
            except OSError as error:
                raise Broken(reason(error), sent) from error

    def answer(self, seconds: float) -> Answer:
        """Return the next reply, all lines of it, or raise Broken."""
        deadline = monotonic() + seconds
        if not self.spoke_unasked():
            self._read, self._at = self._more(deadline), 0
        if usual := USUAL.match(self._read, self._at):
            self._at = usual.end()
            return Answer(int(usual[1]), (usual[2],))
        line = self._line(deadline)
        lines = [line[4:]]
        while line[3:4] == b"-":
            line = self._line(deadline)
            lines.append(line[4:])
            if len(lines) > MOST_LINES:
                raise Broken("its answer has no end")
        return Answer(int(line[:3]), tuple(lines))

    def ask(self, command: bytes, seconds: float | None = None) -> Answer:
        """Write a command and return the reply."""
        self.write((command,))
        return self.answer(seconds or self.limits.command)

    def spoke_unasked(self) -> bool:
        """Say whether something was read that nobody asked for: from now on, answers can't be told apart."""
        return self._at < len(self._read)

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _line(self, deadline: float) -> bytes:
        while (end := self._read.find(b"\n", self._at)) < 0:
            if len(self._read) - self._at > LONGEST_LINE:
                raise Broken("its answer has a line without end")
            self._read, self._at = self._read[self._at :] + self._more(deadline), 0
        line, self._at = self._read[self._at : end], end + 1
        if len(line) > LONGEST_LINE:
            raise Broken("its answer has a line without end")
        if not CODE.match(line):
            raise Broken(f"it answered with something else than SMTP: {line[:80].decode('ascii', 'replace')}")
        return line.removesuffix(b"\r")

    def _more(self, deadline: float) -> bytes:
        if monotonic() > deadline:
            raise Broken("no answer in time")  # it drips octet by octet
        while True:
            if self._gathers:
                self._wait_on(deadline, "no answer in time", READ)
            try:
                octets = self._sock.recv(CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                self._wait_on(deadline, "no answer in time", READ)
            except OSError as error:
                raise Broken(reason(error)) from error
            else:
                if not octets:
                    raise Broken("connection closed by the far side")
                return octets

    def _wait_on(self, deadline: float, problem: str, event: int, sent: int = 0) -> None:
        """Wait until there is something to read, or room to write; raises Broken when that takes too long."""
        while not wait(self._sock, event, self.limits.tick):
            now = monotonic()
            if now >= deadline:
                raise Broken(problem, sent)
            if self._stop.is_set() and self._stopped_at is None:
                self._stopped_at = now
            left = self.limits.grace if self.carries else self.limits.haste
            if self._stopped_at is not None and now >= self._stopped_at + left:
                raise Broken(f"{problem}, and we had to end", sent)
