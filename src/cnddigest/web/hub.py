"""`POST /hub`: servers that want to be told of what is new ask here, and the callback they name is asked later."""

import asyncio
import datetime as dt
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cnddigest.audience.allowance import Allowance
from cnddigest.errors import CndDigestError, WrongUse
from cnddigest.site import paths
from cnddigest.usecases import joining
from cnddigest.web import forms, pages, visitor
from cnddigest.web.clerk import Busy, Clerk, Line
from cnddigest.wiring.reception import Counter

# A large reader asks for all its feeds within a second, and again when its leases end.
OF_NETWORK = Allowance(burst=100, every=dt.timedelta(seconds=20))
LATER = {"retry-after": "3600"}


def routes(clerk: Clerk) -> list[BaseRoute]:
    """Return the way to our hub."""

    async def answer(request: Request) -> Response:
        return await _answered(request, clerk)

    return [Route(f"/{paths.HUB}", answer, methods=["POST"])]


async def _answered(request: Request, clerk: Clerk) -> Response:
    try:
        form = await asyncio.wait_for(forms.read(request), forms.PATIENCE)
        network = visitor.network(request)
        return await clerk.ask(partial(_taken, form, network), Line.WRITES, visitor.crowd(request))
    except forms.Refused as refused:
        return pages.said(refused.status, "this is no form of a hub")
    except TimeoutError:
        return pages.said(HTTPStatus.REQUEST_TIMEOUT, "that took too long")
    except (Busy, CndDigestError):
        return pages.said(HTTPStatus.SERVICE_UNAVAILABLE, "not now: come again in a minute", pages.SOON)


def _taken(form: Mapping[str, str], network: str, counter: Counter) -> Response:
    """Keep a wish; what is wrong with it is said as plain text (section 5.2 of the specification)."""
    limits, tokens, now = counter.limits, counter.tokens, counter.now
    if not joining.allowed(limits, tokens, "hub", network, OF_NETWORK, now=now):
        return pages.said(
            HTTPStatus.TOO_MANY_REQUESTS, "so much comes from your network that this has to wait", pages.SOON
        )
    try:
        if not counter.opened.herald.accept(form, now=now):
            return pages.said(HTTPStatus.TOO_MANY_REQUESTS, "too many callbacks wait, or stand there", LATER)
    except WrongUse as error:
        if type(error) is not WrongUse:  # of the record, which nobody out there can mend
            raise
        return pages.said(HTTPStatus.BAD_REQUEST, error.message)
    counter.nudge()
    return pages.said(HTTPStatus.ACCEPTED, "the callback will be asked")
