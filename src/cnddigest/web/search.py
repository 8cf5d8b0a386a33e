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
from cnddigest.web import pages, visitor
from cnddigest.wiring.search import Asked, Searching

T = TypeVar("T")
SHORT = "public, max-age=60"  # what is found changes with a release or an edit; somebody goes back and forth in it
LONG = "public, max-age=86400"
WAITING = 50  # searches in a row for the one thread that does them: who comes then is told to come again
AWAY = {"retry-after": "60"}


def routes(searches: "Searches") -> list[BaseRoute]:
    """Return the addresses that are answered here."""
    return [
        Route("/search", searches.page),
        Route("/search.json", searches.document),
        Route("/opensearch.xml", searches.description),
    ]


class Searches:
    """Searches on a thread of their own: making an index of thousands of Sessions may take seconds."""

    def __init__(self, searching: Searching) -> None:
        """Begin with bringing the index to the record."""
        self._searching = searching
        self._thread = ThreadPoolExecutor(1, "search")
        self._waiting = 0
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
        try:
            html, fits = await self._ask(lambda: self._searching.page(_asked(request)))
        except CndDigestError as error:
            return _away(error)
        return Response(html, 200 if fits else 400, _headers(SHORT), "text/html")

    async def document(self, request: Request) -> Response:
        """Answer with JSON; anybody's page may ask for it, since what is found is public."""
        try:
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

    async def _ask(self, ask: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise WorkFailed("too many searches at once")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, ask)
        finally:
            self._waiting -= 1


def _asked(request: Request) -> Asked:
    """Return what an address asks for; a number of a page that is none is 1."""
    query = request.query_params
    page = query.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return Asked(
        words=query.get("q", ""), within=query.get("serial") or None, page=number, language=visitor.language(request)
    )


def _headers(cache: str) -> dict[str, str]:
    return pages.GUARDS | {"cache-control": cache}


def _away(error: CndDigestError) -> Response:
    """Say that nothing can be searched; why is nobody's business but where it will never be otherwise."""
    sentence = error.message if isinstance(error, NoSearch) else "nothing can be searched now, try again in a minute"
    return Response(f"{sentence}\n", 503, pages.GUARDS | AWAY, "text/plain")
