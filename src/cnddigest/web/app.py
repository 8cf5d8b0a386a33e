"""The application: files by the shortest way, and pages that are made when somebody asks."""

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cnddigest.web import replay
from cnddigest.web.record import Record
from cnddigest.web.static import Static

MADE = (replay.PATH,)  # paths of pages that are no files


class Site:
    """Sends each request where it belongs."""

    def __init__(self, static: Static, pages: ASGIApp) -> None:
        """Take both."""
        self._static = static
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if any(path.fullmatch(scope["path"]) for path in MADE):
            await self._pages(scope, receive, send)
        else:
            await self._static.answer(scope, send)


def site(static: Static, record: Record) -> Site:
    """Return the application."""
    return Site(static, Starlette(routes=[Route("/replay/{token}/{name}", replay.ReplayFeeds(record))]))
