"""RFC 5005 and WebSub in XML: a document's neighbours, whether it is all there is, and who tells of its changes."""

import html

from cnddigest.feed.model import Span
from cnddigest.feed.uri import uri


def lines(span: Span, *, link: str, media_type: str, indent: int) -> str:
    """Return one element a line: links to hubs, to archives and to the current document, then the mark.

    `link` is the element's name, `atom:link` in RSS. A feed marked complete may have no such links, and an archive
    must have some: so `fh:complete` stands only where one document holds everything.
    """
    links = [
        f'<{link} href="{attribute(url)}" rel="{relation}" type="{media_type}"/>'
        for relation, url in (
            ("prev-archive", span.previous_url),
            ("next-archive", span.next_url),
            ("current", span.current_url),
        )
        if url
    ]
    hubs = [f'<{link} href="{attribute(hub)}" rel="hub"/>' for hub in span.hubs]
    return "".join(f"{' ' * indent}{part}\n" for part in [*hubs, *links, *_marks(span)])


def attribute(url: str) -> str:
    """Return a URI as it stands in an attribute; it holds no quotes."""
    return html.escape(uri(url), quote=False)


def _marks(span: Span) -> list[str]:
    if span.current_url:
        return ["<fh:archive/>"]
    return ["<fh:complete/>"] if span.complete and not span.previous_url else []
