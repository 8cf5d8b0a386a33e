"""The application: files by the shortest way, and pages that are made when somebody asks."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from cnddigest.config import Settings
from cnddigest.web import account, admin, farewell, hub, replay, replies, search, served, watch, welcome
from cnddigest.web.clerk import MOST, Clerk
from cnddigest.web.links import Links
from cnddigest.web.record import Record
from cnddigest.web.returns import Returns
from cnddigest.web.search import Searches
from cnddigest.web.signs import PERSONAL, Signboard
from cnddigest.web.static import Missing, Ready, Static
from cnddigest.web.traffic import Traffic
from cnddigest.web.watch import Watched
from cnddigest.wiring.rarely import Rarely
from cnddigest.wiring.reading import Reading
from cnddigest.wiring.reception import Reception
from cnddigest.wiring.search import Searching
from cnddigest.wiring.signs import Signs


class Site:
    """Sends each request where it belongs: what no route answers is a file, or is not there."""

    def __init__(self, static: Static, routes: Sequence[BaseRoute], missing: Missing) -> None:
        """Take both; a route's first word is how it is known: `/replay/{token}/{name}` by `replay`."""
        self._static, self._missing = static, missing
        self.routes = tuple(routes)
        self._words = {_first(str(getattr(route, "path", ""))) for route in routes}

    def ready(self, method: str, path: str, asked: dict[bytes, bytes]) -> Ready | None:
        """Return the answer to a request where it is at hand: a path that a route answers never is."""
        return self._static.ready(method, path, asked)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        if _first(scope["path"]) in self._words:
            await self._page(scope, receive, send)
        else:
            await self._static.answer(scope, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the route that fits, or say which methods others know: every refusal is guarded alike."""
        known: set[str] = set()
        for route in () if scope["path"].endswith("\n") else self.routes:  # a route's `$` would pass over it
            match, found = route.matches(scope)
            if match is Match.FULL:
                scope.update(found)
                await route.handle(scope, receive, send)
                return
            if match is Match.PARTIAL and isinstance(route, Route):
                known |= route.methods or set()
        if known:
            await replies.not_so(scope, send, known)
        elif scope["method"] == "POST" and _first(scope["path"]) in PERSONAL:  # a link that was cut
            await self._missing(scope, send)
        else:
            await self._static.answer(scope, send)


@contextmanager
def site(
    settings: Settings, *, clock: Callable[[], dt.datetime], nudge: Callable[[], None], tell: Callable[[str], None]
) -> Iterator[Site]:
    """Give the application with all that its pages ask, and close that again: each group of pages brings its routes."""
    with ExitStack() as stack:
        record = stack.enter_context(closing(Record(Reading(settings), clock)))
        rarely = Rarely(tell)
        clerk, backroom = (
            stack.enter_context(closing(Clerk(Reception(settings, clock, nudge=nudge, tell=rarely), most=most)))
            for most in (MOST, admin.MOST)
        )
        board = Signboard(Signs(settings), rarely)
        searches = stack.enter_context(closing(Searches(Searching(settings), clerk, board)))
        returns = Returns(clerk, settings, clock, tell)
        watched = stack.enter_context(closing(Watched(settings, clock, lambda: _traffic(returns, searches))))
        links = Links(settings.publication.base_url, settings.publication.hubs)
        yield Site(
            Static(settings.output, record.max_age, more=links.of, missing=board.missing),
            [
                *replay.routes(record),
                *welcome.routes(clerk),
                *account.routes(clerk),
                *farewell.routes(clerk),
                *admin.routes(backroom),
                *search.routes(searches),
                *watch.routes(watched),
                *returns.routes(),
                *served.routes(),
                *(hub.routes(clerk) if settings.web.is_hub else ()),
            ],
            board.missing,
        )


def _traffic(returns: Returns, searches: Searches) -> Traffic:
    return Traffic(returned=returns.counted, searches_waiting=searches.waiting)


def _first(path: str) -> str:
    return path[1:].partition("/")[0]
