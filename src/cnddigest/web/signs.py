"""Signs over HTTP: a page where somebody reads pages, plain text for everything else."""

import asyncio
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope, Send

from cnddigest.errors import CndDigestError
from cnddigest.rendering.signs import leads_nowhere, nothing_here
from cnddigest.web import pages, replies, visitor
from cnddigest.web.media import feed_kind
from cnddigest.web.negotiation import wants_page
from cnddigest.wiring.signs import Said, Signs

PERSONAL = ("confirm", "unsubscribe", "preferences", "pace", "replay")  # below these lie links of messages
DEEPEST = 8  # folders below the front page: what lies deeper is nothing that we link to


class Signboard:
    """Answers with signs."""

    def __init__(self, signs: Signs, tell: Callable[[str], None] = lambda _: None) -> None:
        """Make a first one, so that a broken template is told at the start; `tell` takes a line for the operator."""
        self._signs, self._tell = signs, tell
        self._made(nothing_here, "", "")

    def _made(self, said: Said, language: str, up: str) -> str | None:
        try:
            return self._signs.page(said, language, up)
        except CndDigestError as error:
            self._tell(f"sign.failed reason={error.message}")
            return None

    async def show(
        self, said: Said, status: int, *, language: str, up: str = "", more: Mapping[str, str] | None = None
    ) -> Response:
        """Return a sign as an answer; where its template is broken it is said in fewer words."""
        html = self._signs.at_hand(said, language, up) or await asyncio.to_thread(self._made, said, language, up)
        if html is None:
            return pages.said(status, "nothing to be seen", more)
        found = pages.page(html, status)
        found.headers.update(more or {})
        return found

    async def missing(self, scope: Scope, send: Send) -> None:
        """Answer where there is no file. Nothing of the address is in the answer.

        Mail programs cut links, or take the full stop behind them along: what was one is told apart.
        """
        path = scope["path"]
        depth = path.count("/") - 1
        is_personal = path[1:].partition("/")[0] in PERSONAL
        if not (_is_read(scope) if is_personal else _is_page(path)) or not 0 <= depth <= DEEPEST:
            await replies.no_such_page(scope, send)
            return
        found = await self.show(
            leads_nowhere if is_personal else nothing_here,
            404,
            language=visitor.language(Request(scope)),
            up="../" * depth,
        )
        body = b"" if scope["method"] == "HEAD" else bytes(found.body)
        await replies.send_all(send, replies.start(found.status_code, found.raw_headers), body)


def _is_page(path: str) -> bool:
    """Say whether somebody who reads pages may have asked: for a folder, or a name without another ending."""
    name = path.rpartition("/")[2]
    return "." not in name or name.endswith((".html", ".htm"))


def _is_read(scope: Scope) -> bool:
    """Say whether a person may have opened what was a link: anything but a feed that no browser asks for."""
    kind = feed_kind(scope["path"].rpartition("/")[2])
    return not kind or wants_page(replies.headers(scope).get(b"accept", b""), kind)
