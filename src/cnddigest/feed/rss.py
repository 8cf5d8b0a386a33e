"""RSS 2.0 after the RSS Advisory Board's profile, full text, with RFC 5005 archives."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from cnddigest.feed import generator, history
from cnddigest.feed.model import Channel, Span
from cnddigest.feed.text import rfc822, rfc3339
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.slots import encoded, fill, filled, slot
from cnddigest.serial.model import MAIN

MEDIA_TYPE = "application/rss+xml"


def frame(channel: Channel) -> str:
    """Return the document around the items, with slots for all that moves."""
    return generator.cut_frame(_finish(_feed(channel)), channel)


def undated(channel: Channel, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the `<item>` of each Entry with slots for its dates, so that it can be made before its release."""
    feed = _feed(channel)
    for entry in entries:
        item = generator.add(feed, channel, entry)
        item.cnddigest.author = generator.author(channel, entry)
        item.cnddigest.language = generator.own_language(channel, entry)
    return generator.cut_items(_finish(feed), "item")


def dated(item: str, *, published_at: dt.datetime, updated_at: dt.datetime, run: str = MAIN) -> str:
    """Return an item with its dates, and its id in this run; cheap."""
    return fill(item, {"published": rfc822(published_at), "updated": rfc3339(updated_at), "run": run})


def items(channel: Channel, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the `<item>` of each Entry, in the order given."""
    return tuple(
        dated(item, published_at=entry.published_at, updated_at=entry.updated_at)
        for item, entry in zip(undated(channel, entries), entries, strict=True)
    )


def document(frame: str, items: Iterable[str], span: Span) -> bytes:
    """Return one document of the feed. `items` come newest first; cheap, nothing is rendered here."""
    moving: dict[str, str | Iterable[str]] = {
        "self": history.attribute(span.self_url),
        "run": span.run,
        "published": rfc822(span.published_at),
        "updated": rfc822(span.updated_at),
        "history": history.lines(span, link="atom:link", media_type=MEDIA_TYPE, indent=4),
        "items": items,
    }
    return encoded(filled(frame, moving))


def _feed(channel: Channel) -> Any:
    return generator.begin(channel, media_type=MEDIA_TYPE, extension=FeedExtension, entry=ItemExtension)


def _finish(feed: Any) -> bytes:
    return generator.finish(feed.rss_str(pretty=True))


class FeedExtension:
    """Put slots where dates stand, and one for what depends on the document."""

    def extend_ns(self) -> dict[str, str]:
        """Declare what items and history need."""
        return {"dc": generator.DUBLIN_CORE, "fh": generator.HISTORY}

    def extend_rss(self, element: Any) -> Any:
        """Complete `rss`."""
        channel = element[0]
        channel.find("lastBuildDate").text = slot("updated")
        channel.find("pubDate").text = slot("published")
        generator.history_slot(channel)
        return element

    def extend_atom(self, element: Any) -> Any:
        """Leave Atom alone."""
        return element


class ItemExtension:
    """Name the author where RSS would want an e-mail address, and say when the text was last edited."""

    author = ""
    language: str | None = None

    def extend_ns(self) -> dict[str, str]:
        """Declare nothing; the feed does."""
        return {}

    def extend_rss(self, element: Any) -> Any:
        """Complete `item`."""
        if self.language:
            element.set(generator.XML_LANG, self.language)
        element.find("pubDate").text = slot("published")
        generator.child(element, f"{{{generator.DUBLIN_CORE}}}creator", self.author)
        generator.child(element, f"{{{generator.ATOM}}}updated", slot("updated"))
        return element

    def extend_atom(self, element: Any) -> Any:
        """Leave Atom alone."""
        return element
