"""Real feed readers see each Entry once, and a new one as new."""

import datetime as dt
import os
import subprocess

import pytest

from builders import NOON, a_channel, a_span, an_entry
from cnddigest.feed import atom, opml, rss
from readers import Mailer, Newsboat, served

pytestmark = pytest.mark.slow

FORMATS = {"rss.xml": rss, "atom.xml": atom}
TITLES = {
    1: "1日目 – 港の会議 2026 まとめ",
    2: "2日目 – List<T> と Q&A",
    3: "3日目 – さらば </center> &amp; とは",
}
every_format = pytest.mark.parametrize("file", FORMATS)


@pytest.fixture
def site(tmp_path):
    """A folder served on loopback, with `publish(file, count)` and `address(file)`."""
    folder = tmp_path / "feeds"
    folder.mkdir()
    with served(folder) as address:
        yield Site(folder, address)


class Site:
    def __init__(self, folder, base_url):
        self.folder, self.base_url = folder, base_url

    def address(self, file):
        return self.base_url + file

    def channel(self, file):
        return a_channel(file, base_url=self.base_url, home_url=self.base_url, self_url=self.address(file))

    def publish(self, file, count):
        entries = [an_entry(n, title=TITLES[n]) for n in range(count, 0, -1)]
        form, channel = FORMATS[file], self.channel(file)
        span = a_span(at=NOON + dt.timedelta(days=count - 1), self_url=self.address(file))
        data = form.document(form.frame(channel), form.items(channel, entries), span)
        (self.folder / file).write_bytes(data)
        os.utime(self.folder / file, (count, count))  # readers ask by modification date, whole seconds

    def list_feeds(self):
        (self.folder / "opml.xml").write_bytes(opml.document("購読", [self.channel(file) for file in FORMATS]))


@every_format
def test_newsboat_sees_each_entry_once_and_a_new_one_as_new(site, tmp_path, program, file):
    newsboat = Newsboat(program, tmp_path, site.address(file))

    site.publish(file, 2)
    first, again = newsboat.unread(), newsboat.unread()
    site.publish(file, 3)
    later = newsboat.unread()

    assert (first, again, later) == (2, 2, 3)


@every_format
def test_newsboat_shows_titles_dates_and_text(site, tmp_path, program, file):
    newsboat = Newsboat(program, tmp_path, site.address(file))
    site.publish(file, 2)

    newsboat.unread()

    [first, second] = newsboat.rows()
    assert first[0] == "tag:recaps.example.org,2026:minato/main/part-1"
    assert first[1] == TITLES[1]
    assert first[2] == int(NOON.timestamp())
    assert '<a href="https://example.org/1">資料</a>' in first[3]
    assert "Q&A" in second[1]


def test_newsboat_imports_the_list_of_feeds(site, tmp_path, program):
    site.list_feeds()
    newsboat = Newsboat(program, tmp_path)

    newsboat.run("-i", str(site.folder / "opml.xml"))

    urls = (newsboat.home / "urls").read_text()
    assert all(site.address(file) in urls for file in FORMATS)


@every_format
def test_rss2email_mails_each_entry_once(site, tmp_path, program, file):
    site.publish(file, 2)
    mailer = Mailer(program, tmp_path, site.address(file))

    first, again = mailer.mails(), mailer.mails()
    site.publish(file, 3)
    later = mailer.mails()

    assert (first, again, later) == (2, 2, 3)


@every_format
def test_sfeed_reads_time_title_link_and_id(site, program, file):
    site.publish(file, 3)

    output = subprocess.run(
        [program("sfeed"), site.base_url],
        input=(site.folder / file).read_bytes(),
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout.decode()

    rows = [row.split("\t") for row in output.splitlines()]
    assert [row[5] for row in rows] == [f"tag:recaps.example.org,2026:minato/main/part-{n}" for n in (3, 2, 1)]
    assert [int(row[0]) for row in rows] == [int(NOON.timestamp()) + 86400 * n for n in (2, 1, 0)]
    assert rows[2][1:3] == [TITLES[1], f"{site.base_url}minato/parts/1.html"]


@every_format
def test_xmllint_finds_it_well_formed(site, program, file):
    site.publish(file, 3)

    lint = subprocess.run(
        [program("xmllint"), "--noout", str(site.folder / file)], capture_output=True, check=False, timeout=60
    )

    assert (lint.returncode, lint.stderr) == (0, b"")
