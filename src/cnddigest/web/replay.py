"""`GET /replay/<token>/rss.xml`: the feed of one timeline, for whoever holds its address."""

import re

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from cnddigest.errors import CndDigestError
from cnddigest.usecases.replay_feeds import Document, Run
from cnddigest.web import replies
from cnddigest.web.media import media_type
from cnddigest.web.record import Record

# A token has 32 characters or more: a Serial called `replay` keeps its files.
PATH = re.compile(r"/replay/([A-Za-z0-9_-]{32,400})/((?:rss|atom)(?:-[1-9]\d{0,5})?\.xml|feed(?:-[1-9]\d{0,5})?\.json)")
NUMBER = re.compile(r"-(\d+)(?=\.)")


def routes(record: Record) -> list[BaseRoute]:
    """Return the way to Replays' feeds; a Serial called `replay` keeps its files."""
    return [Route("/replay/{token:token}/{name}", ReplayFeeds(record))]


class ReplayFeeds:
    """Answers with Replays' feeds."""

    def __init__(self, record: Record) -> None:
        """Ask this record."""
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI calls it so
        """Answer one request; what no token names is 404, whatever the reason."""
        if scope["method"] not in replies.READING:
            await replies.say(scope, send, 405, "only to be read: GET or HEAD", (b"allow", b"GET, HEAD"))
            return
        try:
            found = await self._read(scope)
        except CndDigestError:
            await replies.say(scope, send, 503, "the record can't be read now", (b"retry-after", b"60"))
            return
        if found is None:
            await replies.say(scope, send, 404, "no such replay: it has ended, or its address is incomplete")
        else:
            await self._send(scope, send, *found)

    async def _read(self, scope: Scope) -> tuple[Document, Run] | None:
        asked = PATH.fullmatch(scope["path"])
        if not asked:
            return None
        known, number = replies.header(scope, b"if-none-match"), NUMBER.search(asked[2])
        current = NUMBER.sub("", asked[2])
        return await self._record.replay(
            asked[1], current, int(number[1]) if number else None, lambda tag: replies.lists(known, f'"{tag}"')
        )

    async def _send(self, scope: Scope, send: Send, document: Document, run: Run) -> None:
        whose = "public" if run.is_stateless else "private"
        headers = [
            (b"etag", f'"{document.etag}"'.encode()),
            (b"cache-control", f"{whose}, max-age={self._record.until(document.next_at)}".encode()),
            (b"x-robots-tag", b"noindex"),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if document.body is None:
            await replies.send_all(send, replies.start(304, headers), b"")
            return
        kind, _ = media_type(scope["path"].rpartition("/")[2])
        headers += [(b"content-type", kind.encode()), (b"content-length", str(len(document.body)).encode())]
        body = b"" if scope["method"] == "HEAD" else document.body
        await replies.send_all(send, replies.start(200, headers), body)
