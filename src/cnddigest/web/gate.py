"""The door: how long a connection may take, how much it may say, and how many there may be at once.

| limit | else |
|---|---|
| connections at the same time, of all and of one house | 503, closed |
| requests that wait for the one before | they are not read |
| until the whole head of a request is there | closed; 408 where it began |
| a head, and as much again around a body: trailers, what chunks say of themselves | 431, and what `head` says |
| a body, by what it says and by what comes | 413, closed, without reading on |
| a body, until it is whole | 408 |
| an answer of which nobody takes anything more | closed |

A refusal waits for its turn: what was asked before is answered before.

uvicorn has a limit for idle connections only, so that one who says little and slowly would hold one for ever.
"""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cnddigest.web import replies
from cnddigest.web.crowd import Crowd
from cnddigest.web.flow import Flow
from cnddigest.web.head import FIELDS, LONGEST_BODY, LONGEST_HEAD, fault, straight
from cnddigest.web.limits import Limits
from cnddigest.web.progress import Progress
from cnddigest.web.shortcut import LONGEST, NOWHERE, Asked, Shortcut, wire
from cnddigest.web.static import Ready

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

IDLE, HEAD, BODY = "idle", "head", "body"
END = b"\r\n\r\n"
PIECE = 4 * 1024  # octets that the parser is given at once: it can't be stopped, and in these are a hundred requests
LINGER = 2  # seconds for which somebody who was refused may go on talking


