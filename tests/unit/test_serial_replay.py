"""A Replay brings each Part once, in order, never early, whatever the pace, and what was had stays as it was."""

import datetime as dt
import itertools
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.serial.conference import Place
from cnddigest.serial.model import Cadence
from cnddigest.serial.plan import later
from cnddigest.serial.replay import Course, Rhythm, Step, ahead, brought, changed, jumped, next_at, reached

TOKYO, BERLIN = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
NOON = dt.datetime(2026, 3, 2, 3, 0, tzinfo=dt.UTC)  # a Monday, noon in Tokyo
PUBLIC = dt.datetime(2022, 11, 21, tzinfo=dt.UTC)
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)

cadences = st.builds(
    Cadence,
    timezone=st.sampled_from([TOKYO, BERLIN, ZoneInfo("America/Los_Angeles"), ZoneInfo("Pacific/Apia")]),
    start=st.none() | st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    at=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    every=st.sampled_from(
        ["day", "weekday", "original", (0, 3), (6,), dt.timedelta(minutes=90), dt.timedelta(days=3), 2]
    ),
)
rhythms = st.builds(Rhythm, cadence=cadences, per=st.integers(1, 4))
hours = st.integers(0, 23 * 60).map(lambda minutes: dt.timedelta(minutes=minutes))
instants = st.integers(0, 44_000_000).map(lambda seconds: NOON - 60 * DAY + dt.timedelta(seconds=seconds))


@st.composite
def publics(draw: st.DrawFn) -> tuple[Step, ...]:
    """The Parts of a Serial: public at moments that grow, the first of them out."""
    gaps = draw(st.lists(st.timedeltas(dt.timedelta(seconds=1), 40 * DAY), min_size=1, max_size=12))
    out = draw(st.integers(0, len(gaps)))
    moment = draw(instants) - 30 * DAY
    steps: list[Step] = []
    for number, gap in enumerate(gaps):
        moment = (moment + gap).replace(microsecond=0)
        days = draw(st.integers(0, 2)) if number else 0
        after = max(steps[-1].after, draw(hours)) if number and not days else dt.timedelta(0)
        steps.append(Step(release_at=moment, is_out=number < out, days=days, after=after))
    return tuple(steps)


def steps(count: int = 6, **fields: object) -> tuple[Step, ...]:
    return tuple(Step(**{"release_at": PUBLIC + n * DAY, **fields}) for n in range(count))  # type: ignore[arg-type]


def wall(moments: object, zone: ZoneInfo = TOKYO) -> list[str]:
    return [f"{moment.astimezone(zone):%a %d %H:%M:%S}" for moment in moments]  # type: ignore[attr-defined]


def daily(**fields: object) -> Rhythm:
    return Rhythm(cadence=Cadence(timezone=TOKYO, **fields))  # type: ignore[arg-type]


# Laws


@given(rhythms, publics(), instants)
def test_each_part_comes_once_in_order_and_never_before_the_public_one(rhythm, public, began):
    moments = list(ahead(Course(began_at=began), rhythm, public))

    assert len(moments) == len(public)
    assert all(one < other for one, other in itertools.pairwise(moments))
    assert all(moment >= step.release_at for moment, step in zip(moments, public, strict=True))
    assert moments[0] >= began


@given(rhythms, publics(), instants, instants)
def test_looking_at_a_run_changes_nothing_of_it(rhythm, public, began, now):
    course = Course(began_at=began)

    seen = reached(course, rhythm, public, now)

    assert [*seen.moments, *ahead(seen, rhythm, public)] == list(ahead(course, rhythm, public))
    assert all(moment <= now for moment in seen.moments)
    assert all(step.is_out for step in public[: seen.position])


@given(rhythms, publics(), instants, st.lists(instants, max_size=5))
def test_however_often_and_late_it_is_looked_at_the_run_is_the_same(rhythm, public, began, looks):
    course = Course(began_at=began)

    for now in sorted(looks):
        course = reached(course, rhythm, public, now)

    assert course == reached(Course(began_at=began), rhythm, public, max(looks, default=began - DAY))


@given(rhythms, publics(), instants, instants, rhythms)
def test_a_change_of_pace_touches_nothing_that_was_had(rhythm, public, began, now, other):
    before = reached(Course(began_at=began), rhythm, public, now)

    after = changed(before, now)

    coming = list(ahead(after, other, public))
    assert after.moments == before.moments
    assert len(coming) == len(public) - before.position
    assert all(moment >= now for moment in coming)


