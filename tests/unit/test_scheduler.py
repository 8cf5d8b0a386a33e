"""The scheduler on a record of its own, with a clock that is set at will and little patience."""

import datetime as dt
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from cnddigest.config import Settings, load
from cnddigest.errors import BadConfiguration, BadRecap, BadRecord
from cnddigest.ports.watch import Watch
from cnddigest.scheduler import DELIVER, RELEASE, TELL, WATCH, Event, Pace, Scheduler
from cnddigest.store.turns import turn
from cnddigest.wiring import open_publication
from commands import OnDisk

pytestmark = pytest.mark.slow

NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
QUICK = Pace(net=0.3, beat=0.1, lease=0.6, soon=0.05)


class Wall:
    """A clock on the wall: it goes on, and is set at will."""

    def __init__(self, at: dt.datetime = NOON) -> None:
        self._at, self._since = at, time.monotonic()

    def __call__(self) -> dt.datetime:
        return (self._at + dt.timedelta(seconds=time.monotonic() - self._since)).replace(microsecond=0)

    def put(self, at: dt.datetime) -> None:
        self._at, self._since = at, time.monotonic()


class Watched:
    """A scheduler and what it told."""

    def __init__(self, publication: OnDisk, wall: Wall, pace: Pace = QUICK) -> None:
        self.publication = publication
        self.events: list[Event] = []
        self.scheduler = Scheduler(self.settings, tell=self.events.append, now=wall, pace=pace)

    def settings(self) -> Settings:
        return load(str(self.publication.configuration), {})

    def told(self, name: str) -> list[dict[str, object]]:
        return [dict(event.fields) for event in self.events if event.name == name]

    def parts(self) -> list[object]:
        return [fields["part"] for fields in self.told("part.released")]


@contextmanager
def a_scheduler(publication: OnDisk, wall: Wall) -> Iterator[Watched]:
    watched = Watched(publication, wall)
    watched.scheduler.start()
    try:
        yield watched
    finally:
        watched.scheduler.stop()


@pytest.fixture
def publication(tmp_path: Path) -> OnDisk:
    return OnDisk.new(tmp_path / "publication")


def fill(place: Path) -> None:
    """Leave no room; where the scheduler takes some between the look and the write, there is none left either."""
    with suppress(OSError):
        (place / "ballast").write_bytes(b"\0" * shutil.disk_usage(place).free)


def until(holds: Callable[[], object]) -> None:
    for _ in range(400):
        if holds():
            return
        time.sleep(0.025)
    raise AssertionError("it never happens")


def test_what_is_due_comes_out_at_its_moment(publication: OnDisk) -> None:
    publication.configure('every = "day"', 'every = "1m"')
    wall = Wall()
    with a_scheduler(publication, wall) as watched:
        until(watched.parts)
        wall.put(NOON + dt.timedelta(seconds=58.5))
        until(lambda: watched.parts() == [1, 2])

    first, second = watched.told("part.released")
    assert first["release_at"] == NOON
    assert second["release_at"] == NOON + dt.timedelta(minutes=1)
    assert b":minato/main/part-2" in publication.feeds()["minato/atom.xml"]


def test_an_outage_of_days_is_caught_up(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)

    with a_scheduler(publication, Wall(NOON + 5 * DAY)) as watched:
        until(watched.parts)

    assert watched.parts() == [2]


def test_a_clock_that_jumps_ahead_and_back_releases_each_part_once(publication: OnDisk) -> None:
    wall = Wall()
    with a_scheduler(publication, wall) as watched:
        until(watched.parts)
        wall.put(NOON - 3 * DAY)
        until(lambda: watched.told("clock.moved"))
        wall.put(NOON + 3 * DAY)
        until(lambda: len(watched.parts()) == 2)
        wall.put(NOON)
        until(lambda: len(watched.told("clock.moved")) == 3)
        time.sleep(3 * QUICK.net)

    assert watched.parts() == [1, 2]
    assert not watched.told("knock.failed")


