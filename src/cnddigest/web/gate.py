"""The door: how long a connection may take, how much it may say, and how many there may be at once.

| limit | else |
|---|---|
| connections at the same time | 503, closed |
| until the whole head of a request is there | closed; 408 where it began |
| a head, its address and the number of its fields | 431, 414, 431 |
| a body, by what it says and by what comes | 413, closed, without reading on |
| a body, until it is whole | 408 |
| an answer that nobody takes | closed |

uvicorn has a limit for idle connections only, so that one who says little and slowly would hold one for ever.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cnddigest.web.replies import gathered
from cnddigest.web.shortcut import LONGEST, NOWHERE, Asked, Shortcut, wire

IDLE, HEAD, BODY = "idle", "head", "body"
END = b"\r\n\r\n"
LONGEST_HEAD = 32 * 1024  # octets: browsers and proxies send a tenth of it
LONGEST_ADDRESS = 8 * 1024  # octets: RFC 9110, 4.1 asks for 8000
LONGEST_BODY = 2 * 1024 * 1024  # octets: a returned message with what it returns; a form has a smaller limit of its own
FIELDS = 100
LINGER = 2  # seconds for which somebody who was refused may go on talking


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for a head, for a body, between two requests, and without any progress of an answer; and how many."""

    connections: int
    head: float = 10
    body: float = 30
    idle: int = 15
    stalled: float = 60


