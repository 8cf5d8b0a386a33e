"""`POST /bounces`: what Providers and relays say about mail that could not be delivered.

No answer teaches anything to whoever has no secret. What counts is recorded before 200 is said: a Provider that hears
503, or nothing, posts it again, and told twice is once.
"""

import asyncio
import datetime as dt
from collections import Counter as Tally
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from cnddigest.audience.bounces.model import Bounce
from cnddigest.audience.bounces.providers.model import Posted
from cnddigest.audience.suppression import Action
from cnddigest.config import Settings
from cnddigest.errors import CndDigestError
from cnddigest.usecases.bounce import BounceLine
from cnddigest.usecases.returns import Door, door_of, is_first
from cnddigest.web import pages
from cnddigest.web.clerk import Busy, Clerk, Line
from cnddigest.wiring import returns
from cnddigest.wiring.reception import Counter

MOST = 1 << 20  # octets of a request: a thousand events have half of it
MOST_DRAINED = 16 * MOST
PATIENCE = 30.0  # seconds for a body to come
AT_ONCE = 20  # events between which others get their turn at the record
WHO = {"www-authenticate": 'Basic realm="bounces"'}  # also for those who sign: what is wrong is nobody's to know


class TooLarge(Exception):
    """A body that is longer than what anybody has to say."""


class Returns:
    """Answers who posts what came back, and counts it."""

    def __init__(
        self,
        clerk: Clerk,
        settings: Settings,
        clock: Callable[[], dt.datetime],
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Read what shows who posts, raises BadConfiguration; `tell` takes a line for the operator."""
        self._clerk = clerk
        self._clock = clock
        self._tell = tell
        self._doors = returns.doors(settings.web)
        self._tally: Tally[tuple[str, str]] = Tally()

    def routes(self) -> list[BaseRoute]:
        """Return the way in; a Serial called `bounces` keeps its files."""
        return [Route("/bounces", self.answer, methods=["POST"])]

    @property
    def counted(self) -> Mapping[tuple[str, str], int]:
        """Return how many events each Provider told, by its name and their kind; `("", "refused")` are strangers."""
        return dict(self._tally)

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        try:
            body = await asyncio.wait_for(_body(request), PATIENCE)
        except TooLarge:
            return pages.said(413, "more than 1 MB", {"connection": "close"})
        except ClientDisconnect:
            return pages.said(400, "not all of it came")
        except TimeoutError:
            return pages.said(408, "that took too long")
        fields = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
        posted = Posted(body=body, fields=fields)
        door = door_of(self._doors, posted, self._clock())
        if door is None:
            self._tally["", "refused"] += 1
            return pages.said(401, "not from anybody who may", WHO)
        if place := door.provider.confirms(posted):
            self._tell(f"webhook.unconfirmed provider={door.provider.name} visit={place}")
        try:
            return await self._taken(door, posted)
        except (Busy, CndDigestError):
            return pages.said(503, "not now: tell it again", pages.SOON)

    async def _taken(self, door: Door, posted: Posted) -> Response:
        bounces = await self._clerk.ask(partial(_read, door, posted), Line.PROMISED)
        if bounces is None:
            self._tally[door.provider.name, "replayed"] += 1
            bounces = ()
        suppressed = 0
        for start in range(0, len(bounces), AT_ONCE):
            lines = await self._recorded(door, bounces[start : start + AT_ONCE])
            suppressed += sum(line.action is Action.SUPPRESSED for line in lines)
            self._tally.update((door.provider.name, line.kind.value) for line in lines)
        return JSONResponse({"read": len(bounces), "suppressed": suppressed}, headers=pages.GUARDS)

    async def _recorded(self, door: Door, bounces: Sequence[Bounce]) -> list[BounceLine]:
        return await self._clerk.ask(
            lambda counter: returns.record(counter.office, counter.settings, door, bounces, now=counter.now),
            Line.PROMISED,
        )


def _read(door: Door, posted: Posted, counter: Counter) -> tuple[Bounce, ...] | None:
    """Return what a request says; None for one whose signature another one had, which is told no more than that."""
    if not is_first(counter.limits, counter.tokens, door, posted, now=counter.now):
        return None
    return returns.read(counter.office, door, posted)


async def _body(request: Request) -> bytes:
    """Return a body; one that is too long is read and thrown away, or whoever sends it would never hear why."""
    body, size = bytearray(), 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST_DRAINED:
            break
        body += piece[: MOST - len(body)]
    if size > MOST:
        raise TooLarge
    return bytes(body)
