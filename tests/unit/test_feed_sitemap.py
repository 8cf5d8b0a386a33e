"""Sitemaps and robots.txt: what is out, by its full address, and nothing made for one person."""

import datetime as dt
from urllib.robotparser import RobotFileParser

import pytest
from hypothesis import given
from lxml import etree

from builders import NOON
from cnddigest.feed import sitemap
from cnddigest.feed.sitemap import Place
from hostile import hostile

SPACE = {"s": sitemap.NAMESPACE}


def test_a_page_is_listed_with_the_moment_of_its_last_change():
    places = [
        Place(url="https://e.org/"),
        Place(url="https://e.org/港/?a=1&b=2", changed_at=NOON.astimezone(dt.timezone(dt.timedelta(hours=9)))),
    ]

    root = etree.fromstring(sitemap.sitemap(places))

    found = [(url.findtext("s:loc", None, SPACE), url.findtext("s:lastmod", None, SPACE)) for url in root]
    assert found == [
        ("https://e.org/", None),
        ("https://e.org/%E6%B8%AF/?a=1&b=2", "2026-11-25T03:00:00Z"),
    ]


@given(address=hostile)
def test_any_address_gives_a_sitemap(address):
    root = etree.fromstring(sitemap.sitemap([Place(url=f"https://e.org/{address}")]))

    assert str(root.findtext("s:url/s:loc", None, SPACE)).startswith("https://e.org/")


@pytest.mark.parametrize("home", ["https://e.org/", "https://e.org/p/"])
def test_robots_keep_out_of_what_is_made_for_one_person(home):
    robots = RobotFileParser()

    robots.parse(sitemap.robots(home, f"{home}sitemap.xml").decode().splitlines())

    closed = ["replay/t/rss.xml", "unsubscribe/t", "confirm/t", "preferences/t", "pace/t", "admin/", "search?q=a"]
    assert not [path for path in closed if robots.can_fetch("any", home + path)]
    assert all(robots.can_fetch("any", home + path) for path in ("", "minato/", "minato/search.json", "minato/rss.xml"))
    assert robots.site_maps() == [f"{home}sitemap.xml"]