class Gate(HttpToolsProtocol):
    """A connection that keeps within its limits. A request that comes whole needs no timer."""

    limits: ClassVar[Limits]
    shortcut: ClassVar[Shortcut]
    _stage = _timed = IDLE  # where it is, and for what the timer runs
    _timer: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _heard = _body = 0  # octets since a head began, and of a body
    _plain: Asked | None = None  # what the last head asked for, where it was answered at once
    _said = b""  # the last head that was answered at once, and not known
    _last = 0.0  # when a head that was known was answered
    _is_whole = True  # all that came were whole requests: no head has begun
    _is_deaf = False  # nothing that comes is listened to
    _is_answered = False  # the request that is being read, before it is a task

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let somebody in, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            self._timer = self.loop.call_later(self.limits.head, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget them."""
        self._timer, self._stalled = _stopped(self._timer), _stopped(self._stalled)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Listen, as long as it is not too much."""
        if self._is_deaf:  # thrown away: to hang up on who is still talking would cost them the answer
            return
        if self._stage is not IDLE:
            self._take(data)
        elif not (self._is_whole and self._again(data)):
            self._stage, self._heard = HEAD, 0
            before = self.server_state.total_requests
            self._take(data)
            if self._is_whole and self._plain and self.server_state.total_requests == before + 1:
                if data == self._said:
                    self.shortcut.learn(data, self._plain)
                self._said = data[: LONGEST + 1]

    def _take(self, data: bytes) -> None:
        self._heard += len(data)
        super().data_received(data)
        self._is_whole = self._stage is IDLE and data.endswith(END)
        if self._stage is HEAD and self._heard > LONGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._stage is not self._timed or self._timer:
            self._keep_time()

    # What the parser tells

    def on_headers_complete(self) -> None:
        """Judge a head before anybody works on it."""
        if self._is_deaf:
            return
        self._stage, self._body, self._plain = BODY, 0, None
        asked = gathered(self.headers)
        if status := self._fault(asked):
            self._refuse(status)
        elif not self._answer(asked):
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what comes: a body in chunks says nothing of its length."""
        self._body += len(body)
        if self._body > LONGEST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif not self._is_deaf:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        self._stage, self._heard = IDLE, 0
        if self._is_answered:
            self._is_answered = False
        elif not self._is_deaf:
            super().on_message_complete()

    def _again(self, data: bytes) -> bool:
        """Answer octets that are known, between two requests: no parser, and the timer that runs goes on."""
        if self.timeout_keep_alive_task is None or self.flow.write_paused:
            return False
        asked = self.shortcut.again(data)
        ready = self.shortcut.answer(asked) if asked else None
        if ready is None:
            return False
        self.transport.write(wire(ready, self.server_state.default_headers, stays=True))
        self.server_state.total_requests += 1
        self._last = self.loop.time()
        return True

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on who said nothing for long; who was answered since the timer was set has the rest of their time."""
        rest = self._last + self.timeout_keep_alive - self.loop.time()
        if rest > 0:
            self.timeout_keep_alive_task = self.loop.call_later(rest, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()

    def _answer(self, asked: dict[bytes, bytes]) -> bool:
        """Answer at once, if that can be done in order: nothing before it is under way, and they take what is sent."""
        if (self.cycle is not None and not self.cycle.response_complete) or self.flow.write_paused:
            return False
        plain = self.shortcut.asked(self.parser.get_method(), self.url, asked)
        ready = self.shortcut.answer(plain) if plain else None
        if ready is None:
            return False
        stays = self.parser.should_keep_alive() and self.parser.get_http_version() != "1.0"
        self.transport.write(wire(ready, self.server_state.default_headers, stays=stays))
        self._is_answered, self._plain = True, plain if stays else None
        if not stays:
            self._is_deaf, self._timer = True, _stopped(self._timer)
            self.transport.close()
        self.on_response_complete()
        return True

    def _fault(self, asked: dict[bytes, bytes]) -> HTTPStatus | None:
        """Return what is wrong with a head that is whole."""
        fields = self.headers
        if len(self.url) > LONGEST_ADDRESS:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        if len(fields) > FIELDS or (self._heard > LONGEST_HEAD and _size(fields) > LONGEST_HEAD):
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        if int(asked.get(b"content-length", 0)) > LONGEST_BODY:  # the parser lets only one through
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return None

    # What the transport tells

    def pause_writing(self) -> None:
        """Give them some time to take what was sent."""
        super().pause_writing()
        self._stalled = self._stalled or self.loop.call_later(self.limits.stalled, self.transport.abort)

    def resume_writing(self) -> None:
        """See that they took it."""
        self._stalled = _stopped(self._stalled)
        super().resume_writing()

    # Time, and saying no

    def _keep_time(self) -> None:
        if self._is_deaf or (self._stage is self._timed and self._stage is not IDLE):
            return
        self._timer, self._timed = _stopped(self._timer), self._stage
        if self._stage is not IDLE:
            self._timer = self.loop.call_later(
                self.limits.head if self._stage is HEAD else self.limits.body, self._too_slow
            )

    def _too_slow(self) -> None:
        self._timer = None
        if self._stage is IDLE:
            self.transport.close()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _refuse(self, status: HTTPStatus) -> None:
        """Say no, once, and hang up as soon as they do; an answer that is under way is cut off."""
        self._is_deaf = True
        self._timer = _stopped(self._timer)
        under_way = self.cycle is not None and not self.cycle.response_complete
        if under_way and self.cycle.response_started:
            self.transport.abort()
            return
        if under_way:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(_refusal(status))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._timer = self.loop.call_later(LINGER, self.transport.abort)


def gate(limits: Limits, shortcut: Shortcut = NOWHERE) -> type[Gate]:
    """Return the protocol with these limits; where the shortcut has an answer, the application is not asked."""

    class Limited(Gate):
        """Has them all."""

    Limited.limits = limits
    Limited.shortcut = shortcut
    return Limited


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Return what stands in its place: no timer."""
    if timer is not None:
        timer.cancel()
    return None


def _size(fields: list[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) + 4 for name, value in fields)


def _refusal(status: HTTPStatus) -> bytes:
    body = f"{status.phrase.lower()}\n"
    again = "retry-after: 5\r\n" if status is HTTPStatus.SERVICE_UNAVAILABLE else ""
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n{again}"
        f"content-length: {len(body)}\r\ncache-control: no-store\r\nconnection: close\r\n\r\n{body}"
    ).encode()