def test_work_goes_on_after_a_clock_went_back(publication: OnDisk) -> None:
    wall = Wall()
    with a_scheduler(publication, wall) as watched:
        until(watched.parts)
        wall.put(NOON - 3 * DAY)
        until(lambda: watched.told("clock.moved"))
        publication.recap.write_text(publication.recap.read_text("utf-8").replace("二十年", "三十年"), "utf-8")

        until(lambda: "三十年" in publication.feeds()["minato/atom.xml"].decode())


def test_of_two_one_acts_and_the_other_takes_over_when_it_stops(publication: OnDisk) -> None:
    wall = Wall()
    with a_scheduler(publication, wall) as first:
        until(first.parts)
        with a_scheduler(publication, wall) as second:
            until(lambda: second.told("scheduler.stood_by"))
            time.sleep(3 * QUICK.beat)
            first.scheduler.stop()
            until(lambda: second.told("scheduler.took_over"))

    assert len(second.told("scheduler.stood_by")) == 1
    assert not second.parts()


def test_a_holder_that_is_gone_is_followed_also_when_the_clock_went_back(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as first:
        until(first.parts)
    with open_publication(first.settings()) as opened, closing(opened.watch()) as watch:
        watch.hold("killed", now=NOON, until=NOON + DAY)

    with a_scheduler(publication, Wall(NOON - DAY)) as second:
        until(lambda: second.told("scheduler.took_over"))

    assert second.told("scheduler.stood_by")


def test_a_locked_record_fails_a_knock_and_not_the_next(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)
        with closing(sqlite3.connect(publication.record, isolation_level=None)) as other:
            other.execute("begin immediate")
            until(lambda: watched.told("knock.failed"))
            other.execute("rollback")

        until(lambda: watched.told("knock.recovered"))

    assert "in use by another process" in str(watched.told("knock.failed")[0]["problem"])
    assert watched.scheduler.problem is None


def test_a_record_that_is_away_is_waited_for_and_not_made_anew(publication: OnDisk) -> None:
    away = publication.folder / "away"
    away.mkdir()
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)
        names = [publication.record.name + end for end in ("", "-wal", "-shm")]
        for name in names:
            if (publication.folder / name).exists():
                shutil.move(publication.folder / name, away / name)
        until(lambda: watched.told("knock.failed"))
        time.sleep(3 * QUICK.net)
        was_made_anew = publication.record.exists()
        for path in list(away.iterdir()):
            shutil.move(path, publication.folder / path.name)

        until(lambda: watched.told("knock.recovered"))

    assert not was_made_anew
    assert watched.parts() == [1]
    assert watched.scheduler.problem is None


def test_a_full_disk_fails_a_knock_and_the_next_one_after_it_is_freed_goes_on(
    publication: OnDisk, disk: Callable[[str], Path]
) -> None:
    place = disk("2m")
    publication.configure('output = "feeds"', f'output = "{place}/feeds"')
    wall = Wall()
    with a_scheduler(publication, wall) as watched:
        until(watched.parts)
        fill(place)
        wall.put(NOON + 2 * DAY)
        until(lambda: watched.told("knock.failed"))
        (place / "ballast").unlink()
        until(lambda: watched.told("knock.recovered"))
        until(lambda: b"part-2" in (place / "feeds/minato/atom.xml").read_bytes())

    assert "no space left" in str(watched.told("knock.failed")[0]["problem"])


def test_mail_that_cant_leave_is_a_problem_that_status_tells(publication: OnDisk) -> None:
    form = ("--confirmed", "--consent-source", "form", "--now", NOON.isoformat())
    assert publication.run("subscribers", "add", "haru@example.net", *form).code == 0
    (publication.folder / "outbox").write_text("not a folder")
    with a_scheduler(publication, Wall()) as watched:
        until(lambda: [each for each in watched.told("knock.failed") if each["work"] == DELIVER])
        failed = watched.told("knock.failed")[0]["problem"]
        with open_publication(watched.settings()) as opened, closing(opened.watch()) as watch:
            until(lambda: (health := watch.health()) and health.problem == failed)

    assert watched.parts() == [1]