@given(rhythms, publics(), instants, instants)
def test_while_it_is_paused_nothing_comes(rhythm, public, began, now):
    course = reached(Course(began_at=began), rhythm, public, now)
    paused = replace(rhythm, paused=True)

    assert next_at(course, paused, public) is None
    assert reached(course, paused, public, now + 900 * DAY) == course


@given(rhythms, publics(), instants, st.sampled_from(["day", "weekday", (0, 3), (6,)]))
def test_no_public_run_moves_a_pace_off_its_own_clock(rhythm, public, began, every):
    cadence = replace(rhythm.cadence, every=every, timezone=TOKYO)
    dates = {"day": range(7), "weekday": range(5)}.get(every, every)

    moments = list(ahead(Course(began_at=began), replace(rhythm, cadence=cadence, per=1), public))[1:]

    for moment, step in zip(moments, public[1:], strict=True):
        local = moment.astimezone(TOKYO)
        assert local.time().replace(second=0) == cadence.at
        assert local.weekday() in dates
        assert local.second == 0 or moment == step.release_at or moment - SECOND in moments


# Paces


def test_what_begins_now_begins_at_once_and_goes_on_the_next_day():
    moments = ahead(Course(began_at=NOON - 6 * HOUR), daily(at=dt.time(8)), steps(3))

    assert wall(moments) == ["Mon 02 06:00:00", "Tue 03 08:00:00", "Wed 04 08:00:00"]


def test_several_parts_of_a_step_come_a_second_apart():
    rhythm = replace(daily(every=(0, 3), start=dt.date(2026, 3, 3)), per=2)

    moments = ahead(Course(began_at=NOON), rhythm, steps(4))

    assert wall(moments) == ["Thu 05 08:00:00", "Thu 05 08:00:01", "Mon 09 08:00:00", "Mon 09 08:00:01"]


def test_a_start_date_that_is_over_does_not_bring_everything_at_once():
    moments = ahead(Course(began_at=NOON), daily(start=dt.date(2025, 1, 1)), steps(3))

    assert wall(moments) == ["Mon 02 12:00:00", "Tue 03 08:00:00", "Wed 04 08:00:00"]


def test_an_interval_counts_from_the_step_and_not_from_its_last_part():
    rhythm = Rhythm(cadence=Cadence(timezone=TOKYO, every=dt.timedelta(minutes=90)), per=2)

    moments = ahead(Course(began_at=NOON), rhythm, steps(4))

    assert wall(moments) == ["Mon 02 12:00:00", "Mon 02 12:00:01", "Mon 02 13:30:00", "Mon 02 13:30:01"]


def test_every_second_day_comes_at_the_wall_clock_of_its_zone():
    rhythm = Rhythm(cadence=Cadence(timezone=BERLIN, every=2))

    moments = list(ahead(Course(began_at=NOON + 26 * DAY), rhythm, steps(3)))

    assert wall(moments, BERLIN) == ["Sat 28 04:00:00", "Mon 30 08:00:00", "Wed 01 08:00:00"]


def test_summer_time_moves_no_wall_clock_and_drops_no_day():
    rhythm = Rhythm(cadence=Cadence(timezone=BERLIN, at=dt.time(2, 30), start=dt.date(2026, 3, 28)))

    moments = list(ahead(Course(began_at=NOON), rhythm, steps(3)))

    assert wall(moments, BERLIN) == ["Sat 28 02:30:00", "Sun 29 03:00:00", "Mon 30 02:30:00"]


def held(*places: tuple[int, int]) -> list[Step]:
    """Public Parts, each so many days after the one before, and so many hours after its day began."""
    return [Step(release_at=PUBLIC, days=days, after=hours * HOUR) for days, hours in places]


def test_the_conference_s_own_gaps_come_back_and_each_day_begins_when_the_reader_wants_it():
    rhythm = daily(every="original", start=dt.date(2027, 11, 21), at=dt.time(20, 0))

    moments = ahead(Course(began_at=NOON), rhythm, held((0, 0), (0, 3), (1, 0), (0, 0), (0, 5), (2, 0)))

    assert wall(moments) == [
        "Sun 21 20:00:00",
        "Sun 21 23:00:00",
        "Mon 22 20:00:00",
        "Mon 22 20:00:01",
        "Tue 23 01:00:00",
        "Wed 24 20:00:00",
    ]


