"""`GET /replay/<token>/rss.xml`: the feed of one timeline, for whoever holds its address."""

import asyncio
import re
from dataclasses import dataclass
from email.utils import format_datetime

from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from cnddigest.errors import CndDigestError
from cnddigest.usecases.replay_feeds import Document, Run
from cnddigest.web import replies
from cnddigest.web.body import VIEW, XML
from cnddigest.web.media import feed_kind, media_type
from cnddigest.web.negotiation import PLAIN, packing, wants_page
from cnddigest.web.packing import SUFFIXES, packed
from cnddigest.web.policies import policy
from cnddigest.web.record import Record

# A token has 32 characters or more: a Serial called `replay` keeps its files.
PATH = re.compile(r"/replay/([A-Za-z0-9_-]{32,400})/((?:rss|atom)(?:-[1-9]\d{0,5})?\.xml|feed(?:-[1-9]\d{0,5})?\.json)")
NUMBER = re.compile(r"-(\d+)(?=\.)")


def routes(record: Record) -> list[BaseRoute]:
    """Return the way to Replays' feeds; a Serial called `replay` keeps its files."""
    return [Route("/replay/{token:token}/{name}", ReplayFeeds(record), methods=replies.READING)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """How a reader wants a feed."""

    kind: str
    packing: str
    has_view: bool
    suffix: str

    def etag(self, tag: str) -> str:
        """Return the tag of these very bytes."""
        return f'"{tag}{self.suffix}"'


def _wanted(scope: Scope) -> _Wanted:
    name = scope["path"].rpartition("/")[2]
    feed, asked = feed_kind(name), replies.headers(scope)
    has_view = feed.endswith("xml")
    is_view = has_view and wants_page(asked.get(b"accept", b""), feed)
    how = packing(asked.get(b"accept-encoding", b""))
    return _Wanted(
        kind=XML if is_view else media_type(name)[0],
        packing=how,
        has_view=has_view,
        suffix=VIEW * is_view + SUFFIXES.get(how, ""),
    )


class ReplayFeeds:
    """Answers with Replays' feeds."""

    def __init__(self, record: Record) -> None:
        """Ask this record."""
        self._record = record

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI calls it so
        """Answer one request; what no token names is 404, whatever the reason."""
        wanted = _wanted(scope)
        try:
            found = await self._read(scope, wanted)
        except CndDigestError:
            await replies.say(scope, send, 503, "the record can't be read now", (b"retry-after", b"60"))
            return
        if found is None:
            await replies.say(scope, send, 404, "no such replay: it has ended, or its address is incomplete")
        else:
            await self._send(scope, send, wanted, *found)

    async def _read(self, scope: Scope, wanted: _Wanted) -> tuple[Document, Run] | None:
        asked = PATH.fullmatch(scope["path"])
        if not asked:
            return None
        known, number = replies.header(scope, b"if-none-match"), NUMBER.search(asked[2])
        current = NUMBER.sub("", asked[2])
        return await self._record.replay(
            asked[1], current, int(number[1]) if number else None, lambda tag: replies.lists(known, wanted.etag(tag))
        )

    async def _send(self, scope: Scope, send: Send, wanted: _Wanted, document: Document, run: Run) -> None:
        whose = "public" if run.is_stateless else "private"
        modified = format_datetime(document.changed_at.replace(microsecond=0), usegmt=True)
        headers = [
            (b"etag", wanted.etag(document.etag).encode()),
            (b"last-modified", modified.encode()),
            (b"cache-control", f"{whose}, max-age={self._record.until(document.next_at)}".encode()),
            (b"vary", b"accept, accept-encoding" if wanted.has_view else b"accept-encoding"),
            (b"x-robots-tag", b"noindex"),
            (b"referrer-policy", b"no-referrer"),
        ]
        if document.body is None or replies.is_since(scope, modified):
            await replies.send_all(send, replies.start(304, headers), b"")
            return
        body = document.body
        if wanted.packing != PLAIN:
            body = await asyncio.to_thread(packed, body, wanted.packing, often=True)
            headers.append((b"content-encoding", wanted.packing.encode()))
        headers += [
            (b"content-type", wanted.kind.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"accept-ranges", b"none"),
            *policy("", wanted.kind),
        ]
        await replies.send_all(send, replies.start(200, headers), b"" if scope["method"] == "HEAD" else body)