def problem(watch: Watch) -> str:
    found = watch.health()
    return found.problem if found else ""


def test_mail_that_fails_or_leaves_again_between_two_releases_is_told_at_once(publication: OnDisk) -> None:
    watched = Watched(publication, Wall(), Pace(net=60, beat=0.1, lease=5, soon=0.05))
    watched.scheduler.start()
    try:
        until(lambda: watched.scheduler.knocked_at)
        with open_publication(watched.settings()) as opened, closing(opened.watch()) as watch:
            assert publication.run("subscribers", "add", "haru@example.net", "--now", NOON.isoformat()).code == 0
            (publication.folder / "outbox").write_text("not a folder")
            watched.scheduler._call(DELIVER)
            until(lambda: "outbox" in problem(watch))
            (publication.folder / "outbox").unlink()
            watched.scheduler._call(DELIVER)
            until(lambda: not problem(watch))
    finally:
        watched.scheduler.stop()

    assert [fields["work"] for fields in watched.told("knock.failed")] == [DELIVER]


def test_a_recap_that_cant_be_read_is_told_once_and_mended_by_an_edit(publication: OnDisk) -> None:
    good = publication.recap.read_text("utf-8")
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)
        publication.recap.write_text("", "utf-8")
        until(lambda: watched.told("knock.failed"))
        time.sleep(3 * QUICK.net)
        with open_publication(watched.settings()) as opened, closing(opened.watch()) as watch:
            health = watch.health()
        publication.recap.write_text(good, "utf-8")
        until(lambda: watched.told("knock.recovered"))

    assert len(watched.told("knock.failed")) == 1
    assert health
    assert health.problem == watched.told("knock.failed")[0]["problem"]
    assert watched.scheduler.problem is None


@pytest.mark.parametrize(
    ("name", "kind"), [("recap", BadRecap), ("record", BadRecord), ("configuration", BadConfiguration)]
)
def test_what_makes_no_sense_at_the_start_ends_it(publication: OnDisk, name: str, kind: type[Exception]) -> None:
    getattr(publication, name).write_text("nonsense = [" if name == "configuration" else "", "utf-8")
    if name == "record":
        publication.record.write_bytes(b"another program's file, and long enough for one" * 20)

    with a_scheduler(publication, Wall()) as watched:
        until(watched.scheduler.over.is_set)

    assert isinstance(watched.scheduler.problem, kind)


def test_a_configuration_is_given_one_knock_to_be_saved_whole(publication: OnDisk) -> None:
    good = publication.configuration.read_text("utf-8")
    with a_scheduler(publication, Wall()) as watched:
        until(
            lambda: watched.scheduler._good >= {RELEASE, DELIVER, TELL, WATCH}
        )  # what never went well ends it at once
        publication.configuration.write_text(good + "[mail\n", "utf-8")
        until(watched.scheduler.over.is_set)

    assert watched.told("knock.failed"), "it ended at the first look"
    assert isinstance(watched.scheduler.problem, BadConfiguration)


def test_an_edited_configuration_counts_from_the_next_knock_on(publication: OnDisk) -> None:
    wall = Wall()
    with a_scheduler(publication, wall) as watched:
        until(watched.parts)
        wall.put(NOON + dt.timedelta(hours=1))
        publication.configure('every = "day"', 'every = "30m"')

        until(lambda: watched.parts() == [1, 2])


def test_status_calls_a_scheduler_that_is_silent_a_problem(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)
    settings = watched.settings()
    with open_publication(settings) as opened, closing(opened.watch()) as watch:
        watch.hold("killed", now=NOON, until=NOON)
        soon, late = (opened.status(now=NOON + dt.timedelta(minutes=n)) for n in (2, 4))
        watch.leave("killed")

        stopped = opened.status(now=NOON + DAY)

    assert not soon.problems
    assert [each.sentence.partition(" since ")[0] for each in late.problems] == ["scheduler has not knocked"]
    assert not stopped.problems


