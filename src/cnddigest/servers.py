"""Other people's web servers: called at an address that was looked at, for some seconds, and hardly listened to.

url ──resolve──> addresses ──none of them inside a network?──> connect to one of these ──> status and some bytes

A name is resolved once: between the look and the connection nobody can give it another address (DNS rebinding).
Redirects are answers like any other, and lead nowhere.
"""

import io
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import cnddigest
from cnddigest.errors import reason
from cnddigest.hub.model import Answer, Call

if TYPE_CHECKING:
    import ssl

LIMIT = 5.0  # seconds for all of a call: a scheduler must end within ten
BODY = 4096  # bytes of an answer that are read
HEADS = 16 * 1024  # bytes before them
NAME = f"cnddigest/{cnddigest.__version__} (WebSub)"
TRANSLATED, TRANSLATED_INSIDE = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")  # RFC 6052, 8215
TOO_LATE = Answer(problem="it took too long")


class Servers:
    """A Caller by HTTP/1.1: each call has a thread and a connection of its own."""

    def __init__(self, *, limit: float = LIMIT) -> None:
        """Take the seconds that a call may last."""
        self._limit = limit

    def call(self, calls: Sequence[Call]) -> list[Answer]:
        """Begin all calls; whoever is not done in time has not answered."""
        import time

        talks = [_Talk(call, self._limit) for call in calls]
        for talk in talks:
            talk.start()
        ends_at = time.monotonic() + self._limit
        for talk in talks:
            talk.join(max(0.0, ends_at - time.monotonic()))
        return [talk.end() for talk in talks]


class _Talk(threading.Thread):
    """One call. A thread that hangs in the resolver is left behind: it can't be ended, and holds nothing up."""

    def __init__(self, call: Call, limit: float) -> None:
        super().__init__(name="call", daemon=True)
        self._call = call
        self._limit = limit
        self._answer: Answer | None = None
        self._connection: HTTPConnection | None = None
        self._is_over = False

    def run(self) -> None:
        try:
            self._answer = self._ask()
        except OSError as error:
            self._answer = Answer(problem=reason(error))
        except (HTTPException, ValueError) as error:  # ValueError: what http.client takes for no address
            self._answer = Answer(problem=f"it speaks no HTTP: {type(error).__name__}")

    def end(self) -> Answer:
        """Return the answer, and hang up on a server that has given none."""
        answer, self._is_over = self._answer, True
        if answer is None and self._connection and self._connection.sock:
            _hang_up(self._connection.sock)
        return answer or TOO_LATE

    def _ask(self) -> Answer:
        call, parts = self._call, urlsplit(self._call.url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            return Answer(problem="not an address of the web", is_refused=True)
        addresses = resolve(host, port)
        if not call.is_private and (inner := next(filter(is_inside, addresses), None)):
            return Answer(problem=f"{inner.partition('%')[0]} is no public address", is_refused=True)
        self._connection = _Pinned(host, port, addresses[0], limit=self._limit, encrypted=parts.scheme == "https")
        try:
            return self._exchange(self._connection, parts)
        finally:
            self._connection.close()

    def _exchange(self, connection: HTTPConnection, parts: SplitResult) -> Answer:
        call = self._call
        connection.connect()
        if self._is_over:
            return TOO_LATE
        path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
        headers = {"user-agent": NAME, "accept-encoding": "identity", "connection": "close", **dict(call.headers)}
        connection.request(call.method, path, body=call.body or None, headers=headers)
        answer = connection.getresponse()
        return Answer(status=answer.status, body=answer.read(BODY))


class _Pinned(HTTPConnection):
    """A connection to one address, whatever its host's name says by now."""

    def __init__(self, host: str, port: int, address: str, *, limit: float, encrypted: bool) -> None:
        super().__init__(host, port, timeout=limit)
        self._address = address
        self._encrypted = encrypted
        self.default_port = 443 if encrypted else 80  # named in `Host` where it is another one
        self.response_class = _Short

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._encrypted:
            self.sock = _trust().wrap_socket(self.sock, server_hostname=self.host)


class _Short(HTTPResponse):
    """An answer that ends early: http.client alone would take 6 MB of headers."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fp = io.BufferedReader(_Capped(self.fp, HEADS + BODY))


class _Capped(io.RawIOBase):
    """So many bytes of a stream."""

    def __init__(self, stream: io.BufferedReader, room: int) -> None:
        self._stream = stream
        self._room = room

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._stream.read1(min(len(buffer), self._room))
        self._room -= len(piece)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._stream.close()
        super().close()


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, at least one; raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty, or longer than 63
        raise OSError("not a name of a machine") from error
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def is_inside(address: str) -> bool:
    """Say whether an address belongs to this machine, a network of somebody's own, or to nobody.

    An IPv6 address that carries an IPv4 one is judged by that, for somewhere a router unpacks it.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.is_site_local or found in TRANSLATED_INSIDE:
            return True
        if carried := _carried(found):
            return is_inside(str(carried))
    return not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified


def _carried(address: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside: mapped (RFC 4291), 6to4 (3056), Teredo (4380) or translated (6052)."""
    if address.teredo:
        return address.teredo[1]
    if address in TRANSLATED:
        return IPv4Address(address.packed[12:])
    return address.ipv4_mapped or address.sixtofour


@cache
def _trust() -> "ssl.SSLContext":
    """Return whom we believe: the system's store, and SSL_CERT_FILE."""
    import ssl

    return ssl.create_default_context()


def _hang_up(opened: socket.socket) -> None:
    with suppress(OSError):  # it is closed by now
        opened.shutdown(socket.SHUT_RDWR)
