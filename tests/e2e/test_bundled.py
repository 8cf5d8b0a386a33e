"""The bundled publication, published as a user does it: what its readers get, day after day."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys

import pytest

from conftest import ROOT
from gates import gate, same_entries, shared_ids, w3c
from readers import Mailer, Newsboat, served

pytestmark = pytest.mark.slow

DAYS = ["2026-11-25T12:00:00+09:00", "2026-11-26T08:00:00+09:00"]
FEEDS = ["rss.xml", "atom.xml", "feed.json", "sessions/rss.xml", "sessions/atom.xml", "sessions/feed.json"]
SECOND_DAY = ["2日目", "ゼロトラスト", "ChaosEngineering", "Deep Dive", "TiDB", "ScalarDB", "Keycloak", "おわりに"]


@pytest.fixture
def publication(tmp_path):
    """A copy of the project's own publication, with `publish(now, …)`."""
    shutil.copy(ROOT / "cnddigest.toml", tmp_path)
    shutil.copytree(ROOT / "recaps", tmp_path / "recaps")
    return Publication(tmp_path)


class Publication:
    def __init__(self, folder):
        self.folder, self.feeds = folder, folder / "feeds"

    def publish(self, now, *options, seed="0", base_url=None):
        environment = os.environ | {"PYTHONHASHSEED": seed} | ({"CNDDIGEST_BASE_URL": base_url} if base_url else {})
        ended = subprocess.run(
            [sys.executable, "-m", "cnddigest", "publish", "--json", "--now", now, *options],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            check=True,
            timeout=120,
        )
        return json.loads(ended.stdout)

    def read(self, path):
        return (self.feeds / "cndt2022" / path).read_bytes()

    def files(self):
        return {str(p.relative_to(self.feeds)): p.read_bytes() for p in self.feeds.rglob("*") if p.is_file()}


def test_day_after_day_every_feed_passes_every_gate(publication):
    publication.publish(DAYS[0])
    before = {feed: publication.read(feed) for feed in FEEDS}
    publication.publish(DAYS[1])

    for feed in FEEDS:
        new, now = publication.read(feed), dt.datetime.fromisoformat(DAYS[1])
        if feed.endswith(".xml"):
            address = f"https://recaps.example.org/cndt2022/{feed}"
            assert gate(before[feed], new, now, address) == []
            assert w3c(new) == []
    assert same_entries(*map(publication.read, FEEDS[:3]))
    assert same_entries(*map(publication.read, FEEDS[3:]))
    assert not shared_ids(publication.read(FEEDS[0]), publication.read(FEEDS[3]))


def test_nothing_of_the_second_day_is_anywhere_before_it_is_out(publication):
    publication.publish(DAYS[0])

    leaks = [(path, word) for path, data in publication.files().items() for word in SECOND_DAY if word.encode() in data]

    assert leaks == []


def test_publishing_everything_shows_all_fourteen_sessions(publication):
    publication.publish(DAYS[0])
    publication.publish(DAYS[1], "--all")

    recap = (ROOT / "recaps" / "cndt2022.md").read_text("utf-8")
    addresses = re.findall(r"^https://event\.cloudnativedays\.jp/cndt2022/talks/\d+$", recap, re.MULTILINE)
    pages = [path for path in publication.files() if re.fullmatch(r"cndt2022/sessions/[a-z0-9-]+\.html", path)]
    assert len(addresses) == len(pages) == 14
    assert publication.read("sessions/atom.xml").count(b"<entry") == 14
    assert all(
        address.encode() in publication.read("parts/1.html") + publication.read("parts/2.html") for address in addresses
    )


def test_two_hash_seeds_and_two_places_give_the_same_bytes(publication, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shutil.copytree(publication.folder, elsewhere, dirs_exist_ok=True)
    other = Publication(elsewhere)

    for day in DAYS:
        publication.publish(day, seed="1")
        other.publish(day, seed="2")

    assert publication.files() == other.files()


def test_the_next_publish_writes_nothing(publication):
    publication.publish(DAYS[0])
    stamps = {path: path.stat().st_mtime_ns for path in publication.feeds.rglob("*")}

    report = publication.publish("2026-11-25T23:59:59+09:00")

    assert report["released"] == []
    assert report["files"]["written"] == report["files"]["removed"] == []
    assert {path: path.stat().st_mtime_ns for path in publication.feeds.rglob("*")} == stamps


@pytest.mark.parametrize("feed", ["rss.xml", "atom.xml"])
def test_newsboat_and_rss2email_get_one_part_a_day(publication, tmp_path, program, feed):
    publication.feeds.mkdir()
    with served(publication.feeds) as base_url:
        publication.publish(DAYS[0], base_url=base_url)
        newsboat = Newsboat(program, tmp_path, f"{base_url}cndt2022/{feed}")
        mailer = Mailer(program, tmp_path, f"{base_url}cndt2022/{feed}")
        first = newsboat.unread(), newsboat.unread(), mailer.mails(), mailer.mails()
        publication.publish(DAYS[1], base_url=base_url)
        # Readers ask by modification date in whole seconds; a day passes between the two, not a second.
        os.utime(publication.feeds / "cndt2022" / feed, (2_000_000_000, 2_000_000_000))
        second = newsboat.unread(), mailer.mails()

    assert first == (1, 1, 1, 1)
    assert second == (2, 2)


def test_newsboat_gets_every_session(publication, tmp_path, program):
    publication.feeds.mkdir()
    with served(publication.feeds) as base_url:
        publication.publish(DAYS[0], "--all", base_url=base_url)
        newsboat = Newsboat(program, tmp_path, f"{base_url}cndt2022/sessions/rss.xml")

        assert newsboat.unread() == 14

    dates = [date for _, _, date, _ in newsboat.rows()]
    assert dates == sorted(set(dates))