def test_stopping_waits_for_nothing_long(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as watched:
        until(lambda: watched.told("scheduler.started"))
        began = time.monotonic()
        watched.scheduler.stop()
        took = time.monotonic() - began

    assert took < 5
    assert not [thread.name for thread in threading.enumerate() if thread.name == "watch"]


def test_a_date_that_lies_far_off_by_mistake_is_not_waited_for(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)
        time.sleep(2 * QUICK.beat)
        jobs = watched.scheduler._jobs
        assert jobs
        for job in jobs.get_jobs():
            job.modify(next_run_time=dt.datetime(2999, 1, 1, tzinfo=dt.UTC))
        before = watched.scheduler.knocked_at

        until(lambda: watched.scheduler.knocked_at != before)


def test_it_can_be_stopped_while_another_process_publishes(publication: OnDisk) -> None:
    with a_scheduler(publication, Wall()) as watched:
        until(watched.parts)
        with turn(f"{publication.record}.publishing", wait=1):
            time.sleep(2 * QUICK.net)
            began = time.monotonic()
            watched.scheduler.stop()
            took = time.monotonic() - began

    assert took < 8


def test_a_relay_that_is_down_lets_nobody_look_every_second(publication: OnDisk) -> None:
    relay = '[mail]\ntransport = "smtp"\nfrom = "recaps@example.org"\n[mail.smtp]\nhost = "127.0.0.1"\nport = 1\n'
    text = publication.configuration.read_text("utf-8")
    publication.configuration.write_text(f'{text}{relay}security = "none"\n', "utf-8")
    assert publication.run("subscribers", "add", "haru@example.net", "--now", NOON.isoformat()).code == 0
    watched = Watched(publication, Wall(), Pace(net=60, beat=0.1, lease=0.6, soon=0.05))
    watched.scheduler.start()
    try:
        until(lambda: watched.told("knock.failed"))
        time.sleep(1)
        before = watched.scheduler.knocked_at
        time.sleep(2)
        after = watched.scheduler.knocked_at
    finally:
        watched.scheduler.stop()

    assert before == after


def test_what_is_due_next_is_told_anew_once_the_mail_has_left(publication: OnDisk) -> None:
    add = ("subscribers", "add", "haru@example.net", "--confirmed", "--consent-source", "a form")
    assert publication.run(*add, "--now", NOON.isoformat()).code == 0
    watched = Watched(publication, Wall(), Pace(net=60, beat=0.1, lease=5, soon=0.05))
    watched.scheduler.start()
    try:
        until(lambda: watched.scheduler.next_at == dt.datetime(2026, 11, 26, 8, tzinfo=dt.UTC))
        until(lambda: b"next due in 1 day" in publication.run("status", "--now", NOON.isoformat()).out)
    finally:
        watched.scheduler.stop()

    assert watched.told("mail.delivered")


def test_a_record_on_a_full_disk_loses_nothing_and_goes_on_when_there_is_room(
    publication: OnDisk, disk: Callable[[str], Path]
) -> None:
    place = disk("2m")
    publication.configure('output = "feeds"', f'output = "feeds"\nrecord = "{place}/record.sqlite3"')
    form = ("--confirmed", "--consent-source", "form", "--now", NOON.isoformat())
    assert publication.run("subscribers", "add", "haru@example.net", *form).code == 0
    wall = Wall()
    with a_scheduler(publication, wall) as watched:
        until(lambda: watched.parts() == [1] and len(watched.told("mail.delivered")) == 1)
        fill(place)
        wall.put(NOON + 2 * DAY)
        until(lambda: watched.told("knock.failed"))
        time.sleep(5 * QUICK.net)
        meanwhile = watched.parts()
        (place / "ballast").unlink()
        until(lambda: len(watched.told("mail.delivered")) == 2)

    failed = [fields["work"] for fields in watched.told("knock.failed")]
    assert "no space left" in str(watched.told("knock.failed")[0]["problem"])
    assert len(failed) == len(set(failed)), "each kind of work says it once"
    assert (meanwhile, watched.parts()) == ([1], [1, 2])
    assert [fields["sent"] for fields in watched.told("mail.delivered")] == [1, 1]
    assert watched.scheduler.problem is None
