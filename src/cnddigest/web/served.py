"""`/assets/served.css`: shows on every page what a folder on its own hides, because a server is there to do it."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

SHOWN = "nav.served, .served.by-mail { display: flex; flex-wrap: wrap; }\nsection.served { display: block; }\n"
FIELDS = {"cache-control": "public, max-age=3600", "x-content-type-options": "nosniff"}


def routes() -> list[BaseRoute]:
    """Return the way to that stylesheet, which goes before the file of its name."""
    return [Route("/assets/served.css", shown)]


async def shown(request: Request) -> Response:  # noqa: ARG001  Starlette calls it so
    """Show all of it."""
    return Response(SHOWN, HTTPStatus.OK, FIELDS, "text/css")
