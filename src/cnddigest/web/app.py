"""The application: files by the shortest way, and pages that are made when somebody asks."""

from collections.abc import Sequence

from starlette.routing import BaseRoute, Router
from starlette.types import Receive, Scope, Send

from cnddigest.web import account, replay, watch, welcome
from cnddigest.web.clerk import Clerk
from cnddigest.web.record import Record
from cnddigest.web.static import Static


class Site:
    """Sends each request where it belongs: what no route answers is a file, or is not there."""

    def __init__(self, static: Static, routes: Sequence[BaseRoute]) -> None:
        """Take both; a route's first word is how it is known: `/replay/{token}/{name}` by `replay`."""
        self._static = static
        self._pages = Router(routes, redirect_slashes=False, default=self._file)
        self._words = {_first(str(getattr(route, "path", ""))) for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        if _first(scope["path"]) in self._words:
            await self._pages(scope, receive, send)
        else:
            await self._static.answer(scope, send)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI calls it so
        await self._static.answer(scope, send)


def site(static: Static, record: Record, clerk: Clerk, watched: watch.Watched) -> Site:
    """Return the application: each group of pages brings its routes."""
    made = [*replay.routes(record), *welcome.routes(clerk), *account.routes(clerk), *watch.routes(watched)]
    return Site(static, made)


def _first(path: str) -> str:
    return path[1:].partition("/")[0]
