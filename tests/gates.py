"""What a feed must pass, judged by other people's parsers: our own gates, and the W3C validator's rules we can meet."""

import calendar
import datetime as dt
import json
import re
from collections import Counter
from html.entities import name2codepoint

import feedparser
from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
HISTORY = "{http://purl.org/syndication/history/1.0}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
URI = re.compile(r"[a-zA-Z][0-9a-zA-Z+.-]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
TAG_URI = re.compile(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,]+")
RFC_822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
UNSAFE = {"script", "style", "iframe", "object", "embed", "base", "link", "meta", "applet", "frame", "title"}
HTML_WORDS = {
    "a",
    "b",
    "i",
    "p",
    "em",
    "li",
    "ol",
    "ul",
    "code",
    "pre",
    "div",
    "span",
    "script",
    "strong",
    "title",
    "h1",
}
RSS_PLAIN = ("title", "copyright", "category")


def utc(parsed):
    return parsed and dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)


def gate(old: bytes, new: bytes, now: dt.datetime, public_url: str | None = None) -> list[str]:
    """Return what is wrong with `new`, given the version `old` that readers already have."""
    etree.fromstring(new)
    feed, before = feedparser.parse(new), {entry.get("id"): entry for entry in feedparser.parse(old).entries}
    faults = [*whole(feed, set(before), now, public_url)]
    for entry in feed.entries:
        faults += one(entry, before.get(entry.get("id"), entry))
    return faults


def whole(feed, old_ids, now, public_url):
    ids = [entry.get("id") for entry in feed.entries]
    times = [utc(entry.get("published_parsed")) for entry in feed.entries]
    known = [time for time in [*times, utc(feed.feed.get("updated_parsed"))] if time]
    verdicts = {
        f"not clean: {feed.get('bozo_exception')}": feed.bozo,
        "empty feed": not ids,
        "id missing or repeated": None in ids or len(set(ids)) < len(ids),
        "id is a URL": any(found.startswith("http") for found in ids if found),
        "ids vanished": old_ids - set(ids),
        "no language": not feed.feed.get("language"),
        "published missing": None in times,
        "a time in the future": known and max(known) > now,
        "not newest first": None not in times and times != sorted(times, reverse=True),
        "wrong self link": public_url and selves(feed) != [public_url],
    }
    return [fault for fault, bad in verdicts.items() if bad]


def selves(feed):
    return [link.href for link in feed.feed.get("links", []) if link.rel == "self"]


def one(entry, before):
    name, body = entry.get("id"), entry.content[0].value if "content" in entry else entry.get("summary", "")
    if [link.rel for link in entry.get("links", [])].count("alternate") != 1:
        yield f"{name}: not exactly one alternate link"
    for _, _, url, _ in html.fragment_fromstring(body, create_parent="div").iterlinks():
        if not re.match(r"https?://|mailto:|#", url):
            yield f"{name}: relative {url}"
    for field in ("published", "link", "title"):
        if entry.get(field) != before.get(field):
            yield f"{name}: {field} changed after release"


def ids(document: bytes) -> list[str]:
    """Return the ids of RSS, Atom or JSON Feed in file order."""
    if document.startswith(b"{"):
        return [item["id"] for item in json.loads(document)["items"]]
    return [entry.id for entry in feedparser.parse(document).entries]


def same_entries(*documents: bytes) -> bool:
    """Say whether all formats of a feed list the same ids in the same order."""
    return len({tuple(ids(document)) for document in documents}) == 1


def shared_ids(*feeds: bytes) -> set[str]:
    """Return the ids that stand in more than one feed of a site."""
    counts = Counter(found for feed in feeds for found in set(ids(feed)))
    return {found for found, count in counts.items() if count > 1}


def w3c(document: bytes) -> list[str]:
    """Return the names of the W3C validator's messages this RSS or Atom document would get, as far as we can tell."""
    root = etree.fromstring(document)
    source = document.decode().split("\n")
    faults = [*characters(root), *languages(root), *links(root), *documents_of_history(root)]
    if root.tag == "rss":
        return [*faults, *rss_channel(root[0], source)]
    return [*faults, *atom_feed(root, source)]


def characters(root):
    for element in root.iter(etree.Element):
        for value in (element.text or "", *element.attrib.values()):
            if re.search("[\x80-\x9f\ufffd]", value):
                yield f"BadCharacters: {element.tag}"


def languages(root):
    found = [element.get(LANGUAGE) for element in root.iter(etree.Element)]
    found += [element.text for element in root.iter("language")]
    found += [element.get("hreflang") for element in root.iter(etree.Element)]
    for language in filter(None, found):
        if not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
            yield f"InvalidLanguage: {language}"


def links(root):
    for link in root.iter(f"{ATOM}link"):
        if not URI.fullmatch(link.get("href", "")):
            yield f"InvalidLink: {link.get('href')}"
        if link.get("rel") == "self" and link.get("type") not in {"application/atom+xml", "application/rss+xml"}:
            yield "SelfNotAtom"
        in_entry = link.getparent().tag in {"item", f"{ATOM}entry"}
        if in_entry and link.get("rel") != "alternate":
            yield "FeedHistoryRelInEntry"
    feed = root[0] if root.tag == "rss" else root
    if not [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]:
        yield "MissingSelf"


