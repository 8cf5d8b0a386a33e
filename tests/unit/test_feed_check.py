"""Every planted fault is found, at run time and by the gates of the tests; a good feed passes both."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_channel, a_span, an_entry
from cnddigest.feed import atom, check, jsonfeed, rss
from gates import gate, shared_ids, w3c

FORMATS = {"rss.xml": rss, "atom.xml": atom, "feed.json": jsonfeed}
LATER = NOON + dt.timedelta(days=400)
THREE = tuple(an_entry(n) for n in (3, 2, 1))
every_format = pytest.mark.parametrize("file", FORMATS)


def built(file, entries, **span):
    form, channel = FORMATS[file], a_channel(file, language=span.pop("language", "ja"))
    newest = max((entry.updated_at for entry in entries), default=NOON)
    return form.document(form.frame(channel), form.items(channel, entries), a_span(file, **{"at": newest} | span))


def url(file):
    return f"https://recaps.example.org/minato/{file}"


def found(file, old, new, now=LATER):
    return " / ".join(check.faults(old, new, now=now, self_url=url(file)))


def edited(number, **fields):
    """THREE with one Entry changed."""
    return tuple(replace(entry, **fields) if n == 3 - number else entry for n, entry in enumerate(THREE))


@every_format
def test_a_good_feed_has_no_fault(file):
    document = built(file, THREE)

    assert found(file, None, document) == ""
    assert found(file, document, document) == ""


@every_format
@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        ((), "no entries"),
        ((THREE[0], THREE[0]), "id repeated"),
        (edited(2, entry_id="https://recaps.example.org/2"), "no permanent id"),
        (edited(2, entry_id="2"), "no permanent id"),
        (edited(2, entry_id="tag:recaps.example.org,2026:港"), "no permanent id"),
        (THREE[::-1], "not newest first"),
        (edited(3, published_at=LATER + dt.timedelta(1), updated_at=LATER + dt.timedelta(1)), "in the future"),
        (edited(2, updated_at=NOON - dt.timedelta(days=1)), "updated before it was published"),
    ],
)
def test_a_fault_in_the_new_file_is_found(file, entries, fault):
    assert fault in found(file, None, built(file, entries))


@every_format
@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ("https://recaps.example.org/minato/parts/2.html", "parts/2.html", "link is not absolute: parts/2.html"),
        ("2日目 – 港の会議 2026 まとめ", "", "no title"),
        ("2026-11-26T", "木曜日", "updated missing"),
    ],
)
def test_a_fault_in_the_finished_bytes_is_found(file, right, wrong, fault):
    good = built(file, THREE).decode()

    assert right in good
    assert fault in found(file, None, good.replace(right, wrong).encode())


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
def test_a_feed_updated_in_the_future_is_found(file):
    new = built(file, THREE, updated_at=LATER + dt.timedelta(seconds=1))

    assert "feed updated at an impossible moment" in found(file, None, new)


@every_format
@pytest.mark.parametrize(
    ("entries", "fault"),
    [
        (THREE[:2], "part-1: vanished"),
        (edited(1, path="minato/parts/one.html"), "part-1: linked anew"),
        (edited(1, published_at=NOON - dt.timedelta(hours=1)), "part-1: published anew"),
        (edited(1, title="別の題"), "part-1: title changed without an edit"),
        (edited(1, entry_id="tag:recaps.example.org,2026:minato/main/one"), "part-1: vanished"),
    ],
)
def test_a_change_readers_would_notice_is_found(file, entries, fault):
    assert found(file, built(file, THREE), built(file, entries)) == f"tag:recaps.example.org,2026:minato/main/{fault}"


@every_format
def test_a_declared_edit_may_change_the_title(file):
    edit = edited(1, title="別の題", updated_at=NOON + dt.timedelta(days=30))

    assert found(file, built(file, THREE), built(file, edit)) == ""


@every_format
def test_an_entry_may_slide_into_an_archive(file):
    new = built(file, THREE[:2], previous_url=f"{url(file)}-archive")

    assert found(file, built(file, THREE), new) == ""


@every_format
def test_a_newer_entry_may_not_slide_anywhere(file):
    new = built(file, (THREE[0], THREE[2]), previous_url=f"{url(file)}-archive")

    assert "part-2: vanished" in found(file, built(file, THREE), new)


@every_format
def test_a_site_that_moved_takes_its_links_along(file):
    old = built(file, edited(1, path="elsewhere/1.html"), self_url="https://old.example.org/rss.xml")

    assert found(file, old, built(file, THREE)) == ""


@every_format
def test_the_feeds_own_address_is_checked(file):
    new = built(file, THREE, self_url="https://recaps.example.org/other.xml")

    assert "own address is wrong" in found(file, None, new)


@every_format
@pytest.mark.parametrize("damage", [b"", b"<rss", b"<rss/>", b"{", b"[]", b'{"items": 3}', b"\x00\xff", b"<html/>"])
def test_a_damaged_old_file_counts_as_none(file, damage):
    assert found(file, damage, built(file, THREE)) == ""


@pytest.mark.parametrize("damage", [b"", b"<rss><channel>", b"{", b'{"items": 3}', b"<feed/>"])
def test_what_is_no_feed_may_not_be_written(damage):
    assert check.faults(None, damage, now=LATER, self_url=url("rss.xml"))


@given(st.binary(max_size=200) | st.sampled_from([b"[" * 10**5, b'{"items":' * 10**5, b"<rss>" * 10**4]))
def test_reading_fails_in_one_way_only(data):
    with pytest.raises(ValueError, match="not a feed: "):
        check.read(data)


def test_formats_that_list_different_entries_are_found():
    documents = [built(file, THREE) for file in FORMATS]

    assert check.disagreements(documents) == []
    assert check.disagreements([*documents, built("rss.xml", THREE[:2])]) == ["formats list different entries"]


def test_an_id_in_two_feeds_is_found():
    feeds = built("rss.xml", THREE), built("atom.xml", (an_entry(3), an_entry(4)))

    faults = check.repeated(feeds)

    assert faults == ["tag:recaps.example.org,2026:minato/main/part-3: id in 2 feeds"]
    assert shared_ids(*feeds) == {"tag:recaps.example.org,2026:minato/main/part-3"}


# The gates of the tests: each seen failing.


@pytest.mark.parametrize("file", ["rss.xml", "atom.xml"])
@pytest.mark.parametrize(
    ("entries", "span", "fault"),
    [
        ((), {}, "empty feed"),
        ((THREE[0], THREE[0]), {}, "id missing or repeated"),
        (edited(2, entry_id="http://example.org/2"), {}, "id is a URL"),
        (THREE[:2], {}, "ids vanished"),
        (THREE, {"language": ""}, "no language"),
        (edited(3, published_at=LATER + dt.timedelta(days=1)), {}, "a time in the future"),
        (THREE[::-1], {}, "not newest first"),
        (THREE, {"self_url": "https://recaps.example.org/x.xml"}, "wrong self link"),
        (edited(2, html='<a href="x.html">x</a>'), {}, "relative x.html"),
        (edited(2, published_at=NOON), {}, "published changed after release"),
        (edited(2, path="x.html"), {}, "link changed after release"),
        (edited(2, title="x"), {}, "title changed after release"),
    ],
)
def test_the_gate_finds_a_planted_fault(file, entries, span, fault):
    old, new = built(file, THREE), built(file, entries, **span)

    assert fault in " / ".join(gate(old, new, LATER, url(file)))


RSS_PLANTS = {
    "BadCharacters": ("の要約", "\x80の要約"),
    "InvalidLanguage": ("<language>ja<", "<language>日本語<"),
    "InvalidLink": ('/rss.xml" rel="self"', '/まとめ.xml" rel="self"'),
    "SelfNotAtom": ('type="application/rss+xml"', 'type="text/xml"'),
    "MissingSelf": ('rel="self"', 'rel="related"'),
    "FeedHistoryRelInEntry": ("<pubDate>Thu", '<atom:link href="https://e.org/" rel="next"/><pubDate>Thu'),
    "FeedRelInCompleteFeed": ("<ttl>", '<fh:complete/><atom:link href="https://e.org/" rel="prev-archive"/><ttl>'),
    "ArchiveIncomplete": ("<ttl>", "<fh:archive/><ttl>"),
    "MissingCurrentInArchive": ("<ttl>", "<fh:archive/><ttl>"),
    "ContainsHTML": ("<title>2日目", "<title>2日目 &lt;b&gt;x&lt;/b&gt;"),
    "CharacterData": ("<title>2日目", "<title>2日目 &lt;T&gt;"),
    "MisplacedItem": ("</channel>", "<category>x</category></channel>"),
    "MissingTitle": ("<title>港の会議 2026 まとめ</title>", "<title></title>"),
    "InvalidContact": ("<ttl>", "<managingEditor>x</managingEditor><ttl>"),
    "InvalidRFC2822Date": ("Thu, 26 Nov 2026", "木, 26 Nov 2026"),
    "IncorrectDOW": ("Thu, 26 Nov 2026", "Fri, 26 Nov 2026"),
    "DuplicateValue": ("main/part-2", "main/part-1"),
    "NeedDescriptionBeforeContent": ("<description>2日目の要約</description>", ""),
    "NotBlank: title": ("<title>2日目 – 港の会議 2026 まとめ<", "<title><"),
    "InvalidFullLink": ("parts/2.html", "まとめ/2.html"),
    "InvalidHttpGUID": ('isPermaLink="false"', 'isPermaLink="true"'),
    "InvalidRFC3339Date": ("2026-11-26T03:00:00+00:00", "2026-11-26T03:00:00"),
    "SecurityRisk: script": ("&lt;p&gt;2日目", "&lt;script&gt;1&lt;/script&gt;2日目"),
    "SecurityRiskAttr": ("&lt;p&gt;2日目", '&lt;p style="color:red"&gt;2日目'),
    "ContainsRelRef": ('href="https://example.org/2"', 'href="2"'),
}


@pytest.mark.parametrize("message", RSS_PLANTS)
def test_the_validators_rules_for_rss_find_a_planted_fault(message):
    right, wrong = RSS_PLANTS[message]
    good = built("rss.xml", THREE).decode()

    faults = w3c(good.replace(right, wrong).encode())

    assert right in good
    assert w3c(good.encode()) == []
    assert message in " / ".join(faults)


ATOM_PLANTS = {
    "ContainsUndeclaredHTML": ("<title>2日目", "<title>2日目 &lt;b&gt;x&lt;/b&gt;"),
    "NotBlank": ("<subtitle>一日ずつ届く会議の記録<", "<subtitle><"),
    "NonCanonicalURI": ("main/part-2", "main/部-2"),
    "InvalidRFC3339Date": ("<updated>2026-11-26T03:00:00+00:00", "<updated>2026-11-26T03:00:00"),
    "DuplicateEntries": ("main/part-2", "main/part-1"),
    "DuplicateUpdated": ("<updated>2026-11-26", "<updated>2026-11-25"),
    "MissingElement: author": ("<name>港の編集部</name>", "<name> </name>"),
    "DuplicateAtomLink": ("<summary", '<link href="https://e.org/" rel="alternate"/><summary'),
    "MissingTextualContent": ('<summary type="html">', "<summary>"),
}


@pytest.mark.parametrize("message", ATOM_PLANTS)
def test_the_validators_rules_for_atom_find_a_planted_fault(message):
    right, wrong = ATOM_PLANTS[message]
    good = built("atom.xml", THREE).decode()

    faults = w3c(good.replace(right, wrong).encode())

    assert right in good
    assert w3c(good.encode()) == []
    assert message in " / ".join(faults)
