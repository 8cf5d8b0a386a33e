"""The Entries of a feed, as the preview shows them: their list, and one with its content."""

import datetime as dt
import json
from typing import TYPE_CHECKING

from cnddigest.rendering.markup import Html
from cnddigest.rendering.preview import routes
from cnddigest.rendering.preview.model import Files, Item, Shown

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates


def entry(templates: "Templates", item: Item, base_url: str) -> str:
    """Return a document with the content of an Entry."""
    when = dt.datetime.fromisoformat(item.published)
    return templates.render(
        "preview/entry.html.j2",
        item=item,
        when=templates.words.moment(when),
        content=Html(routes.at_home(item.html, base_url)),
    )


def items(files: Files, shown: Shown, *, sessions: bool) -> tuple[Item, ...]:
    """Return the Entries of a feed's current document, as a reader of JSON Feed has them."""
    data = files.get(shown.feed("json", sessions=sessions))
    document = json.loads(data) if data else {"items": []}
    return tuple(
        Item(
            title=found.get("title", ""),
            url=found["url"],
            published=found["date_published"],
            language=found.get("language") or document.get("language") or "",
            html=found.get("content_html", ""),
        )
        for found in document["items"]
    )
