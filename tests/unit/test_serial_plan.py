"""The Plan: moments, what is due, and what moves."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_cadence, a_part, a_recap
from cnddigest.errors import BadConfiguration
from cnddigest.serial.cadence import ONE_DAY, SECOND, first_from, following, local_date, next_date
from cnddigest.serial.conference import held, places_of
from cnddigest.serial.parts import cut
from cnddigest.serial.plan import all_now, due, later, moments, session_moments, upcoming

ZONES = [ZoneInfo(n) for n in ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
HOUR = dt.timedelta(hours=1)
CADENCES = st.builds(
    a_cadence,
    timezone=st.sampled_from(ZONES),
    at=st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 30])),
    every=st.one_of(
        st.sampled_from(["day", "weekday", "original"]),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
        st.integers(1, 5),
        st.timedeltas(SECOND, 3 * ONE_DAY).map(lambda d: dt.timedelta(seconds=d // SECOND)),
    ),
    start=st.one_of(st.none(), st.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 24))),
    skip=st.frozensets(st.dates(dt.date(2026, 11, 20), dt.date(2027, 1, 10)), max_size=5),
    catch_up=st.sampled_from(["all", "one"]),
    parts=st.sampled_from(["day", "session"]),
)
SLOTS = st.lists(
    st.one_of(st.none(), st.builds("{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 30]))),
    min_size=12,
    max_size=12,
)
PARTS = st.builds(
    lambda days, sessions, rule, slots: cut(
        at_slots(a_recap(days=days, sessions=sessions), slots), rule, title="港の会議", more=" {count}"
    ),
    st.integers(1, 4),
    st.integers(1, 3),
    st.sampled_from(["day", "session", 2]),
    st.one_of(st.just([None] * 12), SLOTS, SLOTS.map(lambda slots: sorted(slots, key=str))),
)


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def local(cadence, planned):
    return [f"{moment.astimezone(cadence.timezone):%m-%d %H:%M:%S}" for moment in planned]


def counts_of(parts):
    return [len(part.sessions) for part in parts]


def at_slots(recap, slots):
    """Return a recap whose sessions began at these times, in reading order."""
    times = iter(slots)
    days = [
        replace(day, sessions=tuple(replace(one, starts_at=next(times)) for one in day.sessions)) for day in recap.days
    ]
    return replace(recap, days=tuple(days))


def parts_at(*slots, days=2):
    """Return a Part for each session, of a conference that had as many each day."""
    recap = at_slots(a_recap(days=days, sessions=len(slots) // days), slots)
    return cut(recap, "session", title="港の会議", more="")


def as_held(**fields):
    return a_cadence(**{"every": "original", "parts": "session", "start": dt.date(2026, 12, 1)} | fields)


def some_parts(count, *, sessions=1):
    return [a_part(n, sessions=sessions) for n in range(1, count + 1)]


class Record:
    """What the record remembers of a Serial, and a publish that consults it as the verb does."""

    def __init__(self, parts, cadence):
        self.parts, self.cadence = parts, cadence
        self.out: list[dt.datetime] = []
        self.planned: tuple[dt.datetime, ...] = ()

    def ingest(self, now):
        self.planned = moments(self.parts, self.cadence, now=now, done=self.out)

    def publish(self, now):
        if not self.out:
            self.ingest(now)
        counts = counts_of(self.parts)[len(self.out) :]
        released = due(self.planned, counts, self.cadence, now)
        self.planned = later(self.planned, counts, self.cadence, released, self.places)
        self.out += released
        return released

    def upcoming(self, now):
        if not self.out:
            self.ingest(now)
        return upcoming(self.planned, counts_of(self.parts)[len(self.out) :], self.cadence, now, self.places)

    @property
    def places(self):
        return list(places_of(held(self.parts, self.cadence)))[len(self.out) :]


def test_the_first_part_comes_now_and_the_second_on_the_next_date():
    cadence = a_cadence(at=dt.time(8, 0))

    planned = moments(some_parts(3), cadence, now=utc("2026-11-24T21:30:00"))  # 06:30 in Tokyo, before `at`

    assert local(cadence, planned) == ["11-25 06:30:00", "11-26 08:00:00", "11-27 08:00:00"]


def test_the_first_part_minds_neither_weekday_nor_skipped_date():
    cadence = a_cadence(every="weekday", skip=frozenset({dt.date(2026, 11, 28)}))

    planned = moments(some_parts(2), cadence, now=utc("2026-11-28T03:00:00"))

    assert local(cadence, planned) == ["11-28 12:00:00", "11-30 08:00:00"]


def test_an_interval_counts_from_the_first_publish():
    cadence = a_cadence(every=dt.timedelta(minutes=90))

    planned = moments(some_parts(3), cadence, now=NOON)

    assert local(cadence, planned) == ["11-25 12:00:00", "11-25 13:30:00", "11-25 15:00:00"]


def test_every_so_many_days_is_at_the_wall_time_from_the_second_part_on():
    cadence = a_cadence(every=3)

    planned = moments(some_parts(3), cadence, now=NOON)

    assert local(cadence, planned) == ["11-25 12:00:00", "11-28 08:00:00", "12-01 08:00:00"]


def test_an_interval_shorter_than_its_sessions_leaves_them_a_second_each():
    planned = moments(some_parts(3, sessions=4), a_cadence(every=SECOND), now=NOON)

    assert planned == (NOON, NOON + 4 * SECOND, NOON + 8 * SECOND)


def test_with_a_start_date_the_plan_is_a_function_of_the_file():
    cadence = a_cadence(start=dt.date(2026, 12, 5), every="weekday")

    early, late = (moments(some_parts(2), cadence, now=now) for now in (NOON, NOON + 300 * ONE_DAY))

    assert local(cadence, early) == ["12-07 08:00:00", "12-08 08:00:00"]
    assert early == late


def test_with_a_start_date_an_interval_begins_at_the_wall_time():
    cadence = a_cadence(start=dt.date(2026, 12, 1), every=2 * HOUR, at=dt.time(7, 0))

    planned = moments(some_parts(2), cadence, now=NOON)

    assert local(cadence, planned) == ["12-01 07:00:00", "12-01 09:00:00"]


def test_original_keeps_the_gaps_of_the_conference():
    cadence = a_cadence(every="original", parts="session")
    parts = cut(a_recap(days=2, sessions=2), "session", title="", more="")
    far = replace(parts[3], chapters=(replace(parts[3].chapters[0], date=dt.date(2026, 3, 10)),))

    planned = moments([*parts[:3], far], cadence, now=NOON)

    assert local(cadence, planned) == ["11-25 12:00:00", "11-25 12:00:01", "11-26 08:00:00", "11-28 08:00:00"]


def test_original_without_dates_takes_a_day_from_day_to_day():
    cadence = a_cadence(every="original")
    parts = [replace(p, chapters=(replace(p.chapters[0], date=None, label=""),)) for p in some_parts(3)]

    planned = moments(parts, cadence, now=NOON)

    assert local(cadence, planned) == ["11-25 12:00:00", "11-26 08:00:00", "11-27 08:00:00"]


def test_original_with_days_out_of_order_goes_on_a_second_later():
    cadence = a_cadence(every="original")
    one, two = some_parts(2)

    planned = moments([two, one], cadence, now=NOON)

    assert planned == (NOON, NOON + SECOND)


def test_original_at_slot_times_keeps_the_hours_between_the_sessions_of_a_day():
    parts = parts_at("10:00", "11:00", "14:30", "9:30", "10:00", "13:00")

    planned = moments(parts, as_held(), now=NOON)

    assert local(as_held(), planned) == [
        *["12-01 08:00:00", "12-01 09:00:00", "12-01 12:30:00"],
        *["12-02 08:00:00", "12-02 08:30:00", "12-02 11:30:00"],
    ]


def test_slots_count_from_the_first_publish_where_that_begins_the_conference():
    cadence = as_held(start=None)

    planned = moments(parts_at("10:00", "11:00", "09:30", "10:15"), cadence, now=NOON)

    assert local(cadence, planned) == ["11-25 12:00:00", "11-25 13:00:00", "11-26 08:00:00", "11-26 08:45:00"]


def test_several_sessions_a_part_come_at_the_hour_of_their_first_one():
    recap = at_slots(a_recap(days=1, sessions=4), ["10:00", "10:30", "13:00", "13:30"])

    planned = moments(cut(recap, 2, title="", more=""), as_held(parts=2), now=NOON)

    assert local(as_held(), planned) == ["12-01 08:00:00", "12-01 11:00:00"]


@pytest.mark.parametrize("slot", [None, "25:30", "10:00", "09:00"])
def test_a_part_without_a_later_hour_comes_with_the_one_before(slot):
    planned = moments(parts_at("10:00", slot, "11:00", days=1), as_held(), now=NOON)

    assert local(as_held(), planned) == ["12-01 08:00:00", "12-01 08:00:01", "12-01 09:00:00"]


def test_a_day_that_lasts_until_after_midnight_holds_up_no_other():
    cadence = as_held(at=dt.time(20, 0))

    planned = moments(parts_at("10:00", "15:00", "10:00", "11:00"), cadence, now=NOON)

    assert local(cadence, planned) == ["12-01 20:00:00", "12-02 01:00:00", "12-02 20:00:00", "12-02 21:00:00"]


def test_a_day_that_began_late_ends_before_the_next_one_begins():
    cadence = as_held(start=None)
    now = utc("2026-11-25T14:30:00")  # 23:30 in Tokyo

    planned = moments(parts_at("09:00", "18:00", "09:00", "10:00"), cadence, now=now)

    assert local(cadence, planned) == ["11-25 23:30:00", "11-26 08:30:00", "11-27 08:00:00", "11-27 09:00:00"]


def test_a_slot_on_a_skipped_date_waits_and_what_follows_keeps_its_gap():
    cadence = as_held(at=dt.time(20, 0), skip=frozenset({dt.date(2026, 12, 2)}))

    planned = moments(parts_at("10:00", "15:00", "16:00", days=1), cadence, now=NOON)

    assert local(cadence, planned) == ["12-01 20:00:00", "12-03 20:00:00", "12-03 21:00:00"]


def test_hours_between_slots_pass_where_the_clocks_are_changed():
    cadence = as_held(timezone=ZoneInfo("Europe/Berlin"), at=dt.time(0, 30), start=dt.date(2027, 3, 28))

    planned = moments(parts_at("10:00", "11:00", "13:00", days=1), cadence, now=NOON)

    assert local(cadence, planned) == ["03-28 00:30:00", "03-28 01:30:00", "03-28 04:30:00"]


def test_an_edited_slot_moves_only_what_is_not_out():
    planned = moments(parts_at("10:00", "11:00", "12:00", "14:00", days=1), as_held(), now=NOON)
    edited = parts_at("10:00", "11:00", "13:30", "14:00", days=1)

    moved = moments(edited, as_held(), now=NOON, done=planned[:2])

    assert local(as_held(), moved) == ["12-01 11:30:00", "12-01 12:00:00"]


def test_an_edited_slot_of_a_part_that_is_out_brings_no_other_sooner():
    planned = moments(parts_at("10:00", "11:00", "12:00", days=1), as_held(), now=NOON)
    edited = [parts_at("10:00", slot, "12:00", days=1) for slot in ("10:30", "11:30")]

    moved = [moments(parts, as_held(), now=NOON, done=planned[:2]) for parts in edited]

    assert [local(as_held(), each) for each in moved] == [["12-01 10:30:00"], ["12-01 10:00:00"]]


def test_catching_up_with_one_brings_one_slot_and_keeps_the_hours_behind_it():
    cadence = as_held(catch_up="one")
    record = Record(parts_at("10:00", "11:00", "11:00", "12:30", "09:00", "10:00", "11:00", "12:00"), cadence)
    record.ingest(NOON)
    record.publish(utc("2026-11-30T23:00:00"))

    record.publish(utc("2026-12-01T05:00:00"))  # 14:00, when the last one of the day was due too

    assert local(cadence, record.out) == ["12-01 08:00:00", "12-01 13:59:59", "12-01 14:00:00"]
    assert local(cadence, record.planned)[:3] == ["12-01 15:29:59", "12-02 08:00:00", "12-02 09:00:00"]


def test_a_slot_is_on_time_until_the_next_one():
    cadence = as_held(catch_up="one")
    record = Record(parts_at("10:00", "11:00", days=1), cadence)
    record.ingest(NOON)

    record.publish(utc("2026-11-30T23:59:59"))

    assert local(cadence, record.out) == ["12-01 08:00:00"]
    assert local(cadence, record.planned) == ["12-01 09:00:00"]


@given(PARTS, st.sampled_from(ZONES), st.sampled_from([None, dt.date(2026, 12, 1)]))
def test_each_day_begins_at_its_time_and_its_hours_are_those_of_the_conference(parts, zone, start):
    cadence = as_held(timezone=zone, start=start)
    places = list(places_of(held(parts, cadence)))

    planned = moments(parts, cadence, now=NOON)

    began = planned[0]
    for n in range(1, len(parts)):
        if places[n].days:
            began = max(next_date(cadence, began, days=places[n].days), following(cadence, planned[n - 1]))
        assert planned[n] == max(began + places[n].after, planned[n - 1] + len(parts[n].sessions) * SECOND)


@given(CADENCES)
def test_hours_nobody_knows_change_nothing(cadence):
    bare = cut(a_recap(days=2, sessions=3), "session", title="", more="")
    first_only = parts_at("10:00", None, None, "23:00", None, None)

    assert moments(first_only, cadence, now=NOON) == moments(bare, cadence, now=NOON)


def test_a_conference_of_centuries_is_refused():
    one, two = some_parts(2)
    far = replace(two, chapters=(replace(two.chapters[0], date=dt.date(9999, 12, 31)),))

    with pytest.raises(BadConfiguration, match="within ten years"):
        moments([one, far], a_cadence(every="original"), now=NOON)


def test_an_edited_cadence_moves_only_what_is_not_out():
    cadence = a_cadence(at=dt.time(8, 0))
    done = moments(some_parts(4), cadence, now=NOON)[:2]

    planned = moments(some_parts(4), replace(cadence, at=dt.time(21, 0), every=(0,)), now=done[1], done=done)

    assert local(cadence, planned) == ["11-30 21:00:00", "12-07 21:00:00"]


def test_a_start_date_ahead_holds_back_what_is_not_out():
    cadence = a_cadence(start=dt.date(2026, 12, 24))

    planned = moments(some_parts(3), cadence, now=NOON, done=[NOON])

    assert local(cadence, planned) == ["12-24 08:00:00", "12-25 08:00:00"]


def test_a_part_added_a_year_later_is_not_dated_a_year_ago():
    cadence = a_cadence()
    done = moments(some_parts(2), cadence, now=NOON)

    planned = moments(some_parts(3), cadence, now=NOON + 365 * ONE_DAY, done=done, known=2)

    assert local(cadence, planned) == ["11-26 08:00:00"]
    assert planned[0] > NOON + 365 * ONE_DAY


def test_an_overdue_part_the_record_knew_keeps_its_moment():
    cadence = a_cadence()
    planned = moments(some_parts(3), cadence, now=NOON)

    again = moments(some_parts(3), cadence, now=NOON + 30 * ONE_DAY, done=planned[:1], known=3)

    assert again == planned[1:]


def test_nothing_is_planned_without_parts():
    assert moments([], a_cadence(), now=NOON) == ()
    assert due((), (), a_cadence(), NOON) == ()
    assert upcoming((), (), a_cadence(catch_up="one"), NOON, ()) == ()


def test_no_part_goes_out_before_the_one_before_it():
    assert due((NOON + SECOND, NOON), (1, 1), a_cadence(), NOON) == ()


def test_catching_up_with_all_dates_each_part_at_its_moment():
    cadence = a_cadence(start=dt.date(2026, 11, 20))
    planned = moments(some_parts(4), cadence, now=NOON)

    assert due(planned, (1,) * 4, cadence, utc("2026-11-22T12:00:00")) == planned[:3]


def test_catching_up_with_one_brings_one_part_per_moment():
    cadence = a_cadence(start=dt.date(2026, 11, 20), catch_up="one")
    record = Record(some_parts(4), cadence)

    record.publish(utc("2026-11-22T12:00:00"))

    assert local(cadence, record.out) == ["11-22 21:00:00"]
    assert local(cadence, record.planned) == ["11-23 08:00:00", "11-24 08:00:00", "11-25 08:00:00"]


def test_a_part_on_time_keeps_its_moment_though_the_process_wakes_late():
    cadence = a_cadence(start=dt.date(2026, 11, 20), catch_up="one")
    record = Record(some_parts(2), cadence)

    record.publish(utc("2026-11-20T22:59:59"))  # the next moment comes a second later

    assert local(cadence, record.out) == ["11-20 08:00:00"]
    assert local(cadence, record.planned) == ["11-21 08:00:00"]


def test_a_part_is_overdue_once_the_next_cadence_moment_is_there():
    cadence = a_cadence(start=dt.date(2026, 11, 20), catch_up="one")
    record = Record(some_parts(2), cadence)

    record.publish(utc("2026-11-20T23:00:00"))

    assert local(cadence, record.out) == ["11-21 08:00:00"]
    assert local(cadence, record.planned) == ["11-22 08:00:00"]


def test_parts_that_move_keep_room_for_their_sessions():
    record = Record(some_parts(3, sessions=4), a_cadence(every=SECOND, catch_up="one"))
    record.publish(NOON)

    record.publish(NOON + HOUR)

    assert record.out == [NOON, NOON + HOUR]
    assert record.planned == (NOON + HOUR + 4 * SECOND,)


def test_a_last_part_that_is_overdue_is_dated_now():
    cadence = a_cadence(start=dt.date(2026, 11, 20), catch_up="one")
    record = Record(some_parts(1), cadence)

    record.publish(utc("2026-11-22T12:00:00"))

    assert record.out == [utc("2026-11-22T12:00:00")]


def test_the_original_sessions_of_one_day_go_out_together():
    cadence = a_cadence(every="original", parts="session", start=dt.date(2026, 11, 20), catch_up="one")
    parts = cut(a_recap(days=2, sessions=2), "session", title="", more="")
    record = Record(parts, cadence)

    on_time = record.publish(utc("2026-11-19T23:00:30"))
    overdue = record.publish(utc("2026-11-28T00:00:00"))

    assert local(cadence, on_time) == ["11-20 08:00:00", "11-20 08:00:01"]
    assert local(cadence, overdue) == ["11-28 08:59:59", "11-28 09:00:00"]


def test_original_keeps_its_gaps_behind_an_overdue_part():
    cadence = a_cadence(every="original", start=dt.date(2026, 11, 20), catch_up="one")
    parts = some_parts(4)
    parts[2:] = [
        replace(p, chapters=(replace(p.chapters[0], date=p.chapters[0].date + 4 * ONE_DAY),)) for p in parts[2:]
    ]
    record = Record(parts, cadence)

    record.publish(utc("2026-11-22T12:00:00"))

    assert local(cadence, record.planned) == ["11-23 08:00:00", "11-28 08:00:00", "11-29 08:00:00"]


def test_all_now_gives_each_session_a_second():
    assert all_now([3, 2, 4], NOON) == (NOON - 6 * SECOND, NOON - 4 * SECOND, NOON)


def test_a_part_without_sessions_takes_a_second_too():
    assert all_now([0, 0], NOON) == (NOON - SECOND, NOON)


def test_all_now_is_never_earlier_than_the_last_release():
    last = NOON - 5 * SECOND

    assert all_now([3, 2, 4], NOON, not_before=last) == (last, NOON - 4 * SECOND, NOON)


@given(st.lists(st.integers(0, 5)), st.one_of(st.none(), st.integers(0, 20)))
def test_all_now_is_ordered_ends_now_and_fits_between(counts, age):
    last = None if age is None else NOON - age * SECOND

    dated = all_now(counts, NOON, not_before=last)

    assert len(dated) == len(counts)
    assert list(dated) == sorted(dated)
    assert all((last or dated[0]) <= moment <= NOON for moment in dated)
    assert not dated or dated[-1] == NOON


def test_sessions_are_dated_a_second_apart():
    assert session_moments(NOON, 3) == (NOON - 2 * SECOND, NOON - SECOND, NOON)


@given(st.integers(0, 20), st.one_of(st.none(), st.integers(-5, 25)))
def test_sessions_end_at_their_parts_moment_and_keep_their_order(count, age):
    before = None if age is None else NOON - age * SECOND

    dated = session_moments(NOON, count, not_before=before)

    assert list(dated) == sorted(dated)
    assert not dated or dated[-1] == NOON
    assert before is None or all(moment >= min(before, NOON) for moment in dated)


def test_moments_are_whole_seconds_and_never_in_the_future():
    now = NOON.replace(microsecond=999_999)

    assert moments(some_parts(1), a_cadence(), now=now) == (NOON,)
    assert all_now([1], now) == (NOON,)
    assert due((NOON + SECOND,), (1,), a_cadence(), now) == ()


@given(CADENCES, PARTS)
def test_every_part_has_room_for_its_sessions(cadence, parts):
    planned = moments(parts, cadence, now=NOON)

    assert len(planned) == len(parts)
    for part, earlier, moment in zip(parts[1:], planned, planned[1:], strict=False):
        assert moment - earlier >= len(part.sessions) * SECOND


@given(CADENCES, PARTS, st.integers(1, 12))
def test_what_is_out_does_not_change_the_plan_of_the_rest(cadence, parts, count):
    planned = moments(parts, cadence, now=NOON)

    assert moments(parts, cadence, now=NOON + HOUR, done=planned[:count]) == planned[count:]


@given(CADENCES, PARTS, st.lists(st.integers(1, 40 * 24 * 60), max_size=60))
def test_through_a_year_of_outages_each_part_comes_once_in_order_and_never_early(cadence, parts, gaps):
    record, now = Record(parts, cadence), NOON
    for minutes in [*gaps, *[24 * 60] * 400]:
        seen = len(record.out)
        promised = record.upcoming(now)

        released = record.publish(now)

        assert record.publish(now) == (), "a second publish at the same moment releases nothing"
        assert all(moment <= now for moment in released)
        assert list(promised) == [*released, *record.planned], "the plan said so"
        assert all(now < moment for moment in record.planned)
        assert seen + len(released) == len(record.out)
        now += dt.timedelta(minutes=minutes)
    assert len(record.out) == len(parts) or record.planned[0] > now
    assert record.out == sorted(set(record.out))
    for part, earlier, moment in zip(parts[1:], record.out, record.out[1:], strict=False):
        assert moment - earlier >= len(part.sessions) * SECOND


@given(CADENCES, PARTS)
def test_a_publish_on_time_does_what_the_plan_said(cadence, parts):
    record = Record(parts, cadence)
    plan = record.upcoming(NOON)
    record.publish(NOON)

    while record.planned:
        record.publish(record.planned[0])

    assert tuple(record.out) == plan


@given(CADENCES, PARTS, st.lists(st.integers(1, 9 * 24 * 60), min_size=1, max_size=30))
def test_with_one_no_cadence_moment_brings_two_parts(cadence, parts, gaps):
    every = "day" if cadence.every == "original" else cadence.every
    cadence = replace(cadence, catch_up="one", every=every)
    record, now = Record(parts, cadence), NOON
    for minutes in gaps:
        released = record.publish(now)

        assert len(released) <= 1
        now += dt.timedelta(minutes=minutes)

    for earlier, moment in zip(record.out, record.out[1:], strict=False):
        assert following(cadence, earlier) <= moment


@given(PARTS, st.lists(st.integers(1, 2 * 24 * 60), min_size=1, max_size=30))
def test_with_one_no_slot_brings_the_next_one_along(parts, gaps):
    record, now = Record(parts, as_held(start=None, catch_up="one")), NOON
    places = list(places_of(held(parts, record.cadence)))
    for minutes in gaps:
        before = len(record.out)

        released = record.publish(now)

        behind = places[before + 1 : before + len(released)]
        assert all(place.days == 0 and place.after == places[before].after for place in behind)
        now += dt.timedelta(minutes=minutes)


@given(CADENCES, PARTS, st.lists(st.integers(1, 5 * 24 * 60), max_size=20))
def test_reading_the_file_again_in_an_outage_keeps_the_plan(cadence, parts, gaps):
    record, now = Record(parts, replace(cadence, start=None)), NOON
    for minutes in [0, *gaps]:
        now += dt.timedelta(minutes=minutes)
        record.publish(now)
        planned = record.planned

        record.ingest(now + 3 * ONE_DAY)

        assert record.planned == planned


@given(CADENCES, PARTS)
def test_no_part_comes_on_a_skipped_date_but_the_first(cadence, parts):
    planned = moments(parts, replace(cadence, every="day"), now=NOON)

    assert not {local_date(cadence, moment) for moment in planned[1:]} & cadence.skip


@given(CADENCES.filter(lambda cadence: cadence.start is not None))
def test_the_start_date_is_the_first_allowed_date(cadence):
    planned = moments(some_parts(1), cadence, now=NOON)

    assert planned == (first_from(cadence, cadence.start),)
