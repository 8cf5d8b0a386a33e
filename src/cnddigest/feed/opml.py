"""OPML 2.0: all feeds of a site in one file that readers import."""

import html
from collections.abc import Iterable

from cnddigest.feed import text
from cnddigest.feed.model import Channel
from cnddigest.feed.uri import uri


def document(title: str, channels: Iterable[Channel]) -> bytes:
    """Return one outline per feed, in the order given, without dates: it changes when a feed does.

    Leave private feeds out. Titles are HTML in OPML, so they are escaped once more than XML wants.
    """
    outlines = "".join(f"    <outline{_attributes(channel)}/>\n" for channel in channels)
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<opml version="2.0">\n'
        f"  <head>\n    <title>{_escaped(title)}</title>\n  </head>\n"
        f"  <body>\n{outlines}  </body>\n"
        "</opml>\n"
    ).encode()


def _attributes(channel: Channel) -> str:
    title = _escaped(channel.title) or html.escape(channel.feed_id)
    pairs = {
        "type": "rss",  # Atom too: OPML 2.0 knows no other word for a feed
        "text": title,
        "title": title,
        "xmlUrl": html.escape(uri(channel.self_url)),
        "htmlUrl": html.escape(uri(channel.home_url)),
        "language": text.language(channel.language),
    }
    return "".join(f' {name}="{value}"' for name, value in pairs.items() if value)


def _escaped(words: str) -> str:
    return html.escape(html.escape(text.line(words), quote=False))
