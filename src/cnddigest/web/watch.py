"""`GET /healthz` for whoever restarts it, and `GET /metrics` for whoever draws curves.

A thread of their own asks the record: to count a million Deliveries must not keep readers waiting.
"""

import asyncio
import datetime as dt
import hmac
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from cnddigest.config import Settings
from cnddigest.config.secret import metrics_token
from cnddigest.errors import BadConfiguration, CndDigestError
from cnddigest.usecases.survey import faults
from cnddigest.web import here, replies
from cnddigest.web.traffic import Traffic
from cnddigest.wiring import Opened, keyring

T = TypeVar("T")

JUST_NOW = 1.0  # seconds for which an answer is good for the next one too: nobody can ask the record to death
UNREADABLE = "the record can't be read"
WRONG_SECRET = "the secret is not one that the record was used with"  # noqa: S105  a sentence
Answer = tuple[int, str, bytes]  # status, media type, body


class Watched:
    """What is told about a publication that is served; `close` it at the end."""

    def __init__(
        self, settings: Settings, clock: Callable[[], dt.datetime], traffic: Callable[[], Traffic] = Traffic
    ) -> None:
        """Read the token, raises BadConfiguration for one that can't be used; `traffic` is what came in so far."""
        self._settings, self._clock, self._traffic = settings, clock, traffic
        self.token = metrics_token(settings.web)
        self._thread = ThreadPoolExecutor(1, "watch")
        self._lately: dict[Callable[[], Answer], tuple[float, Answer]] = {}

    async def tell(self, what: Callable[[], Answer]) -> Answer:
        """Return one of the two below, as it was within the last second."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._told, what)

    def _told(self, what: Callable[[], Answer]) -> Answer:
        found = self._lately.get(what)
        if found is None or time.monotonic() - found[0] > JUST_NOW:
            found = self._lately[what] = (time.monotonic(), what())
        return found[1]

    def health(self) -> Answer:
        """Return whether it works, as JSON; 503 with reasons where it does not."""
        try:
            found = self._asked(lambda opened: opened.health())
            problems = faults(found, now=self._clock())
        except CndDigestError:
            found, problems = None, (UNREADABLE,)
        try:
            keyring.check(self._settings)
        except BadConfiguration:
            problems = (*problems, WRONG_SECRET)
        knocked_at = found.knocked_at if found else None
        wire = {
            "schema": "cnddigest/health/1",
            "status": "failing" if problems else "ok",
            "problems": list(problems),
            "knocked_at": f"{knocked_at:%Y-%m-%dT%H:%M:%SZ}" if knocked_at else None,
        }
        return 503 if problems else 200, "application/json", f"{json.dumps(wire)}\n".encode()

    def metrics(self) -> Answer:
        """Return the figures, in the form that Prometheus reads."""
        from cnddigest.web import metrics

        try:
            vitals = self._asked(lambda opened: opened.vitals(now=self._clock()))
        except CndDigestError:  # that it is away is a figure too
            vitals = None
        return 200, metrics.KIND, metrics.text(vitals, self._traffic())

    def close(self) -> None:
        """Wait for the last answer."""
        self._thread.shutdown()

    def _asked(self, ask: Callable[[Opened], T]) -> T:
        with closing(Opened(self._settings, resident=True)) as opened:
            return ask(opened)


def routes(watched: Watched) -> list[BaseRoute]:
    """Return both pages."""
    health, metrics = watched.health, watched.metrics  # bound once: they are the keys of what was told lately
    return [
        Route("/healthz", _Told(watched, health, private=False), methods=replies.READING),
        Route("/metrics", _Told(watched, metrics, private=True), methods=replies.READING),
    ]


class _Told:
    """Answers with what is told."""

    def __init__(self, watched: Watched, what: Callable[[], Answer], *, private: bool) -> None:
        self._watched, self._what, self._private = watched, what, private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI calls it so
        if self._private and not may_read(scope, self._watched.token):
            await replies.say(
                scope, send, 401, "from this machine, or with a token", (b"www-authenticate", b'Bearer realm="metrics"')
            )
        else:
            status, kind, body = await self._watched.tell(self._what)
            message = replies.start(status, replies.told(body, kind.encode()))
            await replies.send_all(send, message, b"" if scope["method"] == "HEAD" else body)


def may_read(scope: Scope, token: str | None) -> bool:
    """Say whether a request has the token, or comes from this very machine by one of its own names."""
    scheme, _, given = replies.headers(scope).get(b"authorization", b"").partition(b" ")
    if token and scheme.lower() == b"bearer":
        return hmac.compare_digest(given.strip(), token.encode())
    return here.is_here(scope)
