"""`GET /search?q=`: the page that searches, the same as JSON, and what lets a browser add it to its searches."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from cnddigest.errors import CndDigestError, NoSearch, WorkFailed
from cnddigest.rendering.signs import many_searches, no_search, no_search_now
from cnddigest.usecases import joining
from cnddigest.web import pages, visitor
from cnddigest.web.clerk import Busy, Clerk, Line
from cnddigest.web.signs import Signboard
from cnddigest.wiring.reception import Counter
from cnddigest.wiring.search import Asked, Searching

T = TypeVar("T")
SHORT = "public, max-age=60"  # what is found changes with a release or an edit; somebody goes back and forth in it
LONG = "public, max-age=86400"
WAITING = 50  # searches in a row for the one thread that does them: who comes then is told to come again


def routes(searches: "Searches") -> list[BaseRoute]:
    """Return the addresses that are answered here."""
    return [
        Route("/search", searches.page),
        Route("/search.json", searches.document),
        Route("/opensearch.xml", searches.description),
    ]


class Searches:
    """Searches on a thread of their own: making an index of thousands of Sessions may take seconds."""

    def __init__(self, searching: Searching, clerk: Clerk, board: Signboard) -> None:
        """Begin with bringing the index to the record; the clerk knows who asks too often, the board what to say."""
        self._searching, self._clerk, self._board = searching, clerk, board
        self._thread = ThreadPoolExecutor(1, "search")
        self.waiting = 0  # searches that are under way
        self._thread.submit(self._prepare)

    def close(self) -> None:
        """Give the record back, when the last search was answered."""
        self._searching.stop()
        self._thread.submit(self._searching.close)
        self._thread.shutdown()

    def _prepare(self) -> None:
        with suppress(CndDigestError):  # nothing was published yet, say: whoever searches is told
            self._searching.prepare()

    async def page(self, request: Request) -> Response:
        """Answer with the page."""
        asked = _asked(request)
        try:
            if not await self._may(request):
                return await self._board.show(many_searches, 429, language=asked.language, more=pages.SOON)
            html, fits = await self._ask(lambda: self._searching.page(asked))
        except CndDigestError as error:
            said = no_search if isinstance(error, NoSearch) else no_search_now
            return await self._board.show(said, 503, language=asked.language, more=pages.SOON)
        return Response(html, 200 if fits else 400, _headers(SHORT), "text/html")

    async def document(self, request: Request) -> Response:
        """Answer with JSON; anybody's page may ask for it, since what is found is public."""
        try:
            if not await self._may(request):
                return pages.said(429, "too many searches, try again in a minute", pages.SOON)
            data = await self._ask(lambda: self._searching.document(_asked(request)))
        except CndDigestError as error:
            return _away(error)
        if data is None:
            return Response("too much to look for at once\n", 400, _headers(SHORT), "text/plain")
        return Response(data, 200, _headers(SHORT) | {"access-control-allow-origin": "*"}, "application/json")

    async def description(self, request: Request) -> Response:
        """Answer with what a browser adds to its searches."""
        try:
            described = await self._ask(lambda: self._searching.description(visitor.language(request)))
        except CndDigestError as error:
            return _away(error)
        return Response(described, 200, _headers(LONG), "application/opensearchdescription+xml")

    async def _may(self, request: Request) -> bool:
        """Take one search out of the bucket of the visitor's network."""
        network = visitor.network(request)

        def take(counter: Counter) -> bool:
            return joining.allowed(
                counter.limits, counter.tokens, "search", network, joining.OF_SEARCHES, now=counter.now
            )

        try:
            return await self._clerk.ask(take, Line.SEARCHES, visitor.crowd(request))
        except Busy as busy:
            raise WorkFailed("too much to do at once") from busy

    async def _ask(self, ask: Callable[[], T]) -> T:
        if self.waiting >= WAITING:
            raise WorkFailed("too many searches at once")
        self.waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, ask)
        finally:
            self.waiting -= 1


def _asked(request: Request) -> Asked:
    """Return what an address asks for; a number of a page that is none is 1."""
    query = request.query_params
    page = query.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    language = visitor.language(request)
    return Asked(
        words=query.get("q", ""),
        within=query.get("serial") or None,
        page=number,
        language=language,
        tongue=language if query.get("lang") else "",
    )


def _headers(cache: str) -> dict[str, str]:
    return pages.GUARDS | {"cache-control": cache}


def _away(error: CndDigestError) -> Response:
    """Say that nothing can be searched; why is nobody's business but where it will never be otherwise."""
    sentence = error.message if isinstance(error, NoSearch) else "nothing can be searched now, try again in a minute"
    return pages.said(503, sentence, pages.SOON)
