"""Feed documents by feedgen, cut into a frame and items: the home of feedgen, with a way round each of its traps.

A feed is made once. What later moves in it (dates, its own address, neighbours, the items) is a slot, so that a
release only joins texts: `rss.document` and `atom.document` need neither feedgen nor lxml.

The bytes are the same from feedgen 0.9.0 and 1.0.x: 1.0.0 drops the attributes of Atom Entry links, 0.9.0 drops
processing instructions. So links are written by an extension, and the instruction is put into the finished text.
"""

import datetime as dt
import html
import re
from typing import Any, Protocol

import cnddigest
from cnddigest.feed import text
from cnddigest.feed.model import Channel
from cnddigest.feed.uri import relative, under, uri
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.slots import slot

ATOM = "http://www.w3.org/2005/Atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RESERVED = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)  # keeps a date's place until its slot stands there
MINUTES_TO_LIVE = 60  # readers poll at the longest of ttl, max-age and their own interval: a long one delays a release
# RSS profile and W3C validator want `&#x3C;` and `&#x26;` in plain text, which lxml can't write: noncharacters stand
# for them until the bytes are finished. `clean` keeps those out of everybody's text.
LESS_THAN, AMPERSAND = "\U0002fffe", "\U0002ffff"
WORD_JOINER = "\u2060"
END_TAG = re.compile(r"</(?=\w)")
STAND_IN = re.compile(r" *<fh:slot/>\n")  # where `history_slot` left its element: the lines of links, marks and items


class Extension(Protocol):
    """What feedgen asks of an extension, for a feed and for an Entry alike; elements are lxml's."""

    def extend_ns(self) -> dict[str, str]:
        """Return prefixes and namespaces to declare."""
        ...

    def extend_rss(self, element: Any) -> Any:
        """Add to `rss` or `item`."""
        ...

    def extend_atom(self, element: Any) -> Any:
        """Add to `feed` or `entry`."""
        ...


def begin(
    channel: Channel,
    *,
    media_type: str,
    extension: type[Extension],
    entry: type[Extension],
) -> Any:
    """Return feedgen's FeedGenerator with everything a channel says of itself.

    The order of the links matters: feedgen writes the last one of any kind as the RSS channel's link.
    """
    from feedgen.feed import FeedGenerator

    _keep_the_locale()
    feed = FeedGenerator()
    feed.register_extension("cnddigest", extension, entry)
    feed.id(channel.feed_id)
    feed.title(plain(_name(channel)))
    feed.subtitle(plain(text.line(channel.subtitle) or _name(channel)))
    feed.language(text.language(channel.language))
    feed.author(name=author(channel))
    feed.rights(plain(text.line(channel.rights)) or None)
    feed.generator("cnddigest", version=cnddigest.__version__)
    feed.ttl(MINUTES_TO_LIVE)
    feed.updated(RESERVED)
    feed.pubDate(RESERVED)
    feed.link(href=slot("self"), rel="self", type=media_type)
    feed.link(href=uri(channel.home_url), rel="alternate", type="text/html", hreflang=text.language(channel.language))
    return feed


def add(feed: Any, channel: Channel, entry: Entry) -> Any:
    """Add an Entry below those that are there, and return feedgen's FeedEntry.

    Summary before content, and never `description`: feedgen lets that overwrite the other two. Its dates
    only keep their places: the extension puts slots there.
    """
    item = feed.add_entry(order="append")
    item.guid(entry.entry_id, permalink=False)
    item.title(plain(text.title(entry)))
    item.link(href=under(channel.base_url, entry.path))
    item.summary(text.summary(entry), type="html")
    item.content(text.body(entry), type="html")
    item.author(name=author(channel, entry))
    item.category([{"term": plain(tag)} for tag in text.tags(entry)])
    item.published(RESERVED)
    item.updated(RESERVED)
    return item


def author(channel: Channel, entry: Entry | None = None) -> str:
    """Return who speaks, never empty: Atom wants a name on each Entry or on the feed."""
    return text.line(entry.author if entry else "") or text.line(channel.author) or _name(channel)


def language(channel: Channel, entry: Entry) -> str | None:
    """Return the language of what an Entry links to."""
    return text.language(entry.language) or text.language(channel.language)


def own_language(channel: Channel, entry: Entry) -> str | None:
    """Return the Entry's language where it is another one than the feed's."""
    return text.language(entry.language) if entry.language != channel.language else None


def plain(words: str) -> str:
    """Prepare plain text, which validators and many readers take for HTML all the same.

    Anything like an end tag is warned of, however it is escaped; declared as HTML it shows its escapes in some
    readers. An invisible word joiner keeps `</b>` from being one, and it looks as it should everywhere.
    """
    unlike_tags = END_TAG.sub(f"<{WORD_JOINER}/", words)
    return unlike_tags.replace("&", AMPERSAND).replace("<", LESS_THAN)


def finish(document: bytes) -> bytes:
    """Return what feedgen made, with references as `plain` wants them."""
    return document.replace(LESS_THAN.encode(), b"&#x3C;").replace(AMPERSAND.encode(), b"&#x26;")


def cut_frame(document: bytes, channel: Channel) -> str:
    """Return a finished document without Entries as a frame: with the stylesheet, and a slot for lines to come."""
    declaration, rest = document.decode().split("\n", 1)
    # Relative, so that the sheet is found on the site, on a copy of it, and from a disk.
    sheet = html.escape(relative(channel.stylesheet_url, channel.self_url))
    instruction = f'<?xml-stylesheet type="text/css" href="{sheet}"?>\n' if channel.stylesheet_url else ""
    return STAND_IN.sub(slot("history") + slot("items"), f"{declaration}\n{instruction}{rest}")


def cut_items(document: bytes, tag: str) -> tuple[str, ...]:
    """Return the lines of each Entry of a finished document. Escaped text holds no tag, so this is exact."""
    lines = re.finditer(rf" *<{tag}[ >].*?</{tag}>\n".encode(), document, re.DOTALL)
    return tuple(found[0].decode() for found in lines)


def history_slot(parent: Any) -> None:
    """Leave the element that `cut_frame` turns into slots, after all that a channel says of itself."""
    from lxml import etree

    etree.SubElement(parent, f"{{{HISTORY}}}slot")


def child(parent: Any, name: str, value: str) -> None:
    """Append an element with text."""
    from lxml import etree

    etree.SubElement(parent, name).text = value


def _name(channel: Channel) -> str:
    return text.line(channel.title) or channel.feed_id


def _keep_the_locale() -> None:
    """Replace feedgen's date function, which switches the locale of the whole process for each date."""
    import feedgen.entry
    import feedgen.feed

    feedgen.entry.formatRFC2822 = feedgen.feed.formatRFC2822 = text.rfc822