def documents_of_history(root):
    feed = root[0] if root.tag == "rss" else root
    relations = {link.get("rel") for link in feed.findall(f"{ATOM}link")}
    complete, archive = (feed.find(HISTORY + mark) is not None for mark in ("complete", "archive"))
    if complete and relations & {"prev-archive", "next-archive", "current"}:
        yield "FeedRelInCompleteFeed"
    if archive and not complete and not relations & {"prev-archive", "next-archive"}:
        yield "ArchiveIncomplete"
    if archive and not complete and "current" not in relations:
        yield "MissingCurrentInArchive"


def plain_text(element, source, declared):
    """Judge what should hold no HTML; a `&#x` on the same line of the source shows that its author knew."""
    text, chardata = element.text or "", "&#x" in source[element.sourceline - 1]
    if any(word.lower() in HTML_WORDS for word in re.findall(r"</(\w+)>", text)):
        yield declared
    names = re.findall(r"&(#?\w+)", text)
    if names and not chardata and any(name in name2codepoint or not name.isalpha() for name in names):
        yield declared
    elif not names and declared == "ContainsHTML" and not chardata and re.search(r"&#[x0-9]|<[/a-zA-Z]", text):
        yield "CharacterData"


def rss_channel(channel, source):
    tags = [child.tag for child in channel]
    if "item" in tags and set(tags[tags.index("item") :]) != {"item"}:
        yield "MisplacedItem"
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield f"Missing{name.title()}"
    if channel.find("managingEditor") is not None:
        yield "InvalidContact"
    yield from rss_plain_texts(channel, source)
    for date in [*channel.iter("pubDate"), *channel.iter("lastBuildDate")]:
        yield from rss_date(date.text)
    for item in channel.findall("item"):
        yield from rss_item(item)
    guids = [guid.text for guid in channel.iter("guid")]
    if len(set(guids)) < len(guids):
        yield "DuplicateValue: guid"


def rss_plain_texts(channel, source):
    for element in [*(e for name in RSS_PLAIN for e in channel.iter(name)), channel.find("description")]:
        if element is not None:
            yield from plain_text(element, source, "ContainsHTML")


def rss_date(text):
    if not RFC_822.fullmatch(text):
        yield f"InvalidRFC2822Date: {text}"
    elif dt.datetime.strptime(text, "%a, %d %b %Y %H:%M:%S %z").strftime("%a") != text[:3]:
        yield f"IncorrectDOW: {text}"


def rss_item(item):
    tags = [child.tag for child in item]
    if CONTENT in tags and tags.index(CONTENT) < [*tags, "description"].index("description"):
        yield "NeedDescriptionBeforeContent"
    if "author" in tags:
        yield "InvalidContact"
    if not (item.findtext("title") or "").strip():
        yield "NotBlank: title"
    if not URI.fullmatch(item.findtext("link") or ""):
        yield f"InvalidFullLink: {item.findtext('link')}"
    guid = item.find("guid")
    if guid is None or guid.get("isPermaLink") != "false":
        yield "InvalidHttpGUID"
    for body in (item.findtext("description"), item.findtext(CONTENT)):
        yield from markup(body)
    if not RFC_3339.fullmatch(item.findtext(f"{ATOM}updated") or ""):
        yield "InvalidRFC3339Date"


def atom_feed(feed, source):
    yield from atom_texts(feed, source)
    entries = feed.findall(f"{ATOM}entry")
    for name, message in {"id": "DuplicateEntries", "updated": "DuplicateUpdated"}.items():
        values = [entry.findtext(ATOM + name) for entry in entries]
        if len(set(values)) < len(values):
            yield message
    for entry in entries:
        yield from atom_entry(entry)


def atom_texts(feed, source):
    for element in [*feed.iter(f"{ATOM}title"), *feed.findall(f"{ATOM}subtitle"), *feed.findall(f"{ATOM}rights")]:
        if element.get("type", "text") == "text":
            yield from plain_text(element, source, "ContainsUndeclaredHTML")
        if not (element.text or "").strip():
            yield f"NotBlank: {element.tag}"
    for element in feed.iter(f"{ATOM}id"):
        if not TAG_URI.fullmatch(element.text or ""):
            yield f"NonCanonicalURI: {element.text}"
    for element in [*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")]:
        if not RFC_3339.fullmatch(element.text or ""):
            yield f"InvalidRFC3339Date: {element.text}"


def atom_entry(entry):
    if not (entry.findtext(f"{ATOM}author/{ATOM}name") or "").strip():
        yield "MissingElement: author"
    if [link.get("rel") for link in entry.findall(f"{ATOM}link")] != ["alternate"]:
        yield "DuplicateAtomLink"
    for name in ("content", "summary"):
        element = entry.find(ATOM + name)
        if element is None or element.get("type") != "html" or not (element.text or "").strip():
            yield f"MissingTextualContent: {name}"
        else:
            yield from markup(element.text)


def markup(body):
    for element in html.fragment_fromstring(body or "", create_parent="div").iter(etree.Element):
        if element.tag in UNSAFE:
            yield f"SecurityRisk: {element.tag}"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"SecurityRiskAttr: {name}"
            if name in {"href", "src"} and not re.match(r"\w+:", value):
                yield f"ContainsRelRef: {value}"
