"""Atom 1.0 (RFC 4287), full text, with RFC 5005 archives."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from cnddigest.feed import generator, history
from cnddigest.feed.model import Channel, Span
from cnddigest.feed.text import rfc3339
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.slots import encoded, fill, filled, slot
from cnddigest.serial.model import MAIN

MEDIA_TYPE = "application/atom+xml"


def frame(channel: Channel) -> str:
    """Return the document around the entries, with slots for all that moves."""
    return generator.cut_frame(_finish(_feed(channel)), channel)


def undated(channel: Channel, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the `<entry>` of each Entry with slots for its dates, so that it can be made before its release."""
    feed = _feed(channel)
    for entry in entries:
        item = generator.add(feed, channel, entry)
        item.cnddigest.language = generator.own_language(channel, entry)
        item.cnddigest.link_language = generator.language(channel, entry)
    return generator.cut_items(_finish(feed), "entry")


def dated(item: str, *, published_at: dt.datetime, updated_at: dt.datetime, run: str = MAIN) -> str:
    """Return an `<entry>` with its dates, and its id in this run; cheap."""
    return fill(item, {"published": rfc3339(published_at), "updated": rfc3339(updated_at), "run": run})


def items(channel: Channel, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the `<entry>` of each Entry, in the order given."""
    return tuple(
        dated(item, published_at=entry.published_at, updated_at=entry.updated_at)
        for item, entry in zip(undated(channel, entries), entries, strict=True)
    )


def document(frame: str, items: Iterable[str], span: Span) -> bytes:
    """Return one document of the feed. `items` come newest first; cheap, nothing is rendered here."""
    moving: dict[str, str | Iterable[str]] = {
        "self": history.attribute(span.self_url),
        "run": span.run,
        "updated": rfc3339(span.updated_at),
        "history": history.lines(span, link="link", media_type=MEDIA_TYPE, indent=2),
        "items": items,
    }
    return encoded(filled(frame, moving))


def _feed(channel: Channel) -> Any:
    return generator.begin(channel, media_type=MEDIA_TYPE, extension=FeedExtension, entry=EntryExtension)


def _finish(feed: Any) -> bytes:
    return generator.finish(feed.atom_str(pretty=True))


class FeedExtension:
    """Put a slot where the date stands, and one for what depends on the document."""

    def extend_ns(self) -> dict[str, str]:
        """Declare what history needs."""
        return {"fh": generator.HISTORY}

    def extend_rss(self, element: Any) -> Any:
        """Leave RSS alone."""
        return element

    def extend_atom(self, element: Any) -> Any:
        """Complete `feed`. Feedgen's elements have no lxml namespace: its xmlns is a plain attribute."""
        element.find("updated").text = slot("updated")
        generator.history_slot(element)
        return element


class EntryExtension:
    """Write the link anew, as feedgen 1.0 loses its attributes, and put slots where dates stand."""

    language: str | None = None
    link_language: str | None = None

    def extend_ns(self) -> dict[str, str]:
        """Declare nothing; the feed does."""
        return {}

    def extend_rss(self, element: Any) -> Any:
        """Leave RSS alone."""
        return element

    def extend_atom(self, element: Any) -> Any:
        """Complete `entry`."""
        if self.language:
            element.set(generator.XML_LANG, self.language)
        link = element.find("link")
        for name, value in (("rel", "alternate"), ("type", "text/html"), ("hreflang", self.link_language)):
            if value:
                link.set(name, value)
        element.find("published").text = slot("published")
        element.find("updated").text = slot("updated")
        return element
