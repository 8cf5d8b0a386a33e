"""JSON Feed: version 1.1, with every member a reader asks for and no empty one."""

import json

from hypothesis import given

from builders import NOON, a_channel, a_span, an_entry
from cnddigest.feed import atom, jsonfeed, rss
from cnddigest.feed.text import tidy
from gates import same_entries
from hostile import hostile, hostile_entry

URL = "https://recaps.example.org/minato/feed.json"


def built(entries, channel=None, **span):
    channel = channel or a_channel("feed.json")
    return jsonfeed.document(jsonfeed.frame(channel), jsonfeed.items(channel, entries), a_span("feed.json", **span))


def test_a_feed_has_every_member_of_version_1_1():
    feed = json.loads(built([an_entry()]))

    assert {name: value for name, value in feed.items() if name != "items"} == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "港の会議 2026 まとめ",
        "home_page_url": "https://recaps.example.org/minato/",
        "feed_url": URL,
        "description": "一日ずつ届く会議の記録",
        "language": "ja",
        "authors": [{"name": "港の編集部"}],
    }


def test_an_item_has_everything_and_nothing_empty():
    [item] = json.loads(built([an_entry(language="en", tags=("k8s",))]))["items"]

    assert item == {
        "id": "tag:recaps.example.org,2026:minato/main/part-1",
        "url": "https://recaps.example.org/minato/parts/1.html",
        "title": "1日目 – 港の会議 2026 まとめ",
        "summary": "1日目の要約",
        "content_html": '<p>1日目の本文です。<a href="https://example.org/1">資料</a></p>',
        "date_published": "2026-11-25T03:00:00+00:00",
        "date_modified": "2026-11-25T03:00:00+00:00",
        "authors": [{"name": "港の編集部"}],
        "tags": ["k8s"],
        "language": "en",
    }


def test_what_is_empty_is_left_out():
    [item] = json.loads(built([an_entry(summary=" ", tags=("",))]))["items"]

    assert "summary" not in item
    assert "tags" not in item
    assert "language" not in item


def test_the_current_document_of_an_ended_feed_has_expired():
    assert json.loads(built([an_entry()], complete=True))["expired"] is True


def test_an_archive_of_an_ended_feed_has_not():
    assert "expired" not in json.loads(built([an_entry()], complete=True, current_url=URL))


def test_pages_lead_to_older_entries():
    older = "https://recaps.example.org/minato/feed-7.json"

    feed = json.loads(built([an_entry()], previous_url=older))

    assert feed["next_url"] == older


@given(hostile_entry)
def test_any_text_gives_a_feed(entry):
    [item] = json.loads(built([entry]))["items"]

    assert item["title"].strip()
    assert item["content_html"] == tidy(item["content_html"])
    assert item["url"].isascii()


@given(title=hostile, subtitle=hostile, author=hostile, home=hostile)
def test_any_channel_gives_a_feed(title, subtitle, author, home):
    channel = a_channel(title=title, subtitle=subtitle, author=author, home_url=f"https://recaps.example.org/{home}")

    feed = json.loads(built([an_entry()], channel))

    assert feed["title"]
    assert len(feed["items"]) == 1


def test_all_formats_list_the_same_entries_in_the_same_order():
    entries = [an_entry(n) for n in range(9, 0, -1)]
    documents = [
        form.document(form.frame(a_channel()), form.items(a_channel(), entries), a_span()) for form in (rss, atom)
    ]

    assert same_entries(*documents, built(entries))
    assert not same_entries(*documents, built(entries[1:]))


def test_dates_are_filled_in_after_the_item_is_made():
    channel, entry = a_channel(), an_entry()

    [item] = jsonfeed.undated(channel, [entry])

    assert (jsonfeed.dated(item, published_at=NOON, updated_at=NOON),) == jsonfeed.items(channel, [entry])
