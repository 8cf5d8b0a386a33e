"""A knock, at any moment: whatever the clock did before."""

import datetime as dt
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import visitors
from cnddigest.audience.replay import Replay
from cnddigest.config import load
from cnddigest.errors import BadRecap, RecordBusy
from cnddigest.wiring import Opened, knock, open_publication
from commands import OnDisk
from desk import a_text

NOON = dt.datetime(2026, 10, 23, 3, 0, tzinfo=dt.UTC)  # two days before summer time ends
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
CADENCES = ('"day"', '"weekday"', '["mon", "thu"]', '"90m"', '"1m"')


@contextmanager
def a_publication(*, every: str = '"day"', catch_up: str = "all", days: int = 4) -> Iterator[OnDisk]:
    folder = Path(tempfile.mkdtemp())
    try:
        made = OnDisk.new(folder / "publication", recap=a_text(days=days, sessions=1))
        made.configure('every = "day"', f'every = {every}\ncatch_up = "{catch_up}"')
        made.configure('timezone = "UTC"', 'timezone = "Europe/Berlin"')
        yield made
    finally:
        shutil.rmtree(folder)


def opened(publication: OnDisk) -> Opened:
    return Opened(load(str(publication.configuration), {}), resident=publication.record.exists())


def brought(publication: OnDisk, now: dt.datetime) -> list[tuple[int, dt.datetime]]:
    found = opened(publication)
    try:
        report = knock.bring(found, now=now, progress=lambda *_: None).publish
    finally:
        found.close()
    assert report
    return [(line.part, line.release_at) for line in report.released]


def following(publication: OnDisk, now: dt.datetime) -> dt.datetime | None:
    found = opened(publication)
    try:
        return knock.next_at(found, now=now)
    finally:
        found.close()


@pytest.mark.slow
@settings(max_examples=8)
@given(
    st.sampled_from(CADENCES),
    st.sampled_from(["all", "one"]),
    st.lists(st.timedeltas(min_value=-3 * DAY, max_value=9 * DAY), max_size=8),
)
def test_whatever_the_clock_does_each_part_comes_once_in_order_and_never_early(every, catch_up, moves):
    now, out = NOON, []
    with a_publication(every=every, catch_up=catch_up) as publication:
        for move in [dt.timedelta(), *moves, 400 * DAY, *([40 * DAY] * 4)]:
            now += move
            going = brought(publication, now)
            out += going

            assert all(release_at <= now for _, release_at in going)

    assert [part for part, _ in out] == [1, 2, 3, 4]
    moments = [release_at for _, release_at in out]
    assert moments == sorted(set(moments))


@pytest.mark.parametrize("every", CADENCES)
def test_something_comes_at_the_next_moment_and_nothing_before(every: str) -> None:
    with a_publication(every=every) as publication:
        brought(publication, NOON)
        now, parts = NOON, [1]
        while at := following(publication, now):
            early = brought(publication, at - SECOND)
            on_time = brought(publication, at)

            assert not early
            assert [release_at for _, release_at in on_time] == [at]
            parts += [part for part, _ in on_time]
            now = at

    assert parts == [1, 2, 3, 4]


def test_the_lag_says_how_late_what_was_due_came_out() -> None:
    with a_publication() as publication:
        brought(publication, NOON)
        at = following(publication, NOON)
        assert at
        found = opened(publication)

        late = knock.bring(found, now=at + HOUR, progress=lambda *_: None)
        found.close()

    assert late.lag == HOUR


def test_a_recap_that_cant_be_read_is_the_publications_problem_alone() -> None:
    with a_publication() as publication:
        brought(publication, NOON)
        publication.recap.write_text("", "utf-8")
        with open_publication(load(str(publication.configuration), {})) as found:
            found.office.people.expire(now=NOON)
            report = knock.bring(found, now=NOON + DAY, progress=lambda *_: None)

    assert isinstance(report.problem, BadRecap)
    assert report.publish is None
    assert (report.advanced, report.expired) == (0, 0)


def test_before_anything_was_published_nothing_is_due() -> None:
    with a_publication() as publication:
        assert following(publication, NOON) is None