class Gate(HttpToolsProtocol):
    """A connection that keeps within its limits. A request that comes whole needs no timer."""

    limits: ClassVar[Limits]
    shortcut: ClassVar[Shortcut]
    crowd: ClassVar[Crowd]
    _stage = _timed = IDLE  # where it is, and for what the timer runs
    _timer: asyncio.TimerHandle | None = None
    _heard = _body = 0  # octets since a head began or some of its body came, and of a body
    _trailers = 0  # fields behind a body
    _plain: Asked | None = None  # what the last head asked for, where it was answered at once
    _said = b""  # the last head that was answered at once, and not known
    _last = 0.0  # when a head that was known was answered
    _is_whole = True  # all that came were whole requests: no head has begun
    _unread = b""  # what came, and waits with the requests before it
    _running: "RequestResponseCycle | None" = None  # what is being answered; `cycle` is what came last
    _last_word = b""  # what is said after all answers, before it hangs up
    _is_deaf = False  # nothing that comes is listened to
    _is_answered = False  # the request that is being read, before it is a task
    _is_outside = False  # turned away as they came

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Let somebody in, if there is room."""
        super().connection_made(transport)
        self.flow = Flow(transport, self._waits)
        self._progress = Progress(self.loop, transport, self.limits.stalled)
        if not self.crowd.enter(self._host) or len(self.connections) > self.limits.connections:
            self._turn_away()
        else:
            self._timer = self.loop.call_later(self.limits.head, self._too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget them, and all that they still waited for."""
        self._timer = _stopped(self._timer)
        self._unset_keepalive_if_required()  # uvicorn lets it run where they hung up roughly
        self._progress.stop()
        self._unread, self._last_word, self._is_deaf = b"", b"", True
        self.pipeline.clear()
        self.crowd.leave(self._host)
        if self._is_outside:
            self.crowd.gone()
        if self._running is not None:
            _give_up(self._running)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Listen, as long as it is not too much."""
        # What nobody listens to is thrown away: to hang up on who is still talking would cost them the answer.
        if self._is_deaf or self.transport.is_closing() or (self._is_between and self._again(data)):
            return
        self._unread += data
        self._listen()

    def _waits(self) -> bool:
        return bool(self.pipeline or self._unread)

    @property
    def _is_between(self) -> bool:
        return self._stage is IDLE and self._is_whole and not self._unread

    @property
    def _host(self) -> str:
        return self.client[0] if self.client else ""

    def _listen(self) -> None:
        """Take what came, until one has to wait for another."""
        while self._unread and not self.pipeline and not self.transport.is_closing():
            piece, self._unread = self._unread[:PIECE], self._unread[PIECE:]
            self.flow.resume_reading()
            begins, before = self._stage is IDLE and self._is_whole, self.server_state.total_requests
            self._take(piece)
            self._is_whole = self._stage is IDLE and piece.endswith(END)
            if begins and self._is_whole and self._plain and self.server_state.total_requests == before + 1:
                if piece == self._said:
                    self.shortcut.learn(piece, self._plain)
                self._said = piece[: LONGEST + 1]

    def _take(self, piece: bytes) -> None:
        if self._stage is IDLE:
            self._stage, self._heard = HEAD, 0
        self._heard += len(piece)
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as asked:  # what nobody has to take up (RFC 9110, 7.8)
            self._unread = piece[asked.args[0] :] + self._unread
        except httptools.HttpParserError:
            self._refuse(HTTPStatus.BAD_REQUEST)
        if self._is_deaf:
            return
        if self._stage is not IDLE and self._heard > LONGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._stage is not self._timed or self._timer:
            self._keep_time()

    # What the parser tells

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of a head; one behind a body is dropped: it would speak for a proxy (RFC 9110, 6.5.1)."""
        if self._stage is not BODY:
            super().on_header(name, value)
            return
        self._trailers += 1
        if self._trailers > FIELDS:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        """Judge a head before anybody works on it."""
        if self._is_deaf:
            return
        method, version = self.parser.get_method(), self.parser.get_http_version()
        asked = replies.gathered(self.headers)
        if status := fault(method, version, self.url, self.headers, asked):
            self._refuse(status)
            return
        self._stage, self._heard, self._body, self._trailers, self._plain = BODY, 0, 0, 0, None
        if not self._answer(method, version, asked):
            self.url = straight(self.url, self.headers)
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what comes: a body in chunks says nothing of its length."""
        self._heard = 0
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

    # What is answered

    def _again(self, data: bytes) -> bool:
        """Answer octets that are known, between two requests: no parser, and the timer that runs goes on."""
        if self.timeout_keep_alive_task is None or self.flow.write_paused:
            return False
        asked = self.shortcut.again(data)
        ready = self.shortcut.answer(asked) if asked else None
        if ready is None:
            return False
        self._write(ready, stays=True)
        self.server_state.total_requests += 1
        self._last = self.loop.time()
        return True

    def _write(self, ready: Ready, *, stays: bool) -> None:
        for piece in wire(ready, self.server_state.default_headers, stays=stays):
            self.transport.write(piece)

    def _answer(self, method: bytes, version: str, asked: dict[bytes, bytes]) -> bool:
        """Answer at once, if that can be done in order: nothing before it is under way, and they take what is sent."""
        if self._is_busy or self.flow.write_paused:
            return False
        plain = self.shortcut.asked(method, self.url, asked)
        ready = self.shortcut.answer(plain) if plain else None
        if ready is None:
            return False
        stays = self.parser.should_keep_alive() and version != "1.0"
        self._write(ready, stays=stays)
        self._is_answered, self._plain = True, plain if stays else None
        if not stays:
            self._is_deaf, self._timer = True, _stopped(self._timer)
            self.transport.close()
        self.on_response_complete()
        return True

    @property
    def _is_busy(self) -> bool:
        return self._running is not None and not self._running.response_complete

    def _start_asgi_task(self, cycle: "RequestResponseCycle", app: "ASGI3Application") -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        """Go on with what waits."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._progress.watch()
        elif self._last_word and not self._is_busy:
            self._hang_up()
        elif self._unread and not self.pipeline:
            self.loop.call_soon(self._listen)

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on who said nothing for long; who was answered since the timer was set has the rest of their time.

        What they have not taken yet they may take.
        """
        rest = self._last + self.timeout_keep_alive - self.loop.time()
        if rest > 0:
            self.timeout_keep_alive_task = self.loop.call_later(rest, self.timeout_keep_alive_handler)
            return
        super().timeout_keep_alive_handler()
        self._progress.watch()

    # What the transport tells

    def pause_writing(self) -> None:
        """Give them some time to take what was sent."""
        super().pause_writing()
        self._progress.watch()

    def resume_writing(self) -> None:
        """See that they took it."""
        if not self.transport.is_closing():
            self._progress.stop()
        super().resume_writing()

    # Time, and saying no

    def _keep_time(self) -> None:
        if self._is_deaf or (self._stage is self._timed and self._stage is not IDLE):
            return
        self._timer, self._timed = _stopped(self._timer), self._stage
        if self._stage is not IDLE:
            self._set_timer()

    def _set_timer(self) -> None:
        seconds = self.limits.body if self._stage is BODY else self.limits.head
        self._timer = self.loop.call_later(seconds, self._too_slow)

    def _too_slow(self) -> None:
        self._timer = None
        if self._stage is IDLE:
            self.transport.close()
        elif self.flow.read_paused:  # it is we who are
            self._set_timer()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    def _turn_away(self) -> None:
        """Say no to somebody who has just come: they take no place."""
        self.connections.discard(self)
        self._is_deaf, self._is_outside, self._last_word = True, True, replies.refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        self._hang_up()
        if not self.crowd.may_linger():
            self.transport.close()

    def _refuse(self, status: HTTPStatus) -> None:
        """Say no, once, when all that was asked before is answered."""
        if self._is_deaf:
            return
        self._is_deaf, self._unread, self._timer = True, b"", _stopped(self._timer)
        self._last_word = replies.refusal(status)
        if self._stage is BODY:
            self._take_back(self.cycle)
        if not self._is_busy and not self.transport.is_closing():
            self._hang_up()

    def _take_back(self, cycle: "RequestResponseCycle") -> None:
        """Work no more on a request whose body is refused; an answer that is under way is cut off."""
        if cycle.response_complete:
            self._last_word = b""
        elif cycle.response_started:
            self.transport.abort()
        elif cycle is self._running:
            self._running = None
            _give_up(cycle)
        else:
            self.pipeline.popleft()

    def _hang_up(self) -> None:
        """Say the last word, and go as soon as they do."""
        self.transport.write(self._last_word)
        self._last_word = b""
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._unset_keepalive_if_required()
        self._timer = self.loop.call_later(LINGER, self._leave)

    def _leave(self) -> None:
        self.transport.close()
        self._progress.watch()


def gate(limits: Limits, shortcut: Shortcut = NOWHERE) -> type[Gate]:
    """Return the protocol with these limits; where the shortcut has an answer, the application is not asked."""

    class Limited(Gate):
        """Has them all."""

    Limited.limits = limits
    Limited.shortcut = shortcut
    Limited.crowd = Crowd(limits.of_one_house)
    return Limited


def _stopped(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Return what stands in its place: no timer."""
    if timer is not None:
        timer.cancel()
    return None


def _give_up(cycle: "RequestResponseCycle") -> None:
    """Let whoever works on an answer know that nobody waits for it."""
    cycle.disconnected = True
    cycle.message_event.set()
