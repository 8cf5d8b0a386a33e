"""The feeds of one Serial: Parts and sessions, each as RSS, Atom and JSON Feed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from sys import getsizeof
from typing import Protocol
from urllib.parse import urljoin

from cnddigest.errors import WorkFailed
from cnddigest.feed import atom, jsonfeed, paging, rss
from cnddigest.feed.model import Channel, Span
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.lately import Lately
from cnddigest.serial.model import MAIN
from cnddigest.site import paths
from cnddigest.site.target import Target, digest
from cnddigest.usecases.press import Desk
from cnddigest.usecases.timeline import Timeline

ROUND = 4  # documents that one process makes at a time: 100 Entries in three formats
TOGETHER = 1_000_000  # bytes of text whose items are made at once: as XML they take twenty times as much
ROOM = 4_000_000  # bytes of Entries that wait for the next format
STYLESHEET = "assets/feed.css"


class Format(Protocol):
    """A kind of feed: how its frame and items are made once, and joined often."""

    def frame(self, channel: Channel) -> str:
        """Return the document around the items."""
        ...

    def undated(self, channel: Channel, entries: Iterable[Entry]) -> tuple[str, ...]:
        """Return the item of each Entry with slots for its dates and its run."""
        ...

    def dated(self, item: str, *, published_at: dt.datetime, updated_at: dt.datetime, run: str = MAIN) -> str:
        """Return an item with its dates, and its id in this run."""
        ...

    def document(self, frame: str, items: Iterable[str], span: Span) -> bytes:
        """Return a finished document."""
        ...


FORMATS: dict[str, Format] = {"rss.xml": rss, "atom.xml": atom, "feed.json": jsonfeed}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An Entry to be: where its text is, and what is known without it. `index` is None for a whole Part.

    `size` is that of its text in bytes.
    """

    part: int
    index: int | None
    size: int
    digest: str
    published_at: dt.datetime
    updated_at: dt.datetime