def test_sending_leaves_replays_and_the_unconfirmed_to_the_knock() -> None:
    with a_publication() as publication:
        brought(publication, NOON)
        begin = ("--replay", "--confirmed", "--consent-source", "form", "--now", NOON.isoformat())
        assert publication.run("subscribers", "add", "haru@example.net", *begin).code == 0
        assert publication.run("subscribers", "add", "natsu@example.net", "--now", NOON.isoformat()).code == 0
        found = opened(publication)
        late = NOON + 40 * DAY
        try:
            sent = knock.send(found, clock=lambda: late, progress=lambda *_: None, stop=threading.Event())
            after = knock.bring(found, now=late, progress=lambda *_: None)
        finally:
            found.close()

    assert sent.sent == 1  # the question
    assert (after.advanced, after.expired) == (1, 1)


def test_mail_that_waits_is_no_release() -> None:
    with a_publication(days=1) as publication:
        publication.publish(NOON.isoformat())
        assert publication.run("subscribers", "add", "natsu@example.net", "--now", NOON.isoformat()).code == 0
        found = opened(publication)
        try:
            release, mail = knock.next_release(found), knock.next_at(found, now=NOON)
        finally:
            found.close()

    assert release is None
    assert mail == NOON


class Contended(Opened):
    """One whose record is taken by another process once its Parts are out."""

    def advance(self, *, now: dt.datetime) -> int:
        raise RecordBusy(f"record is in use by another process: {now}")


def test_what_came_out_is_told_also_where_what_follows_fails() -> None:
    with a_publication() as publication:
        found = Contended(load(str(publication.configuration), {}))

        report = knock.bring(found, now=NOON, progress=lambda *_: None)
        found.close()

    assert report.publish
    assert [line.part for line in report.publish.released] == [1]
    assert isinstance(report.problem, RecordBusy)


class Watch:
    """A clock that moves when somebody waits, and says how long they did."""

    def __init__(self, now: dt.datetime) -> None:
        self.now, self.waited = now, 0.0

    def __call__(self) -> dt.datetime:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.now += seconds * SECOND
        self.waited += seconds
        return False


def test_a_step_of_several_parts_comes_whole_though_its_parts_are_seconds_apart(tmp_path) -> None:
    disk = visitors.a_publication(tmp_path / "publication", recap=a_text(days=5, sessions=1), everything=True)
    with visitors.visiting(disk) as found:
        found.now += DAY
        found.enrol(replay=Replay(every="day", at="08:00", per=3, timezone="UTC"))
        found.audience.close()
        watch = Watch(found.now)

        brought = knock.bring_steps(found.opened, clock=watch, wait=watch.wait, progress=lambda *_: None)

        assert brought.advanced == 1
        assert watch.waited == 2
        assert [part for _, _, part in found.queued] == [1, 2, 3]


@pytest.mark.parametrize("early", [0, 10])
def test_what_comes_within_seconds_is_waited_for_and_what_comes_later_is_not(early: int) -> None:
    with a_publication(every='"1m"') as publication:
        brought(publication, NOON)
        due = NOON + 60 * SECOND
        watch = Watch(due - early * SECOND)
        found = opened(publication)

        done = knock.bring_steps(found, clock=watch, wait=watch.wait, progress=lambda *_: None)

        found.close()
        assert done.publish
        assert [line.part for line in done.publish.released] == [2]
        assert watch.waited == early
        assert done.publish.now == due - early * SECOND
        assert done.publish.files.written == tuple(sorted(set(done.publish.files.written)))


def test_a_wait_that_ends_too_early_is_taken_up_again() -> None:
    with a_publication(every='"1m"') as publication:
        brought(publication, NOON)
        watch = Watch(NOON + 58 * SECOND)
        found = opened(publication)

        def doze(seconds: float) -> bool:
            return watch.wait(seconds / 2 if watch.waited < 1.5 else seconds)

        done = knock.bring_steps(found, clock=watch, wait=doze, progress=lambda *_: None)

        found.close()
        assert done.publish
        assert [line.part for line in done.publish.released] == [2]


def test_whoever_is_asked_to_stop_waits_no_more() -> None:
    with a_publication(every='"1m"') as publication:
        brought(publication, NOON)
        found = opened(publication)

        done = knock.bring_steps(found, clock=lambda: NOON + 55 * SECOND, wait=lambda _: True, progress=lambda *_: None)

        found.close()
        assert not done.came
