"""The preview's addresses: views with tabs, and below `/_/` what they frame."""

from collections.abc import AsyncIterator, Callable
from typing import TypeVar

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from cnddigest.errors import CndDigestError
from cnddigest.rendering.preview import entries, pages
from cnddigest.rendering.preview.model import Problem, Sample
from cnddigest.rendering.preview.routes import Place, at_home
from cnddigest.rendering.preview.schemes import forced
from cnddigest.web.media import media_type
from cnddigest.web.preview import answers
from cnddigest.web.preview.live import Live
from cnddigest.wiring.preview import Played, Stage

T = TypeVar("T")
HTML, TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
NOTHING = "nothing of that name was built"
OWN = {"preview.css": "text/css", "reader.css": "text/css", "preview.js": "text/javascript"}
RETRY = 500  # milliseconds after which a browser asks again for a stream that broke


def application(stage: Stage, live: Live) -> Starlette:
    """Return the application."""
    preview = _Preview(stage, live)
    return Starlette(
        routes=[
            Route("/", preview.view, methods=["GET"]),
            Route("/_/events", preview.events, methods=["GET"]),
            Route("/_/site/{path:path}", preview.site, methods=["GET"]),
            Route("/_/source/{path:path}", preview.source, methods=["GET"]),
            Route("/_/mail/{serial}/{part:int}/{scheme}.html", preview.mail, methods=["GET"]),
            Route("/_/entry/{serial}/{feed}/{number:int}.html", preview.entry, methods=["GET"]),
            Route("/_/{name}", preview.own, methods=["GET"]),
            Route("/{serial}/{part:int}/{view}", preview.view, methods=["GET"]),
            Route("/{path:path}", preview.missing, methods=["GET"]),
        ],
        middleware=[Middleware(answers.ForThisMachine)],
    )


class _Preview:
    """Answers from what was built last. Handlers are plain functions: they run in threads."""

    def __init__(self, stage: Stage, live: Live) -> None:
        self._stage = stage
        self._live = live

    def view(self, request: Request) -> Response:
        sight = self._sight()
        asked = _place(request)
        place = pages.nearest(sight.serials, asked)
        if place is None:
            return answers.view(pages.empty(sight))
        if not request.path_params:
            return RedirectResponse(place.href, 303, headers=answers.COMMON)
        if place != asked:
            return answers.view(pages.missing(sight, place), 404)
        try:
            return answers.view(pages.page(sight, place))
        except CndDigestError as error:  # of a Part whose message was not made before
            return answers.view(pages.empty(_troubled(sight, error)))

    def missing(self, request: Request) -> Response:
        del request
        return answers.view(pages.missing(self._sight(), None), 404)

    async def events(self, request: Request) -> Response:
        del request

        async def stream() -> AsyncIterator[str]:
            yield f"retry: {RETRY}\n\n"
            async for revision in self._live.revisions():
                yield f"event: built\ndata: {revision}\n\n" if revision else ": still here\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream", headers=answers.COMMON)

    def site(self, request: Request) -> Response:
        path = request.path_params["path"]
        path += "index.html" if path.endswith("/") or not path else ""
        data = self._files(lambda played: played.files.get(path))
        return answers.shown(data, media_type(path)[0]) if data is not None else answers.nothing(NOTHING)

    def source(self, request: Request) -> Response:
        data = self._files(lambda played: played.files.get(request.path_params["path"]))
        return answers.shown(data, TEXT) if data is not None else answers.nothing(NOTHING)

    def mail(self, request: Request) -> Response:
        serial, part, scheme = (request.path_params[name] for name in ("serial", "part", "scheme"))
        if scheme not in ("light", "dark"):
            return answers.nothing(NOTHING)

        def made(played: Played) -> str | None:
            if not any(each.slug == serial and 1 <= part <= len(each.parts) for each in played.shown):
                return None
            return at_home(played.sample(serial, part).html, played.publication.base_url)

        try:
            html = self._files(made)
        except CndDigestError as error:
            return answers.shown(error.message, TEXT)
        if html is None:
            return answers.nothing(NOTHING)
        return answers.shown(forced(html, scheme), HTML, images=request.query_params.get("images") != "off")

    def entry(self, request: Request) -> Response:
        serial, feed, number = (request.path_params[name] for name in ("serial", "feed", "number"))

        def made(played: Played) -> str | None:
            shown = next((each for each in played.shown if each.slug == serial), None)
            found = entries.items(played.files, shown, sessions=feed == "sessions") if shown else ()
            if number >= len(found):
                return None
            return entries.entry(self._sight().templates, found[number], played.publication.base_url)

        html = self._files(made)
        return answers.shown(html, HTML) if html is not None else answers.nothing(NOTHING)

    def own(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name == "mark.svg":
            return answers.own(self._stage.mark.decode(), "image/svg+xml")
        if name not in OWN:
            return answers.nothing(NOTHING)
        return answers.own(self._stage.frames("en").source(f"preview/{name}"), OWN[name])

    def _files(self, find: Callable[[Played], T | None]) -> T | None:
        played = self._live.now.played
        return find(played) if played else None

    def _sight(self) -> pages.Sight:
        now = self._live.now
        played = now.played
        publication = played.publication if played else self._stage.settings.publication
        return pages.Sight(
            templates=self._stage.frames(publication.language),
            revision=now.revision,
            serials=played.shown if played else (),
            files=played.files if played else {},
            sample=played.sample if played else _no_sample,
            problem=now.problem,
        )


def _no_sample(serial: str, part: int) -> Sample:
    raise KeyError(serial, part)


def _troubled(sight: pages.Sight, error: CndDigestError) -> pages.Sight:
    return pages.Sight(
        templates=sight.templates,
        revision=sight.revision,
        serials=(),
        files={},
        sample=_no_sample,
        problem=Problem(message=error.message, hint=error.hint),
    )


def _place(request: Request) -> Place:
    asked, path = request.query_params, request.path_params
    number = asked.get("entry", "")
    return Place(
        serial=path.get("serial", ""),
        part=path.get("part", 1),
        view=path.get("view", ""),
        pictures=asked.get("images") != "off",
        sessions=asked.get("of") == "sessions",
        entry=int(number) if number.isascii() and number.isdecimal() and len(number) < 7 else -1,
        source=asked.get("as", ""),
        page=asked.get("page", ""),
    )
