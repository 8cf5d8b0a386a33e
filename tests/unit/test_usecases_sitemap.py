"""The sitemap of a publication: every page that is out, nothing else, and little to rewrite."""

import datetime as dt
import re

import pytest

from cnddigest.site import shelves
from desk import NEXT_DAY, START, Desk, a_text

LOC = re.compile(rb"<loc>https://recaps\.example\.org/(.*?)</loc>")


def listed(desk, *names):
    """Every address in these sitemaps, below the publication's."""
    found = names or [name for name in desk.folder.files if name.startswith("sitemap-")]
    return [path.decode() for name in found for path in LOC.findall(desk.folder.files[name])]


@pytest.fixture
def _small(monkeypatch):
    monkeypatch.setattr(shelves, "PAGES_IN_ONE", 6)
    monkeypatch.setattr(shelves, "PAGES_PER_MAP", 2)


def test_the_sitemap_lists_each_page_that_is_out_and_no_other():
    desk = Desk()

    desk.publish()

    pages = {name for name in desk.folder.files if re.search("/(parts|sessions)/.*html$", name)}
    assert set(listed(desk, "sitemap.xml")) == {"", "minato/", *pages}
    assert b"<lastmod>2026-11-25T03:00:00Z</lastmod>" in desk.folder.files["sitemap.xml"]
    assert b"Sitemap: https://recaps.example.org/sitemap.xml\n" in desk.folder.files["robots.txt"]


def test_before_the_first_release_the_sitemap_knows_the_front_page_alone():
    desk = Desk(start=dt.date(2026, 12, 1))

    desk.publish()

    assert listed(desk, "sitemap.xml") == [""]


@pytest.mark.usefixtures("_small")
def test_a_sitemap_that_outgrows_one_file_lists_its_files_and_they_every_page():
    desk = Desk()
    desk.publish()
    assert set(listed(desk, "sitemap.xml")) > {"minato/"}

    desk.publish(everything=True)

    files = listed(desk, "sitemap.xml")
    assert set(files) == {name for name in desk.folder.files if name.startswith("sitemap-")}
    pages = {name for name in desk.folder.files if re.search("/(parts|sessions)/.*html$", name)}
    assert sorted(listed(desk)) == sorted({"", "minato/", *pages})


@pytest.mark.usefixtures("_small")
def test_a_release_leaves_full_files_of_a_large_sitemap_alone():
    desk = Desk(a_text(days=3, sessions=2), every=dt.timedelta(days=1))
    desk.publish()
    desk.publish(START + NEXT_DAY)
    before = dict(desk.folder.files)

    report = desk.publish(START + 2 * NEXT_DAY)

    written = {name for name in report.files.written if name.startswith("sitemap")}
    assert written == {
        *("sitemap.xml", "sitemap-pages-1.xml", "sitemap-minato-parts-2.xml", "sitemap-minato-sessions-3.xml")
    }
    assert before["sitemap-minato-sessions-1.xml"] == desk.folder.files["sitemap-minato-sessions-1.xml"]


@pytest.mark.usefixtures("_small")
def test_a_sitemap_that_grew_is_the_one_written_at_once():
    desk = Desk(a_text(days=3), every=dt.timedelta(days=1))
    for day in range(3):
        desk.publish(START + day * NEXT_DAY)
    before = {name: data for name, data in desk.folder.files.items() if name.startswith("sitemap")}
    desk.folder.files.clear()

    desk.publish(START + 2 * NEXT_DAY)

    assert {name: data for name, data in desk.folder.files.items() if name.startswith("sitemap")} == before


def test_a_robots_file_of_the_authors_own_stays():
    desk = Desk()
    desk.folder.stage("robots.txt", b"User-agent: *\nDisallow: /\n")
    list(desk.folder.commit())

    desk.publish()

    assert desk.folder.files["robots.txt"] == b"User-agent: *\nDisallow: /\n"
