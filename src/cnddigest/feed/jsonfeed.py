"""JSON Feed 1.1, full text, paged from the newest Entry to the oldest."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cnddigest.feed import text
from cnddigest.feed.generator import author
from cnddigest.feed.model import Channel, Span
from cnddigest.feed.text import rfc3339
from cnddigest.feed.uri import under, uri
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.slots import encoded, fill, filled, slot
from cnddigest.serial.model import MAIN

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"


def frame(channel: Channel) -> str:
    """Return the document around the items, with slots for all that moves."""
    facts = {
        "version": VERSION,
        "title": text.line(channel.title) or channel.feed_id,
        "home_page_url": uri(channel.home_url),
        "description": text.line(channel.subtitle),
        "language": text.language(channel.language),
        "authors": [{"name": author(channel)}],
    }
    return f'{_json(facts)[:-1]},\n{slot("moving")}"items": [\n{slot("items")}\n]}}\n'


def undated(channel: Channel, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the item of each Entry with slots for its dates, so that it can be made before its release."""
    return tuple(_json(_item(channel, entry)) for entry in entries)


def dated(item: str, *, published_at: dt.datetime, updated_at: dt.datetime, run: str = MAIN) -> str:
    """Return an item with its dates, and its id in this run; cheap."""
    return fill(item, {"published": rfc3339(published_at), "updated": rfc3339(updated_at), "run": run})


def items(channel: Channel, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return the item of each Entry, in the order given."""
    return tuple(
        dated(item, published_at=entry.published_at, updated_at=entry.updated_at)
        for item, entry in zip(undated(channel, entries), entries, strict=True)
    )


def document(frame: str, items: Iterable[str], span: Span) -> bytes:
    """Return one document of the feed. `items` come newest first; cheap, nothing is rendered here.

    `next_url` leads to the older ones. `expired` says that nothing will follow, in the current document only.
    """
    moving: dict[str, object] = {"feed_url": uri(span.self_url)}
    if span.previous_url:
        moving["next_url"] = uri(span.previous_url)
    if span.hubs:
        moving["hubs"] = [{"type": "WebSub", "url": uri(hub)} for hub in span.hubs]
    if span.complete and not span.current_url:
        moving["expired"] = True
    return encoded(filled(frame, {"moving": _json(moving)[1:-1] + ",\n", "run": span.run, "items": _apart(items)}))


def _apart(items: Iterable[str]) -> Iterator[str]:
    for number, item in enumerate(items):
        yield ",\n" if number else ""
        yield item


def _item(channel: Channel, entry: Entry) -> dict[str, object]:
    language = text.language(entry.language)
    return {
        "id": entry.entry_id,
        "url": under(channel.base_url, entry.path),
        "title": text.title(entry),
        "summary": text.tidy(entry.summary).strip(),
        "content_html": text.body(entry),
        "date_published": slot("published"),
        "date_modified": slot("updated"),
        "authors": [{"name": author(channel, entry)}],
        "tags": list(text.tags(entry)),
        "language": language if language != text.language(channel.language) else None,
    }


def _json(facts: dict[str, Any]) -> str:
    """Return JSON on one line, without members that are empty."""
    return json.dumps({name: value for name, value in facts.items() if value}, ensure_ascii=False)
