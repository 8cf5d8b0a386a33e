"""RSS: the same bytes as from feedgen in one go, and nothing to complain of."""

import datetime as dt
import subprocess
import sys

import feedparser
import pytest
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from hypothesis import given
from lxml import etree

import cnddigest
from builders import NOON, a_channel, a_span, an_entry
from cnddigest.feed import rss, text
from gates import gate, w3c
from hostile import hostile, hostile_entry

URL = "https://recaps.example.org/minato/rss.xml"
ATOM, DC, FH = (
    "http://www.w3.org/2005/Atom",
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/syndication/history/1.0",
)


def built(entries, channel=None, **span):
    channel = channel or a_channel()
    span = {"at": max(entry.published_at for entry in entries)} | span
    return rss.document(rss.frame(channel), rss.items(channel, entries), a_span(**span))


class FeedHistory(BaseExtension):
    def extend_ns(self):
        return {"dc": DC, "fh": FH}

    def extend_rss(self, feed):
        href = "https://recaps.example.org/minato/rss-4.xml"
        etree.SubElement(
            feed[0], f"{{{ATOM}}}link", {"href": href, "rel": "prev-archive", "type": "application/rss+xml"}
        )
        return feed


class ItemCreator(BaseEntryExtension):
    def extend_rss(self, entry):
        etree.SubElement(entry, f"{{{DC}}}creator").text = self.entry.author
        etree.SubElement(entry, f"{{{ATOM}}}updated").text = self.entry.updated_at.isoformat()
        return entry


def by_feedgen_in_one_go(channel, entries):
    feed = FeedGenerator()
    feed.register_extension("x", FeedHistory, ItemCreator)
    feed.title(channel.title)
    feed.description(channel.subtitle)
    feed.language("ja")
    feed.rights(channel.rights)
    feed.generator("cnddigest", version=cnddigest.__version__)
    feed.ttl(60)
    feed.updated(entries[0].updated_at)
    feed.pubDate(entries[0].published_at)
    feed.link(href=channel.self_url, rel="self", type="application/rss+xml")
    feed.link(href=channel.home_url, rel="alternate")
    for entry in entries:
        item = feed.add_entry(order="append")
        item.guid(entry.entry_id, permalink=False)
        item.title(entry.title)
        item.link(href=channel.base_url + entry.path)
        item.summary(entry.summary)
        item.content(entry.html)
        item.category([{"term": tag} for tag in entry.tags])
        item.published(entry.published_at)
        item.x.entry = entry
    return feed.rss_str(pretty=True)


def test_the_joined_document_is_what_feedgen_makes_in_one_go():
    channel = a_channel()
    entries = [an_entry(n, tags=("k8s", "運用")) for n in range(60, 10, -1)]
    frame, items = rss.frame(channel), rss.items(channel, entries)
    span = a_span(at=entries[0].published_at, previous_url="https://recaps.example.org/minato/rss-4.xml")

    joined = rss.document(frame, items, span)

    stylesheet = b'<?xml-stylesheet type="text/css" href="../assets/feed.css"?>\n'
    assert joined.replace(stylesheet, b"") == by_feedgen_in_one_go(channel, entries)
    assert joined.split(b"\n")[1] + b"\n" == stylesheet


def test_a_feed_passes_every_gate():
    document = built([an_entry(3), an_entry(2), an_entry(1)])

    faults = gate(document, document, NOON + dt.timedelta(days=9), URL)

    assert faults == []
    assert w3c(document) == []


@given(hostile_entry)
def test_any_text_gives_a_clean_feed(entry):
    document = built([entry])

    assert [fault for fault in w3c(document) if not fault.startswith(("SecurityRisk", "ContainsRelRef"))] == []
    assert len(etree.fromstring(document)[0].findall("item")) == 1


@given(title=hostile, subtitle=hostile, author=hostile, rights=hostile, home=hostile)
def test_any_channel_gives_a_clean_feed(title, subtitle, author, rights, home):
    channel = a_channel(
        title=title, subtitle=subtitle, author=author, rights=rights, home_url=f"https://recaps.example.org/{home}"
    )

    document = built([an_entry()], channel)

    assert w3c(document) == []


@pytest.mark.parametrize(
    "title", ["Q&A", "List<T> と Map<K, V>", "なぜ <center> か", "&amp; とは", "AT&T", "a &#60; b"]
)
def test_a_title_comes_out_as_it_went_in(title):
    document = built([an_entry(title=title)])

    assert etree.fromstring(document).findtext(".//item/title") == title


