"""What a Replay may rely on: each Part once, in order, never early, whoever acts and whatever somebody wishes."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnddigest.audience.address import parse
from cnddigest.audience.enrolment import Enrolment
from cnddigest.audience.model import Ended
from cnddigest.audience.replay import Replay
from cnddigest.errors import WrongUse
from cnddigest.store.audience import SqliteAudience
from cnddigest.usecases import replays
from timelines import DAY, FORM, HARU, HOUR, Timeline


@pytest.fixture
def a_timeline(tmp_path: Path) -> Iterator[Callable[..., Timeline]]:
    made: list[Timeline] = []

    def make(**fields: object) -> Timeline:
        made.append(Timeline(str(tmp_path / f"record{len(made)}"), **fields))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_part_is_queued_once_however_often_the_clock_ticks(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=4)

    advanced = [timeline.tick() for _ in range(3)]

    assert advanced == [1, 0, 0]
    assert timeline.queued == {"r1": [1]}
    assert timeline.subscription.position == 1


def test_two_who_tick_at_once_queue_a_part_once(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=4)
    turns = timeline.audience.turns(now=timeline.now, count=10)
    advanced = [replays._advanced(timeline.public, turn, timeline.now) for turn in turns]
    ready = threading.Barrier(2)
    brought: list[int] = []

    def tick() -> None:
        with closing(SqliteAudience(timeline.audience.path)) as audience:
            ready.wait()
            brought.append(audience.advance(advanced, now=timeline.now))

    both = [threading.Thread(target=tick) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert sorted(brought) == [0, 1]
    assert timeline.queued == {"r1": [1]}


def test_a_turn_that_was_read_before_a_wish_of_the_same_second_changes_nothing(
    a_timeline: Callable[..., Timeline],
) -> None:
    timeline = a_timeline(out=4)
    timeline.tick()
    timeline.pace(every="weekday")
    (turn,) = timeline.audience.turns(now=timeline.now, count=10)
    timeline.wish(bring=True)
    wished = timeline.subscription

    stale = timeline.audience.advance([replays._advanced(timeline.public, turn, timeline.now)], now=timeline.now)

    assert stale == 0
    assert timeline.subscription == wished
    assert timeline.queued == {"r1": [1, 2]}


def test_what_a_wish_raises_leaves_everything_as_it_was(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=1)
    timeline.tick()
    before = timeline.subscription

    with pytest.raises(WrongUse, match="the next part is not out yet: 2"):
        timeline.wish(bring=True)

    assert timeline.subscription == before
    assert timeline.queued == {"r1": [1]}


def test_nobody_who_left_or_pauses_is_due(a_timeline: Callable[..., Timeline]) -> None:
    paused, ended = a_timeline(out=4), a_timeline(out=4)

    paused.wish(pause=True)
    ended.audience.end(ended.number, Ended.UNSUBSCRIBED)

    for timeline in (paused, ended):
        assert timeline.audience.next_turn() is None
        timeline.wait(10 * DAY)
        assert timeline.tick() == 0


def test_who_left_can_wish_nothing(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=4)
    timeline.audience.end(timeline.number, Ended.UNSUBSCRIBED)

    with pytest.raises(WrongUse, match="has ended"):
        timeline.wish(bring=True)


@pytest.mark.parametrize("act", ["release", "move", "ingest"])
def test_who_had_all_that_was_out_is_woken_when_more_comes(a_timeline: Callable[..., Timeline], act: str) -> None:
    timeline = a_timeline(parts=1 if act == "ingest" else 2, out=1)
    timeline.tick()
    slept = timeline.audience.next_turn()

    if act == "release":
        timeline.wait(HOUR)
        timeline.release()
    elif act == "move":
        (headline,) = timeline.store.headlines("minato", first=2, last=2)
        timeline.store.move("minato", [replace(headline, release_at=headline.release_at + DAY)])
    else:
        timeline.plan(2)

    assert slept is None or slept > timeline.now
    assert timeline.audience.next_turn() == dt.datetime.fromtimestamp(0, dt.UTC)


def test_who_is_ahead_of_the_public_run_waits_for_it(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=1, every="1m")
    timeline.wait(5 * HOUR)
    timeline.tick()
    timeline.wait(30 * DAY)
    waiting = timeline.queued

    timeline.tick()
    timeline.release()
    timeline.tick()

    assert waiting == {"r1": [1]}
    assert timeline.queued == {"r1": [1, 2]}


def test_who_comes_back_goes_on_from_then(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=4)
    timeline.tick()
    timeline.audience.end(timeline.number, Ended.UNSUBSCRIBED)
    timeline.wait(30 * DAY)
    back = Enrolment(address=parse(HARU), serial="minato", consent=FORM, afresh=True)
    timeline.audience.enrol([back], now=timeline.now)
    timeline.tick()

    assert timeline.queued == {"r1": [1]}
    assert [date.part for date in timeline.calendar] == [1, 2, 3, 4]
    assert all(date.release_at > timeline.now for date in timeline.calendar[1:])


def come_back(timeline: Timeline, **wanted: object) -> None:
    """Let the person leave, ask by a form and confirm."""
    timeline.audience.end(timeline.number, Ended.UNSUBSCRIBED)
    back = Enrolment(address=parse(HARU), serial="minato", afresh=True, **wanted)  # type: ignore[arg-type]
    timeline.audience.enrol([back], now=timeline.now)
    timeline.audience.confirm(timeline.number, replace(FORM, at=timeline.now))
    timeline.tick()


def test_who_comes_back_by_a_form_begins_anew_and_all_is_sent_again(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=4)
    timeline.tick()
    timeline.wish(bring=True)
    timeline.wait(30 * DAY)

    come_back(timeline, replay=Replay(every="2h"))
    come_back(timeline, replay=Replay())

    assert timeline.queued == {"r1": [1, 2], "r1.2": [1], "r1.3": [1]}
    assert timeline.there == [1]


def test_whoever_only_asks_loses_nothing_of_what_they_had(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=4)
    timeline.tick()
    timeline.audience.end(timeline.number, Ended.UNSUBSCRIBED)
    before = timeline.subscription

    back = Enrolment(address=parse(HARU), serial="minato", afresh=True, replay=Replay())
    timeline.audience.enrol([back], now=timeline.now)

    after = timeline.subscription
    assert (after.run, after.course, after.position) == (before.run, before.course, before.position)


def test_whoever_comes_back_to_the_public_run_has_no_own_one(a_timeline: Callable[..., Timeline]) -> None:
    timeline = a_timeline(out=2)
    timeline.tick()

    come_back(timeline, public=True)
    timeline.release()

    assert (timeline.subscription.run, timeline.subscription.replay) == ("main", None)
    assert timeline.queued == {"r1": [1], "main": [3]}


@pytest.mark.parametrize("how", ["wish", "form"])
def test_no_run_ever_has_the_name_of_one_before_it(a_timeline: Callable[..., Timeline], how: str) -> None:
    timeline = a_timeline(out=4)
    timeline.tick()
    timeline.wish(restart=True)
    timeline.tick()

    for _ in range(2):
        come_back(timeline, public=True)
        if how == "wish":
            timeline.wish(own=True, settings=lambda known: known)
            timeline.tick()
        else:
            come_back(timeline, replay=Replay())

    assert timeline.queued == {run: [1] for run in ("r1", "r1.2", "r1.3", "r1.4")}


# Whatever happens

waits = st.builds(lambda hours: ("wait", hours * HOUR), st.integers(1, 80))
wishes = st.sampled_from(
    [
        ("wish", {"pause": True}),
        ("wish", {"resume": True}),
        ("wish", {"bring": True}),
        ("wish", {"restart": True}),
        ("wish", {"jump": 1}),
        ("wish", {"jump": 3}),
        ("pace", {"every": "2h"}),
        ("pace", {"every": "mon,thu"}),
        ("pace", {"every": "weekday", "at": "07:30", "timezone": "America/New_York"}),
        ("pace", {"per": 3}),
        ("pace", {"start": "2026-12-20"}),
        ("pace", {"start": "now"}),
    ]
)
events = st.lists(st.one_of(waits, st.just(("release", None)), wishes), min_size=1, max_size=14)


def happen(timeline: Timeline, event: str, value: object) -> None:
    """Let it happen; a wish that can't be is refused."""
    if event == "wait":
        timeline.wait(value)  # type: ignore[arg-type]
    elif event == "release":
        timeline.release()
    else:
        with suppress(WrongUse):
            getattr(timeline, event)(**value)  # type: ignore[arg-type]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(events, st.lists(st.booleans(), min_size=14, max_size=14))
