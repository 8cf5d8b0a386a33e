"""What `cnddigest serve` says beside the bytes of a file: packings, views, links, and what a browser may do."""

import gzip
import os
from email.utils import parsedate_to_datetime

import brotli
import pytest

from cnddigest import clock
from commands import FIRST, SECOND, OnDisk
from served import serving

pytestmark = pytest.mark.slow

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
FEEDPARSER = (
    "application/atom+xml,application/rdf+xml,application/rss+xml,application/xml;q=0.9,text/xml;q=0.2,*/*;q=0.1"
)
XML_FEEDS = {"/minato/rss.xml": "application/rss+xml", "/minato/sessions/atom.xml": "application/atom+xml"}
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@pytest.fixture(scope="module")
def publication(tmp_path_factory) -> OnDisk:
    disk = OnDisk.new(tmp_path_factory.mktemp("files") / "publication")
    assert disk.publish(FIRST, "--all").code == 0
    (disk.output / "small.txt").write_text("short")
    (disk.output / "picture.png").write_bytes(bytes(5000))
    return disk


@pytest.fixture(scope="module")
def server(publication):
    with serving(publication, "--now", SECOND) as found:
        yield found


@pytest.mark.parametrize(
    ("accepted", "packing"),
    [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0.1, gzip", "gzip"), ("*", "br"), ("identity", None), ("zstd", None)],
)
def test_a_text_is_packed_as_its_reader_likes_it_best(server, accepted, packing):
    plain = server.ask("/minato/rss.xml")

    found = server.ask("/minato/rss.xml", accept_encoding=accepted)

    assert found.headers.get("content-encoding") == packing
    assert UNPACK[packing](found.body) == plain.body
    assert found.headers["vary"] == plain.headers["vary"] == "accept, accept-encoding"


def test_every_version_has_a_tag_of_its_own_that_is_known_again(server):
    ways = [{}, {"accept_encoding": "gzip"}, {"accept_encoding": "br"}]
    ways += [{**way, "accept": BROWSER} for way in ways]

    found = [server.ask("/minato/rss.xml", **way) for way in ways]
    again = [
        server.ask("/minato/rss.xml", **way, if_none_match=first.headers["etag"])
        for way, first in zip(ways, found, strict=True)
    ]
    other = server.ask("/minato/rss.xml", accept_encoding="br", if_none_match=found[0].headers["etag"])

    assert len({each.headers["etag"] for each in found}) == 6
    assert {(each.status, each.body, each.headers["vary"]) for each in again} == {(304, b"", "accept, accept-encoding")}
    assert other.status == 200


@pytest.mark.parametrize("path", ["/small.txt", "/picture.png"])
def test_what_does_not_shrink_is_sent_as_it_is(server, path):
    found = server.ask(path, accept_encoding="br, gzip")

    assert "content-encoding" not in found.headers
    assert "vary" not in found.headers


@pytest.mark.parametrize(("path", "kind"), XML_FEEDS.items())
def test_a_browser_is_shown_a_feed_with_its_stylesheet(server, path, kind):
    shown, read = server.ask(path, accept=BROWSER), server.ask(path, accept=FEEDPARSER)

    assert shown.headers["content-type"] == "application/xml; charset=utf-8"
    assert "style-src 'self'" in shown.headers["content-security-policy"]
    assert read.headers["content-type"] == f"{kind}; charset=utf-8"
    assert shown.body == read.body


def test_a_part_of_a_file_is_politely_not_given(publication, server):
    found = server.ask("/minato/rss.xml", range="bytes=0-9", if_range='"x"')

    assert (found.status, found.headers["accept-ranges"]) == (200, "none")
    assert found.body == (publication.output / "minato/rss.xml").read_bytes()


def test_a_feed_says_its_address_and_its_page(server):
    found = server.ask("/minato/sessions/atom.xml")

    assert found.headers["link"] == (
        '<https://recaps.example.org/minato/sessions/atom.xml>; rel="self"; type="application/atom+xml", '
        '<https://recaps.example.org/minato/>; rel="alternate"; type="text/html"'
    )
    assert "link" not in server.ask("/minato/").headers


def test_a_page_may_use_what_is_the_sites_own_and_an_issue_only_what_is_in_it(server):
    page, issue, style = (
        server.ask(path).headers for path in ("/minato/parts/1.html", "/minato/issues/1.html", "/assets/style.css")
    )

    assert "script-src 'self'" in page["content-security-policy"]
    assert "unsafe-inline" not in page["content-security-policy"]
    assert "style-src 'unsafe-inline'" in issue["content-security-policy"]
    assert "sandbox" in issue["content-security-policy"]
    assert "script-src" not in issue["content-security-policy"]
    assert page["x-frame-options"] == issue["x-frame-options"] == "DENY"
    assert all("frame-ancestors 'none'" in each["content-security-policy"] for each in (page, issue))
    assert all(each["x-content-type-options"] == "nosniff" for each in (page, issue, style))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_address_written_in_another_way_gets_the_very_same_answer(server, method):
    way = {"accept": BROWSER, "accept_encoding": "br"}
    server.ask("/minato/rss.xml", **way)

    plain, written_out = [server.ask(path, method, **way) for path in ("/minato/rss.xml", "/minato/rss%2Exml")]

    assert plain.status == 200
    assert list(plain.headers) == list(written_out.headers)
    assert {**plain.headers, "date": ""} == {**written_out.headers, "date": ""}
    assert plain.body == written_out.body


def test_a_file_is_never_from_the_future(publication, server):
    file = publication.output / "small.txt"
    tomorrow = clock.now().timestamp() + 86400
    os.utime(file, (tomorrow, tomorrow))

    found = server.ask("/small.txt")

    assert parsedate_to_datetime(found.headers["last-modified"]) <= clock.now()


def test_a_file_that_is_replaced_is_seen_at_once_and_one_that_is_gone_is_gone(publication, server):
    file = publication.output / "note.txt"
    states = []

    for text in ("first", "second, of another length", None):
        file.write_text(text) if text else file.unlink()
        states.append(server.ask("/note.txt"))

    assert [each.status for each in states] == [200, 200, 404]
    assert [each.body for each in states[:2]] == [b"first", b"second, of another length"]