class Feeds:
    """The feeds of a Serial as targets."""

    def __init__(self, desk: Desk, timeline: Timeline, *, now: dt.datetime, checked: bool) -> None:
        """Make what is out after this timeline; `checked` looks at each document before it is written."""
        self._desk = desk
        self._line = timeline
        self._copy = desk.copy
        self._now = now
        self._checked = checked
        self._entries: Lately[tuple[int, int | None], Entry] = Lately(
            ROOM, most=paging.WINDOW, size=lambda entry: getsizeof(entry.html)
        )

    def everything(self) -> Iterator[Iterator[Target]]:
        """Yield every document of every feed, some at a time, archives first: the current one names them."""
        for sessions, count in self._counts(self._line):
            documents = list(paging.documents(count))[::-1]
            for first in range(0, len(documents), ROUND):
                yield self._documents(documents[first : first + ROUND], sessions=sessions)

    def grown(self, before: Timeline) -> Iterator[Target]:
        """Yield the documents that differ from how they were before."""
        for (sessions, count), (_, earlier) in zip(self._counts(self._line), self._counts(before), strict=True):
            yield from self._documents(list(paging.touched(earlier, count))[::-1], sessions=sessions)

    def _counts(self, timeline: Timeline) -> tuple[tuple[bool, int], tuple[bool, int]]:
        return (False, timeline.totals.released_parts), (True, timeline.totals.released_sessions)

    def _documents(self, documents: Iterable[paging.Document], *, sessions: bool) -> Iterator[Target]:
        for document in documents:
            lines = self._lines(document, sessions=sessions)
            for name in FORMATS:
                yield self._document(document, lines, name, sessions=sessions)
            self._entries.clear()

    def _lines(self, document: paging.Document, *, sessions: bool) -> list[Line]:
        """Return a document's Entries, newest first."""
        made = self._session_lines if sessions else self._part_lines
        return list(made(document.first, document.last))[::-1]

    def _part_lines(self, first: int, last: int) -> Iterator[Line]:
        for headline in self._line.parts(first, last):
            yield Line(
                part=headline.number,
                index=None,
                size=sum(session.size for session in headline.sessions),
                digest=headline.digest,
                published_at=headline.release_at,
                updated_at=headline.updated_at,
            )

    def _session_lines(self, first: int, last: int) -> Iterator[Line]:
        for number, session in self._line.sessions(first, last):
            headline = self._line.planned(number)
            yield Line(
                part=number,
                index=next(n for n, one in enumerate(headline.sessions) if one.id == session.id),
                size=session.size,
                digest=digest(headline.digest, session.id),
                published_at=session.published_at,
                updated_at=session.updated_at,
            )

    def _document(self, document: paging.Document, lines: list[Line], name: str, *, sessions: bool) -> Target:
        desk = self._desk
        path = paths.feed(desk.slug, name, sessions=sessions)
        complete = document.archive is None and self._line.coming is None
        facts: list[object] = [(line.digest, line.published_at, line.updated_at) for line in lines]
        facts += self._hubs
        key = digest(desk.style, desk.tag, "feed", name, sessions, document, complete, *facts)

        def make() -> bytes:
            data = self._join(document, lines, name, sessions=sessions, complete=complete)
            if self._checked:
                self._examine(data, self._url(document.named(path)), max(line.updated_at for line in lines))
            return data

        return Target(path=document.named(path), key=key, make=make)

    def _join(
        self, document: paging.Document, lines: list[Line], name: str, *, sessions: bool, complete: bool
    ) -> bytes:
        desk, form = self._desk, FORMATS[name]
        frame = desk.texts.get(
            digest(desk.style, desk.tag, "frame", name, sessions),
            lambda: form.frame(channel_of(desk, name, sessions=sessions)),
            keep=True,
        )
        span = paging.span(
            document,
            current_url=self._url(paths.feed(desk.slug, name, sessions=sessions)),
            published_at=max(line.published_at for line in lines),
            updated_at=max(line.updated_at for line in lines),
            complete=complete,
            hubs=self._hubs,
        )
        return form.document(frame, self._dated(document, lines, name, sessions=sessions), span)

    def _dated(self, document: paging.Document, lines: list[Line], name: str, *, sessions: bool) -> Iterator[str]:
        """Yield the items of a document, so many at a time that even the longest texts are not all in memory."""
        form = FORMATS[name]
        for some in _together(lines):
            items = self._desk.texts.get_all(
                [digest(self._desk.style, self._desk.tag, "item", name, line.digest) for line in some],
                partial(self._undated, form, channel_of(self._desk, name, sessions=sessions), some),
                keep=[document.archive is None] * len(some),  # the newest are joined again at the next release
            )
            for item, line in zip(items, some, strict=True):
                yield form.dated(item, published_at=line.published_at, updated_at=line.updated_at)

    def _undated(self, form: Format, channel: Channel, lines: list[Line], places: list[int]) -> tuple[str, ...]:
        return form.undated(channel, (self._entry(lines[place]) for place in places))

    def _entry(self, line: Line) -> Entry:
        return self._entries.get(
            (line.part, line.index), lambda: self._desk.painter.entry(self._copy.of(line.part), line.index)
        )

    @property
    def _hubs(self) -> tuple[str, ...]:
        return self._desk.masthead.publication.hubs

    def _url(self, path: str) -> str:
        return urljoin(self._desk.masthead.publication.base_url, path)

    def _examine(self, data: bytes, url: str, newest: dt.datetime) -> None:
        """Refuse a document with a fault; a clock that went back makes no date of the record one."""
        from cnddigest.feed import check

        for fault in check.faults(None, data, now=max(self._now, newest), self_url=url):
            raise WorkFailed(f"feed would be wrong: {url}: {fault}", hint="nothing was written; please report this")


def _together(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield lines in order, as many at a time as are made together; one with a longer text is alone."""
    some: list[Line] = []
    for line in lines:
        if some and sum(one.size for one in some) + line.size > TOGETHER:
            yield some
            some = []
        some.append(line)
    if some:
        yield some


def channel_of(desk: Desk, name: str, *, sessions: bool) -> Channel:
    """Return what a feed of a Serial says of itself."""
    masthead, words = desk.masthead, desk.painter.templates.words
    publication = masthead.publication
    author = masthead.attribution.author or publication.publisher_name or publication.title
    title = words.text("{title}: sessions", title=masthead.title) if sessions else masthead.title
    return Channel(
        feed_id=f"{desk.tag}/main{'/sessions' if sessions else ''}",
        title=title,
        subtitle=words.text("A conference recap, replayed part by part: {title}", title=masthead.title),
        language=masthead.language,
        author=author,
        rights=masthead.attribution.licence,
        home_url=urljoin(publication.base_url, f"{desk.slug}/"),
        self_url=urljoin(publication.base_url, paths.feed(desk.slug, name, sessions=sessions)),
        stylesheet_url=urljoin(publication.base_url, STYLESHEET),
        base_url=publication.base_url,
    )