def test_a_conference_that_begins_now_keeps_the_gaps_of_its_first_day():
    moments = ahead(Course(began_at=NOON), daily(every="original"), held((0, 0), (0, 3), (1, 0), (0, 1)))

    assert wall(moments) == ["Mon 02 12:00:00", "Mon 02 15:00:00", "Tue 03 08:00:00", "Tue 03 09:00:00"]


def test_the_hours_after_a_beginning_at_any_time_have_no_clock_and_come_with_the_public_part():
    public = [*held((0, 0)), Step(release_at=NOON + 5 * HOUR, days=0, after=3 * HOUR)]

    moments = ahead(Course(began_at=NOON), daily(every="original"), public)

    assert wall(moments) == ["Mon 02 12:00:00", "Mon 02 17:00:00"]


def test_a_day_that_lasts_until_after_the_next_one_would_begin_puts_that_off():
    rhythm = daily(every="original", start=dt.date(2027, 11, 21), at=dt.time(22, 0))

    moments = ahead(Course(began_at=NOON), rhythm, held((0, 0), (0, 23), (1, 0), (0, 23), (1, 0)))

    assert wall(moments) == [
        "Sun 21 22:00:00",
        "Mon 22 21:00:00",
        "Mon 22 22:00:00",
        "Tue 23 21:00:00",
        "Tue 23 22:00:00",
    ]


@given(
    zone=st.sampled_from([TOKYO, BERLIN]),
    at=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
    start=st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),
    public=publics(),
)
def test_a_reader_s_own_run_and_the_public_one_at_the_conference_s_gaps_are_one_timeline(zone, at, start, public):
    cadence = Cadence(timezone=zone, at=at, start=start, every="original")
    steps = [replace(step, release_at=PUBLIC, is_out=True) for step in public]
    places = [Place(days=step.days, after=step.after) for step in steps]

    own = list(ahead(Course(began_at=PUBLIC), Rhythm(cadence=cadence), steps))

    public_run = later([NOON, *own[1:]], [1] * len(own), cadence, own[:1], places)
    assert own[1:] == list(public_run)


def test_who_is_faster_than_the_public_run_gets_each_part_at_the_next_moment_of_their_own():
    late = NOON + 10 * DAY  # a Thursday
    public = (*steps(1), Step(release_at=late), Step(release_at=late + HOUR), Step(release_at=late + HOUR * 2))

    moments = ahead(Course(began_at=NOON), daily(), public)

    assert wall(moments) == ["Mon 02 12:00:00", "Fri 13 08:00:00", "Sat 14 08:00:00", "Sun 15 08:00:00"]


@pytest.mark.parametrize(
    ("every", "then"),
    [
        ((0, 3), ["Mon 09 08:00:00", "Thu 12 08:00:00", "Mon 16 08:00:00"]),
        ("weekday", ["Fri 06 08:00:00", "Mon 09 08:00:00", "Tue 10 08:00:00"]),
        (2, ["Fri 06 08:00:00", "Sun 08 08:00:00", "Tue 10 08:00:00"]),
        (dt.timedelta(hours=5), ["Thu 05 15:00:00", "Fri 06 16:00:00", "Sat 07 12:00:00"]),
    ],
)
def test_a_slower_public_run_moves_nobody_off_their_own_days_and_hours(every, then):
    public = (*steps(1), *(Step(release_at=NOON + n * DAY) for n in (3, 4, 5)))

    moments = ahead(Course(began_at=NOON), daily(every=every), public)

    assert wall(moments)[1:] == then


def test_what_begins_now_begins_with_the_public_run_where_that_is_to_begin():
    public = (Step(release_at=NOON + 3 * HOUR), Step(release_at=NOON + 4 * HOUR))

    moments = ahead(Course(began_at=NOON), daily(), public)

    assert wall(moments) == ["Mon 02 15:00:00", "Tue 03 08:00:00"]


def test_a_start_date_keeps_its_clock_where_the_public_run_begins_later():
    public = (Step(release_at=NOON + 3 * DAY), *steps(1))

    moments = ahead(Course(began_at=NOON), daily(every=(0, 4), start=dt.date(2026, 3, 3)), public)

    assert wall(moments) == ["Fri 06 08:00:00", "Mon 09 08:00:00"]


