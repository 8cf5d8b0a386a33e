"""RFC 5005 in numbers: every Entry reachable, little to write, archives written once."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from builders import a_channel, an_entry
from cnddigest.feed import atom, check, jsonfeed, paging, rss
from gates import gate, ids, w3c

counts = st.integers(0, 3000)


def names(documents):
    return [document.named("rss.xml") for document in documents]


def test_fifty_entries_are_one_document():
    assert names(paging.documents(50)) == ["rss.xml"]


def test_the_fifty_first_makes_two_archives_at_once():
    assert names(paging.documents(51)) == ["rss.xml", "rss-2.xml", "rss-1.xml"]


def test_a_feed_without_entries_has_no_document():
    assert names(paging.documents(0)) == []


@given(counts)
def test_every_entry_is_in_some_document(count):
    reached = {n for found in paging.documents(count) for n in range(found.first, found.last + 1)}

    assert reached == set(range(1, count + 1))


@given(counts)
def test_the_current_document_holds_the_newest(count):
    current = paging.current(count)

    assert current.last == count
    assert current.last - current.first + 1 == min(count, paging.WINDOW)


@given(counts)
def test_a_lone_archive_never_exists(count):
    assert paging.archives(count) != 1


@given(counts)
def test_following_previous_reaches_every_document(count):
    found, step = [], paging.current(count)
    while step.previous:
        step = paging.archive(count, step.previous)
        found.append(step)

    assert found == list(paging.documents(count))[1:]


@given(counts)
def test_neighbours_name_each_other(count):
    for number in range(1, paging.archives(count)):
        assert paging.archive(count, number).next == number + 1
        assert paging.archive(count, number + 1).previous == number


@given(counts, counts)
def test_an_archive_keeps_its_entries_for_ever(count, more):
    for number in range(1, paging.archives(count) + 1):
        before, after = paging.archive(count, number), paging.archive(count + more, number)
        assert (before.first, before.last) == (after.first, after.last)


@given(counts, st.integers(0, 200))
def test_what_is_touched_is_exactly_what_differs(before, added):
    known = list(paging.documents(before))

    touched = list(paging.touched(before, before + added))

    assert touched == [found for found in paging.documents(before + added) if found not in known]


def test_one_entry_more_costs_the_same_in_a_feed_of_any_length():
    most = max(len(list(paging.touched(n, n + 1))) for n in range(51, 2000))

    assert most == 3
    assert names(paging.touched(10**9 - 1, 10**9)) == ["rss.xml", "rss-40000000.xml", "rss-39999999.xml"]


@given(counts, st.data())
def test_an_edited_entry_is_found_wherever_it_stands(count, data):
    if not count:
        return
    entry = data.draw(st.integers(1, count))

    holding = list(paging.holding(count, entry))

    assert holding == [found for found in paging.documents(count) if found.first <= entry <= found.last]


@pytest.mark.parametrize("number", [-1, 0, 3])
def test_there_is_no_such_archive(number):
    with pytest.raises(IndexError):
        paging.archive(51, number)


@pytest.mark.parametrize(
    ("current", "expected"),
    [
        ("rss.xml", "rss-2.xml"),
        ("feed.json", "feed-2.json"),
        ("https://recaps.example.org/a.b/atom.xml", "https://recaps.example.org/a.b/atom-2.xml"),
    ],
)
def test_archives_are_named_after_the_current_document(current, expected):
    assert paging.name(current, 2) == expected


FORMATS = {"rss.xml": rss, "atom.xml": atom, "feed.json": jsonfeed}


def written(file, count, *, complete=False, hubs=()):
    """Every document of a feed of that many Entries, by address."""
    form, channel = FORMATS[file], a_channel(file)
    items = form.items(channel, [an_entry(n) for n in range(1, count + 1)])
    frame = form.frame(channel)
    files = {}
    for found in paging.documents(count):
        newest = an_entry(found.last).published_at
        span = paging.span(
            found, current_url=channel.self_url, published_at=newest, updated_at=newest, complete=complete, hubs=hubs
        )
        files[span.self_url] = form.document(frame, items[found.first - 1 : found.last][::-1], span)
    return files


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize(("count", "complete"), [(1, True), (50, False), (51, True), (76, False)])
def test_a_feed_of_any_length_has_no_fault(file, count, complete):
    now = an_entry(count).published_at

    for url, data in written(file, count, complete=complete).items():
        assert check.faults(data, data, now=now, self_url=url) == []
        assert file == "feed.json" or (w3c(data), gate(data, data, now, url)) == ([], [])


@pytest.mark.parametrize("file", FORMATS)
def test_hubs_stand_in_the_document_that_is_followed_and_are_no_fault(file):
    hubs = ("https://hub.example.org/?a=1&b=2", "https://recaps.example.org/hub")
    now = an_entry(51).published_at

    files = written(file, 51, complete=True, hubs=hubs)

    current = files.pop(a_channel(file).self_url)
    assert found_hubs(current) == list(hubs)
    assert not any(found_hubs(data) for data in files.values())
    assert check.faults(current, current, now=now, self_url=a_channel(file).self_url) == []
    assert file == "feed.json" or (w3c(current), gate(current, current, now, a_channel(file).self_url)) == ([], [])


def found_hubs(data):
    if data.startswith(b"{"):
        return [hub["url"] for hub in json.loads(data).get("hubs", []) if hub["type"] == "WebSub"]
    links = etree.fromstring(data).iter("{http://www.w3.org/2005/Atom}link")
    return [link.get("href") for link in links if link.get("rel") == "hub"]


@pytest.mark.parametrize("file", FORMATS)
def test_a_reader_that_follows_links_collects_every_entry(file):
    files = written(file, 101)
    url, seen = a_channel(file).self_url, []

    while url:
        seen += [found for found in ids(files[url]) if found not in seen]
        url = older(files.pop(url))

    assert seen == [an_entry(n).entry_id for n in range(101, 0, -1)]
    assert not files


@pytest.mark.parametrize("file", FORMATS)
def test_growing_rewrites_what_is_touched_and_nothing_else(file):
    before, after = written(file, 74), written(file, 75)

    changed = {url for url in after if after[url] != before.get(url)}

    touched = {found.named(a_channel(file).self_url) for found in paging.touched(74, 75)}
    assert changed <= touched
    assert file == "feed.json" or changed == touched  # JSON Feed has no link to a newer document


@pytest.mark.parametrize("file", FORMATS)
def test_growing_is_no_fault_to_a_reader_of_the_older_file(file):
    for count in (1, 50, 74):
        before, after = written(file, count), written(file, count + 1)
        for url, data in after.items():
            assert check.faults(before.get(url), data, now=an_entry(count + 1).published_at, self_url=url) == []


def older(document):
    if document.startswith(b"{"):
        return json.loads(document).get("next_url")
    links = etree.fromstring(document).iter("{http://www.w3.org/2005/Atom}link")
    return next((link.get("href") for link in links if link.get("rel") == "prev-archive"), None)
