"""What must not be wrong with a feed before it is written: the faults a validator does not report.

The checks read the finished bytes, so they hold however these were made, and cost a millisecond for a document of
50 Entries. They guarantee: well-formed, not empty, ids unique and no addresses, dates there, ordered and not in the
future, links absolute, the feed's own address right; and, given the file readers already have, that no Entry
vanished, no id was dated or linked anew, and a title changed only as a declared edit.
"""

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from cnddigest.feed.text import moment
from cnddigest.feed.uri import uri

PERMANENT = re.compile("(tag|urn):[!-~]+")  # an address would change with the site; RFC 4151 ids are ASCII
ATOM = "{http://www.w3.org/2005/Atom}"
TEXTS = {f"{ATOM}content", "{http://purl.org/rss/1.0/modules/content/}encoded"}  # most of a document: nobody asks here


@dataclass(frozen=True, slots=True, kw_only=True)
class Glimpse:
    """What a reader keeps of an Entry. Missing texts are `""`, unreadable dates None."""

    entry_id: str
    link: str
    title: str
    published_at: dt.datetime | None
    updated_at: dt.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A feed document as read; `older` says that it names one with older Entries."""

    self_url: str
    updated_at: dt.datetime | None
    older: bool
    entries: tuple[Glimpse, ...]


def faults(old: bytes | None, new: bytes, *, now: dt.datetime, self_url: str) -> list[str]:
    """Return what is wrong with a document, each fault in a sentence; nothing if it may be written.

    `old` is the file that readers already have. Leave it out where the record begins anew: then nothing need
    match. An old file that is no feed (damaged, or somebody else's) counts as none.
    """
    try:
        view = read(new)
    except ValueError as error:
        return [str(error)]
    found = [*_in_itself(view, now, self_url)]
    try:
        before = read(old) if old else None
    except ValueError:
        before = None
    return found + ([*_against(before, view)] if before else [])


def disagreements(documents: Iterable[bytes]) -> list[str]:
    """Return a fault if RSS, Atom and JSON Feed of one feed don't list the same ids in the same order."""
    lists = {tuple(entry.entry_id for entry in read(document).entries) for document in documents}
    return ["formats list different entries"] if len(lists) > 1 else []


def repeated(feeds: Iterable[bytes]) -> list[str]:
    """Return the ids that stand in more than one feed: some readers then show the Entry in one of them only."""
    counts = Counter(entry_id for feed in feeds for entry_id in {entry.entry_id for entry in read(feed).entries})
    return sorted(f"{entry_id}: id in {count} feeds" for entry_id, count in counts.items() if count > 1)


def read(document: bytes) -> View:
    """Read RSS, Atom or JSON Feed; ValueError if it is none of them."""
    try:
        return _read_json(document) if document.startswith(b"{") else _read_xml(document)
    except (ValueError, SyntaxError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a feed: {error}") from error


def _in_itself(view: View, now: dt.datetime, self_url: str) -> Iterable[str]:
    if not view.entries:
        yield "no entries: some readers refuse an empty feed"
    if view.self_url != uri(self_url):
        yield f"own address is wrong: {view.self_url}"
    if view.updated_at is None or view.updated_at > now:
        yield f"feed updated at an impossible moment: {view.updated_at}"
    for entry_id, count in Counter(entry.entry_id for entry in view.entries).items():
        if count > 1:
            yield f"{entry_id}: id repeated"
    for entry in view.entries:
        yield from _of_entry(entry, now)
    dates = [entry.published_at for entry in view.entries if entry.published_at]
    if dates != sorted(dates, reverse=True):
        yield "not newest first"


def _of_entry(entry: Glimpse, now: dt.datetime) -> Iterable[str]:
    if not PERMANENT.fullmatch(entry.entry_id):
        yield f"{entry.entry_id or 'entry'}: no permanent id"
    if not entry.link.startswith(("https://", "http://")):
        yield f"{entry.entry_id}: link is not absolute: {entry.link}"
    if not entry.title:
        yield f"{entry.entry_id}: no title"
    for name, date in (("published", entry.published_at), ("updated", entry.updated_at)):
        if date is None:
            yield f"{entry.entry_id}: {name} missing"
        elif date > now:
            yield f"{entry.entry_id}: {name} in the future"
    if entry.published_at and entry.updated_at and entry.updated_at < entry.published_at:
        yield f"{entry.entry_id}: updated before it was published"


def _against(old: View, new: View) -> Iterable[str]:
    present = {entry.entry_id: entry for entry in new.entries}
    oldest = min((entry.published_at for entry in new.entries if entry.published_at), default=None)
    for before in old.entries:
        entry = present.get(before.entry_id)
        if entry:
            yield from _edited(before, entry, moved=old.self_url != new.self_url)
        elif not (new.older and oldest and before.published_at and before.published_at <= oldest):
            yield f"{before.entry_id}: vanished"


def _edited(before: Glimpse, entry: Glimpse, *, moved: bool) -> Iterable[str]:
    """Compare an Entry with what readers have of it; a site that moved takes its links along."""
    if entry.published_at != before.published_at:
        yield f"{entry.entry_id}: published anew"
    if entry.link != before.link and not moved:
        yield f"{entry.entry_id}: linked anew"
    if entry.title != before.title and entry.updated_at == before.updated_at:
        yield f"{entry.entry_id}: title changed without an edit"


def _read_xml(document: bytes) -> View:
    from xml.etree import ElementTree as ET

    for _, element in ET.iterparse(BytesIO(document)):  # noqa: S314 - our own file; expat bounds entity expansion
        if element.tag in TEXTS:
            element.text = None
    root = element  # the last to end
    return _read_atom(root) if root.tag == f"{ATOM}feed" else _read_rss(root[0])


def _read_rss(channel: Any) -> View:
    return View(
        self_url=_href(channel, "self"),
        updated_at=moment(channel.findtext("lastBuildDate") or ""),
        older=bool(_href(channel, "prev-archive")),
        entries=tuple(
            Glimpse(
                entry_id=item.findtext("guid") or "",
                link=item.findtext("link") or "",
                title=item.findtext("title") or "",
                published_at=moment(item.findtext("pubDate") or ""),
                updated_at=moment(item.findtext(f"{ATOM}updated") or ""),
            )
            for item in channel.iterfind("item")
        ),
    )


def _read_atom(feed: Any) -> View:
    return View(
        self_url=_href(feed, "self"),
        updated_at=moment(feed.findtext(f"{ATOM}updated") or ""),
        older=bool(_href(feed, "prev-archive")),
        entries=tuple(
            Glimpse(
                entry_id=entry.findtext(f"{ATOM}id") or "",
                link=_href(entry, "alternate"),
                title=entry.findtext(f"{ATOM}title") or "",
                published_at=moment(entry.findtext(f"{ATOM}published") or ""),
                updated_at=moment(entry.findtext(f"{ATOM}updated") or ""),
            )
            for entry in feed.iterfind(f"{ATOM}entry")
        ),
    )


def _read_json(document: bytes) -> View:
    feed = json.loads(document, object_hook=_without_text)
    entries = tuple(
        Glimpse(
            entry_id=str(item.get("id") or ""),
            link=str(item.get("url") or ""),
            title=str(item.get("title") or ""),
            published_at=moment(str(item.get("date_published"))),
            updated_at=moment(str(item.get("date_modified"))),
        )
        for item in feed["items"]
    )
    dates = [entry.updated_at for entry in entries if entry.updated_at]
    return View(
        self_url=str(feed.get("feed_url") or ""),
        updated_at=max(dates, default=None),
        older="next_url" in feed,
        entries=entries,
    )


def _without_text(found: dict[str, Any]) -> dict[str, Any]:
    found.pop("content_html", None)
    return found


def _href(parent: Any, relation: str) -> str:
    links = parent.iterfind(f"{ATOM}link")
    return next((link.get("href", "") for link in links if link.get("rel") == relation), "")