def test_a_step_that_waits_for_the_public_run_begins_anew_there():
    public = (*steps(1), Step(release_at=NOON + 3 * DAY), *steps(2))
    rhythm = replace(daily(), per=2)

    moments = ahead(Course(began_at=NOON), rhythm, public)

    assert wall(moments) == ["Mon 02 12:00:00", "Fri 06 08:00:00", "Fri 06 08:00:01", "Sat 07 08:00:00"]


@pytest.mark.parametrize(("every", "per"), [("day", 3), ("original", 1)])
def test_public_parts_that_come_seconds_apart_are_no_reason_to_wait_for_the_next_day(every, per):
    eight = NOON + 20 * HOUR
    public = (*steps(1), *(Step(release_at=eight + n * SECOND, days=int(n == 0)) for n in (0, 3, 9)), *steps(1))

    moments = ahead(Course(began_at=NOON, in_step=per), replace(daily(every=every), per=per), public)

    assert wall(moments)[1:] == ["Tue 03 08:00:00", "Tue 03 08:00:03", "Tue 03 08:00:09", "Wed 04 08:00:00"]


def test_a_public_part_that_is_planned_for_later_moves_only_what_was_not_had():
    public = [Step(release_at=NOON + n * DAY, is_out=n < 2) for n in range(4)]
    before = reached(Course(began_at=NOON), daily(), public, NOON + 2 * DAY)
    later = [*public[:2], *(replace(step, release_at=step.release_at + 5 * DAY) for step in public[2:])]

    moments = [*before.moments, *ahead(before, daily(), later)]

    assert wall(moments) == ["Mon 02 12:00:00", "Wed 04 08:00:00", "Tue 10 08:00:00", "Wed 11 08:00:00"]


def test_a_part_whose_moment_came_waits_until_the_public_one_is_out():
    public = (*steps(1), Step(release_at=PUBLIC, is_out=False))

    course = reached(Course(began_at=NOON), daily(), public, NOON + 5 * DAY)

    assert course.position == 1


# Wishes


def test_the_next_part_now_leaves_the_pace_as_it_was():
    course = reached(Course(began_at=NOON), daily(), steps(), NOON + HOUR)

    course = brought(course, daily(), NOON + 2 * HOUR)

    assert wall(course.moments) == ["Mon 02 12:00:00", "Mon 02 14:00:00"]
    assert wall(ahead(course, daily(), steps(3))) == ["Tue 03 08:00:00"]


def test_parts_that_are_asked_for_in_one_second_still_come_one_after_the_other():
    rhythm = replace(daily(), per=2)
    course = brought(brought(Course(began_at=NOON), rhythm, NOON), rhythm, NOON)

    assert wall(course.moments) == ["Mon 02 12:00:00", "Mon 02 12:00:01"]
    assert wall(ahead(course, rhythm, steps(4))) == ["Tue 03 08:00:00", "Tue 03 08:00:01"]


def test_a_jump_skips_what_lies_between():
    course = jumped(reached(Course(began_at=NOON), daily(), steps(), NOON), 4, NOON + HOUR)

    assert course.moments == (NOON, None, None)
    assert wall(ahead(course, daily(), steps(5))) == ["Tue 03 08:00:00", "Wed 04 08:00:00"]


def test_a_start_date_that_was_over_at_a_change_holds_nothing_back():
    course = changed(reached(Course(began_at=NOON), daily(), steps(), NOON), NOON + 9 * DAY)

    moments = ahead(course, daily(start=dt.date(2026, 3, 5)), steps(3))

    assert wall(moments) == ["Thu 12 08:00:00", "Fri 13 08:00:00"]


def test_a_run_that_goes_on_after_a_pause_does_not_catch_up():
    course = reached(Course(began_at=NOON), daily(), steps(), NOON + DAY)

    course = changed(course, NOON + 30 * DAY)

    assert wall(ahead(course, daily(), steps(4))) == ["Thu 02 08:00:00", "Fri 03 08:00:00"]


@pytest.mark.parametrize("position", [1, 3])
def test_who_had_parts_elsewhere_gets_the_next_one_at_the_next_moment(position):
    had = tuple(NOON - dt.timedelta(seconds=n) for n in reversed(range(position)))
    course = Course(began_at=NOON, moments=had, step_at=NOON, in_step=1)

    assert wall(ahead(course, daily(), steps(position + 1))) == ["Tue 03 08:00:00"]
