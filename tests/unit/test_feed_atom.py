"""Atom: the same bytes as from feedgen in one go, and nothing to complain of."""

import datetime as dt

import feedparser
import pytest
from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from hypothesis import given
from lxml import etree

import cnddigest
from builders import NOON, a_channel, a_span, an_entry
from cnddigest.feed import atom
from gates import gate, w3c
from hostile import hostile, hostile_entry

URL = "https://recaps.example.org/minato/atom.xml"
ATOM = "{http://www.w3.org/2005/Atom}"


def built(entries, channel=None, **span):
    channel = channel or a_channel("atom.xml")
    span = {"at": max(entry.published_at for entry in entries)} | span
    return atom.document(atom.frame(channel), atom.items(channel, entries), a_span("atom.xml", **span))


class Declared(BaseExtension):
    def extend_ns(self):
        return {"fh": "http://purl.org/syndication/history/1.0"}

    def extend_atom(self, feed):
        etree.SubElement(feed, "{http://purl.org/syndication/history/1.0}complete")
        return feed


def by_feedgen_in_one_go(channel, entries):
    feed = FeedGenerator()
    feed.register_extension("x", Declared)
    feed.id(channel.feed_id)
    feed.title(channel.title)
    feed.subtitle(channel.subtitle)
    feed.language("ja")
    feed.author(name=channel.author)
    feed.rights(channel.rights)
    feed.generator("cnddigest", version=cnddigest.__version__)
    feed.updated(entries[0].updated_at)
    feed.link(href=channel.self_url, rel="self", type="application/atom+xml")
    feed.link(href=channel.home_url, rel="alternate", type="text/html", hreflang="ja")
    for entry in entries:
        item = feed.add_entry(order="append")
        item.id(entry.entry_id)
        item.title(entry.title)
        item.link(href=channel.base_url + entry.path, rel="alternate", type="text/html", hreflang="ja")
        item.summary(entry.summary, type="html")
        item.content(entry.html, type="html")
        item.author(name=entry.author)
        item.category([{"term": tag} for tag in entry.tags])
        item.published(entry.published_at)
        item.updated(entry.updated_at)
    return feed.atom_str(pretty=True)


def test_the_joined_document_is_what_feedgen_makes_in_one_go():
    channel = a_channel("atom.xml")
    entries = [an_entry(n, tags=("k8s", "運用")) for n in range(30, 0, -1)]

    joined = built(entries, channel, complete=True)

    stylesheet = b'<?xml-stylesheet type="text/css" href="../assets/feed.css"?>\n'
    assert joined.replace(stylesheet, b"") == by_feedgen_in_one_go(channel, entries)


def test_a_feed_passes_every_gate():
    document = built([an_entry(3), an_entry(2), an_entry(1)])

    faults = gate(document, document, NOON + dt.timedelta(days=9), URL)

    assert faults == []
    assert w3c(document) == []


@given(hostile_entry)
def test_any_text_gives_a_clean_feed(entry):
    document = built([entry])

    assert [fault for fault in w3c(document) if not fault.startswith(("SecurityRisk", "ContainsRelRef"))] == []
    assert len(etree.fromstring(document).findall(f"{ATOM}entry")) == 1


@given(title=hostile, subtitle=hostile, author=hostile, rights=hostile, home=hostile)
def test_any_channel_gives_a_clean_feed(title, subtitle, author, rights, home):
    channel = a_channel(
        title=title, subtitle=subtitle, author=author, rights=rights, home_url=f"https://recaps.example.org/{home}"
    )

    document = built([an_entry()], channel)

    assert w3c(document) == []


@pytest.mark.parametrize(
    "title", ["Q&A", "List<T> と Map<K, V>", "なぜ <center> か", "AT&T", "&amp; とは", "a &#60; b"]
)
def test_a_title_is_plain_text_and_comes_out_as_it_went_in(title):
    root = etree.fromstring(built([an_entry(title=title)]))

    [found] = root.findall(f"{ATOM}entry/{ATOM}title")

    assert (found.get("type"), found.text) == (None, title)


def test_an_end_tag_in_a_title_is_made_harmless_and_looks_the_same():
    document = built([an_entry(title="さらば </center>")])

    assert etree.fromstring(document).findtext(f"{ATOM}entry/{ATOM}title") == "さらば <\u2060/center>"
    assert w3c(document) == []


def test_each_entry_has_one_link_with_all_it_needs():
    root = etree.fromstring(built([an_entry(language="en")]))

    [link] = root.findall(f"{ATOM}entry/{ATOM}link")

    assert dict(link.attrib.items()) == {
        "href": "https://recaps.example.org/minato/parts/1.html",
        "rel": "alternate",
        "type": "text/html",
        "hreflang": "en",
    }


def test_two_entries_edited_in_the_same_second_are_noticed_by_the_gate():
    late = NOON + dt.timedelta(days=5)

    document = built([an_entry(2, updated_at=late), an_entry(1, updated_at=late)])

    assert "DuplicateUpdated" in w3c(document)


def test_an_edit_moves_updated_and_nothing_else():
    entry = an_entry(updated_at=NOON + dt.timedelta(days=2))

    [seen] = feedparser.parse(built([entry], updated_at=entry.updated_at)).entries

    assert (seen.published, seen.updated) == ("2026-11-25T03:00:00+00:00", "2026-11-27T03:00:00+00:00")


def test_an_archive_names_its_neighbours_and_the_current_document():
    document = built([an_entry()], previous_url="https://recaps.example.org/minato/atom-1.xml", current_url=URL)

    assert b"<fh:archive/>" in document
    assert w3c(document) == []


def test_dates_are_filled_in_after_the_entry_is_made():
    channel, entry = a_channel("atom.xml"), an_entry()

    [item] = atom.undated(channel, [entry])

    assert "T03:00" not in item
    assert (atom.dated(item, published_at=entry.published_at, updated_at=entry.updated_at),) == atom.items(
        channel, [entry]
    )