def test_an_end_tag_in_a_title_is_made_harmless_and_looks_the_same():
    document = built([an_entry(title="さらば </center>")])

    assert etree.fromstring(document).findtext(".//item/title") == "さらば <\u2060/center>"
    assert w3c(document) == []


def test_an_item_without_words_still_says_something():
    document = built([an_entry(title="", summary="", html="")])

    assert etree.fromstring(document).findtext(".//item/title") == an_entry().entry_id
    assert w3c(document) == []


def test_non_ascii_paths_are_percent_encoded():
    document = built([an_entry(path="minato/まとめ 100%.html")])

    link = etree.fromstring(document).findtext(".//item/link")

    assert link == "https://recaps.example.org/minato/%E3%81%BE%E3%81%A8%E3%82%81%20100%25.html"


def test_dates_are_filled_in_after_the_item_is_made():
    channel, entry = a_channel(), an_entry()

    [item] = rss.undated(channel, [entry])

    assert "2026" not in item.replace("example.org,2026", "").replace("港の会議 2026", "")
    assert (rss.dated(item, published_at=entry.published_at, updated_at=entry.updated_at),) == rss.items(
        channel, [entry]
    )


def test_an_edit_moves_updated_and_nothing_else():
    entry = an_entry(updated_at=NOON + dt.timedelta(days=2))

    [seen] = feedparser.parse(built([entry], updated_at=entry.updated_at)).entries

    assert seen.published == text.rfc822(NOON)
    assert seen.updated == "2026-11-27T03:00:00+00:00"


def test_the_channel_tells_the_last_release_from_the_last_edit():
    document = built([an_entry()], updated_at=NOON + dt.timedelta(days=2))

    channel = etree.fromstring(document)[0]

    assert channel.findtext("pubDate") == "Wed, 25 Nov 2026 03:00:00 +0000"
    assert channel.findtext("lastBuildDate") == "Fri, 27 Nov 2026 03:00:00 +0000"


def test_any_address_of_its_own_is_written_as_a_uri():
    document = built([an_entry()], self_url="https://recaps.example.org/港/rss.xml?a=1&b=2")

    assert b'href="https://recaps.example.org/%E6%B8%AF/rss.xml?a=1&amp;b=2" rel="self"' in document


def test_a_complete_feed_says_so():
    assert b"<fh:complete/>" in built([an_entry()], complete=True)


def test_a_paged_feed_is_never_marked_complete():
    document = built([an_entry()], complete=True, previous_url="https://recaps.example.org/minato/rss-2.xml")

    assert b"fh:complete" not in document
    assert w3c(document) == []


def test_an_archive_names_its_neighbours_and_the_current_document():
    document = built(
        [an_entry()],
        next_url="https://recaps.example.org/minato/rss-2.xml",
        current_url=URL,
    )

    assert b"<fh:archive/>" in document
    assert w3c(document) == []


def test_another_language_is_said_on_the_item():
    [item] = etree.fromstring(built([an_entry(language="en")])).iter("item")

    assert item.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


@pytest.mark.parametrize("tag", ["", "日本語", "x y", "en_US", "a" * 40])
def test_what_is_no_language_tag_is_left_out(tag):
    document = built([an_entry(language=tag)], a_channel(language=tag))

    assert b"<language>" not in document
    assert w3c(document) == []


def test_a_feed_of_thousands_is_joined_from_what_was_made_once():
    channel = a_channel()
    [item] = rss.items(channel, [an_entry()])
    frame = rss.frame(channel)

    document = rss.document(frame, [item] * 1000, a_span())

    assert document.count(b"<item>") == 1000


def test_joining_loads_neither_feedgen_nor_lxml():
    code = "import sys, cnddigest.feed.rss, cnddigest.feed.atom, cnddigest.feed.jsonfeed, cnddigest.feed.check"

    loaded = subprocess.run(
        [sys.executable, "-c", f"{code}; print(*sys.modules)"], check=True, capture_output=True, text=True
    ).stdout.split()

    assert not {"feedgen", "lxml", "dateutil", "xml.etree", "email"} & set(loaded)


def test_feedgen_leaves_the_locale_alone(monkeypatch):
    def forbidden(*_args):
        pytest.fail("the locale was touched")

    rss.items(a_channel(), [an_entry()])
    monkeypatch.setattr("locale.setlocale", forbidden)

    assert rss.items(a_channel(), [an_entry()])