def test_each_part_comes_once_in_order_never_early_and_the_calendar_says_what_is_queued(
    happened: list[tuple[str, object]], ticks: list[bool]
) -> None:
    with TemporaryDirectory() as folder, closing(Timeline(f"{folder}/record")) as timeline:
        for (event, value), is_up in zip(happened, ticks, strict=False):
            happen(timeline, event, value)
            said, run = timeline.there, timeline.subscription.run
            if is_up:  # otherwise it is an outage
                timeline.tick()
                assert timeline.queued.get(run, []) == said == timeline.there
            for parts in timeline.queued.values():
                assert all(one < two for one, two in pairwise(parts))
                assert max(parts) <= timeline.out
            moments = [date.release_at for date in timeline.calendar]
            assert all(one < two for one, two in pairwise(moments))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(events)
def test_in_the_end_everybody_has_every_part_that_they_did_not_skip(happened: list[tuple[str, object]]) -> None:
    with TemporaryDirectory() as folder, closing(Timeline(f"{folder}/record")) as timeline:
        for event, value in happened:
            happen(timeline, event, value)
            timeline.tick()
        timeline.wish(resume=True)
        while timeline.out < timeline.parts:
            timeline.release()
        timeline.wait(120 * DAY)
        timeline.tick()

        course = timeline.subscription.course
        assert course
        assert course.position == timeline.parts
        had = [number for number, moment in enumerate(course.moments, 1) if moment]
        assert timeline.queued.get(timeline.subscription.run, []) == had


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["day", "weekday", "mon,thu", "5h", "90m"]),
    st.integers(1, 3),
    st.lists(st.integers(1, 60), max_size=12),
)
def test_an_outage_moves_no_moment(every: str, per: int, waits: list[int]) -> None:
    with TemporaryDirectory() as folder:
        paths = [f"{folder}/{n}" for n in range(2)]
        up, down = (Timeline(path, out=4, every=every, per=per) for path in paths)
        with closing(up), closing(down):
            for hours in waits:
                for timeline in (up, down):
                    timeline.wait(hours * HOUR)
                up.tick()
            down.tick()

            assert up.calendar == down.calendar
            assert up.queued.get("r1", []) == down.queued.get("r1", []) or not waits
