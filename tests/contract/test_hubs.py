"""Telling: what is not known is due, once, again after a failure, and never lost; real servers on loopback."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from builders import NOON, a_publication
from callbacks import Far, a_far_server
from cnddigest.hub import patience
from cnddigest.hub.model import Intent
from cnddigest.ports.hub import Waiting
from cnddigest.ports.record import BuiltFile
from cnddigest.servers import Servers
from cnddigest.store import hub as store_hub
from cnddigest.store.hub import SqliteHubs
from cnddigest.store.sqlite import open_store
from cnddigest.usecases.tell import Pushed, Teller, Told

PATH = "minato/atom.xml"
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
OWN = "https://recaps.example.org/hub"
OLD, NEW = "old", "new"  # what pushes are signed with


class House:
    """A record with feeds in it, a clock that can be set, and who tells."""

    def __init__(self, folder: Path) -> None:
        self.record = str(folder / "record")
        self.now = NOON
        self.bodies: dict[str, bytes] = {}
        self._store = open_store(self.record)
        self._marks = count(1)
        self.hubs = SqliteHubs(self.record)
        self._chance = count(1)

    def write(self, *paths: str) -> None:
        for path in paths:
            mark = next(self._marks)
            self.bodies[path] = f"{path} {mark}".encode()
            self._store.remember_built([BuiltFile(path=path, key="", size=1, mtime_ns=mark)])

    def teller(self) -> Teller:
        return Teller(self.hubs, Servers(limit=2.0), a_publication(), clock=lambda: self.now)

    def announce(self, *hubs: str) -> Told:
        return self.teller().announce(hubs)

    def look(self, *, is_private: bool = True) -> Pushed:
        return self.teller().look(lambda: f"chance-{next(self._chance)}", is_private=is_private)

    def push(self, *, is_private: bool = True) -> Pushed:
        return self.teller().push(self.bodies.get, hub=OWN, is_private=is_private)

    def wish(self, url: str, mode: str = "subscribe", **more: object) -> bool:
        fields: dict[str, object] = {"mode": mode, "path": PATH, "url": url, "host": "127.0.0.1", "lease": 10 * DAY}
        return self.hubs.accept(Intent(**fields | more), now=self.now)  # type: ignore[arg-type]

    def follow(self, url: str, **more: object) -> None:
        assert self.wish(url, **more)  # type: ignore[arg-type]
        assert self.look().confirmed == 1

    def close(self) -> None:
        self.hubs.close()
        self._store.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with closing(House(tmp_path)) as opened:
        opened.write(PATH)
        yield opened


@pytest.fixture
def far() -> Iterator[Far]:
    with a_far_server() as found:
        yield found


# Hubs that we tell


def test_a_hub_is_told_of_each_feed_once_and_again_when_it_changed(house: House, far: Far) -> None:
    house.write("minato/rss.xml", "minato/index.html")

    first, second = house.announce(far.url), house.announce(far.url)
    house.write(PATH)
    third = house.announce(far.url)

    assert (first.feeds, second.feeds, third.feeds) == (2, 0, 1)
    assert [asked.form["hub.url"].rpartition("/")[2] for asked in far.asked][2:] == ["atom.xml"]


def test_what_a_hub_has_still_to_be_told_of_is_counted(house: House, far: Far) -> None:
    other = f"{far.url}other"

    house.write(PATH, "minato/rss.xml")
    house.announce(far.url)
    house.write(PATH)
    found = house.hubs.waiting([far.url, other], [PATH, "minato/rss.xml", "minato/feed.json"])

    assert found == [Waiting(hub=far.url, feeds=1), Waiting(hub=other, feeds=2)]


def test_two_that_tell_at_once_tell_once(house: House, far: Far) -> None:
    inner: list[Told] = []

    def answer(_: object) -> tuple[int, bytes]:
        with closing(SqliteHubs(house.record)) as hubs:
            inner.append(
                Teller(hubs, Servers(), a_publication(), clock=lambda: house.now).announce([far.url]),
            )
        return 204, b""

    far.answers = answer
    told = house.announce(far.url)

    assert (told.feeds, inner, len(far.asked)) == (1, [Told()], 1)


def test_a_claim_that_a_killed_process_held_is_due_again_after_a_minute(house: House, far: Far) -> None:
    house.hubs.claim_announcements([far.url], [PATH], limit=8, now=house.now)
    at_once = house.announce(far.url)
    house.now += MINUTE

    assert (at_once.feeds, house.announce(far.url).feeds) == (0, 1)


def test_a_hub_that_fails_is_told_later_and_later_and_at_last_left_alone(house: House, far: Far) -> None:
    far.answers = lambda _: (503, b"")
    tries = []
    for minute in range(3 * 24 * 60):
        house.now = NOON + minute * MINUTE
        if house.announce(far.url).failed:
            tries.append(minute)

    assert tries == [0, 1, 6, 21, 81, 321, 801, 1521]
    (failing,) = house.hubs.failing([far.url])
    assert (failing.feeds, failing.problem, failing.is_over) == (1, "it answers 503", True)


def test_a_hub_that_was_left_alone_is_told_of_the_next_change(house: House, far: Far) -> None:
    far.answers = lambda _: (404, b"")
    house.announce(far.url)
    far.answers = lambda _: (204, b"")
    before = house.announce(far.url).feeds
    house.write(PATH)

    assert (before, house.announce(far.url).feeds) == (0, 1)
    assert not house.hubs.failing([far.url])


def test_a_dead_hub_is_asked_once_and_holds_up_no_other(house: House, far: Far) -> None:
    house.write(*(f"minato/{name}" for name in ("rss.xml", "feed.json", "sessions/rss.xml", "sessions/atom.xml")))
    with a_far_server(lambda _: (500, b"")) as dead:
        told = house.announce(dead.url, far.url)

    assert told.feeds == 5
    assert len(dead.asked) <= 5


def test_a_clock_that_was_set_back_keeps_no_hub_waiting(house: House, far: Far) -> None:
    far.answers = lambda _: (503, b"")
    house.announce(far.url)
    house.now -= 365 * DAY
    far.answers = lambda _: (204, b"")

    assert house.announce(far.url).feeds == 1


def test_a_hub_that_is_not_named_any_more_is_forgotten(house: House, far: Far) -> None:
    house.announce(far.url)
    house.announce()

    assert house.announce(far.url).feeds == 1


# Callbacks that we push to


def test_a_callback_that_confirms_gets_the_next_change_and_not_the_last(house: House, far: Far) -> None:
    house.follow(far.url, secret=OLD)
    before = house.push()
    house.write(PATH)
    after = house.push()

    assert (before.pushed, after.pushed, house.push().pushed) == (0, 1, 0)
    (pushed,) = far.of("POST")
    assert pushed.body == house.bodies[PATH]
    assert pushed.headers["x-hub-signature"].startswith("sha256=")


def test_nothing_is_asked_before_somebody_looks(house: House, far: Far) -> None:
    house.wish(far.url)

    assert not far.asked


@pytest.mark.parametrize("answer", [(200, b"another"), (200, b"chance-1\n"), (404, b"chance-1"), (302, b"chance-1")])
def test_who_does_not_repeat_the_challenge_gets_nothing(house: House, far: Far, answer: tuple[int, bytes]) -> None:
    far.answers = lambda _: answer
    house.wish(far.url)
    denied = house.look().denied
    house.now += 10 * MINUTE
    house.write(PATH)

    assert (denied, house.look(), house.push()) == (1, Pushed(), Pushed())
    assert len(far.asked) == 1


def test_a_callback_that_is_busy_is_asked_once_more(house: House, far: Far) -> None:
    far.answers = lambda _: (503, b"")
    house.wish(far.url)
    for _ in range(60):
        house.look()
        house.now += MINUTE

    assert len(far.asked) == 2


def test_an_inner_address_is_not_asked(house: House, far: Far) -> None:
    house.wish(far.url)

    assert house.look(is_private=False).denied == 1
    assert not far.asked


def test_an_address_that_became_an_inner_one_is_not_pushed_to(house: House, far: Far) -> None:
    house.follow(far.url)
    house.write(PATH)

    assert house.push(is_private=False) == Pushed(gone=1)
    assert not far.of("POST")


def test_a_callback_leaves_only_if_it_says_so_itself(house: House, far: Far) -> None:
    house.follow(far.url)
    far.answers = lambda _: (404, b"")
    house.wish(far.url, "unsubscribe")
    house.look()
    house.write(PATH)
    far.answers = lambda asked: (200, asked.query.get("hub.challenge", "").encode())
    stays = house.push().pushed
    house.wish(far.url, "unsubscribe")
    house.look()
    house.write(PATH)

    assert (stays, house.push()) == (1, Pushed())


def test_to_leave_what_nobody_follows_asks_nobody(house: House, far: Far) -> None:
    assert house.wish(far.url, "unsubscribe")

    assert house.look() == Pushed()
    assert not far.asked


def test_410_ends_a_callback(house: House, far: Far) -> None:
    house.follow(far.url)
    house.write(PATH)
    far.answers = lambda _: (410, b"")

    assert house.push().gone == 1
    house.write(PATH)
    assert house.push() == Pushed()


def test_a_lease_that_ends_ends_a_callback_and_one_that_is_renewed_does_not(house: House, far: Far) -> None:
    house.follow(far.url, lease=DAY)
    house.follow(f"{far.url}renewed", lease=DAY)
    house.now += 23 * HOUR
    house.follow(f"{far.url}renewed", lease=DAY, secret=NEW)
    house.now += 2 * HOUR
    house.write(PATH)
    house.push()

    (pushed,) = far.of("POST")
    assert pushed.path == "/renewed"
    assert "x-hub-signature" in pushed.headers


def test_a_callback_that_is_away_gets_the_newest_when_it_is_back(house: House, far: Far) -> None:
    house.follow(far.url)
    house.write(PATH)
    far.answers = lambda _: (503, b"")
    house.push()
    house.write(PATH)
    far.answers = lambda _: (200, b"")
    house.now += 5 * MINUTE

    assert (house.push().pushed, house.push().pushed) == (1, 0)
    assert far.of("POST")[-1].body == house.bodies[PATH]


def test_a_callback_that_stays_away_ends(house: House, far: Far) -> None:
    house.follow(far.url)
    house.write(PATH)
    far.answers = lambda _: (500, b"")
    gone = 0
    for _ in range(patience.MOST):
        gone += house.push().gone
        house.now += 12 * HOUR

    house.write(PATH)
    assert (gone, house.push(), len(far.of("POST"))) == (1, Pushed(), patience.MOST)


def test_a_callback_that_hangs_keeps_no_other_from_its_feed(house: House, far: Far) -> None:
    import threading

    release = threading.Event()
    house.follow(far.url)
    house.follow(f"{far.url}slow")
    house.write(PATH)
    far.answers = lambda asked: (200, b"") if asked.path == "/" or release.wait(10) else (500, b"")
    pushed = house.push()
    release.set()

    assert (pushed.pushed, pushed.failed) == (1, 1)


# Limits


def test_one_host_has_so_many_wishes_in_an_hour(house: House, far: Far) -> None:
    far.answers = lambda _: (404, b"")
    taken = [house.wish(f"{far.url}{n}") for n in range(30)]
    house.look()
    still = house.wish(f"{far.url}more")
    house.now += HOUR + MINUTE
    house.look()

    assert (sum(taken), still) == (store_hub.MOST_ASKED_OF_HOST, False)
    assert house.wish(f"{far.url}more")


def test_one_callback_is_called_so_often_in_an_hour_whoever_wishes(house: House, far: Far) -> None:
    far.answers = lambda _: (404, b"")
    for _ in range(50):
        house.wish(far.url)
        house.look()

    assert len(far.asked) == store_hub.MOST_ASKED_AGAIN


def test_who_follows_may_renew_where_all_is_full(house: House, far: Far, monkeypatch: pytest.MonkeyPatch) -> None:
    house.follow(far.url)
    monkeypatch.setattr(store_hub, "MOST_CALLBACKS", 1)

    assert not house.wish(f"{far.url}another")
    assert house.wish(far.url)


def test_a_wish_that_took_anothers_place_is_not_dropped_with_it(house: House, far: Far) -> None:
    house.wish(far.url, secret=OLD)
    (old,) = house.hubs.claim_intents(limit=8, now=house.now)
    house.wish(far.url, secret=NEW)
    house.hubs.confirmed(old, now=house.now)

    (new,) = house.hubs.claim_intents(limit=8, now=house.now)
    assert new == replace(old, secret=NEW, attempts=new.attempts)
