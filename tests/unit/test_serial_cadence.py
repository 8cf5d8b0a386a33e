"""Wall clock into moments."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_cadence
from cnddigest.errors import BadConfiguration
from cnddigest.serial.cadence import ONE_DAY, SECOND, counted, first_from, following, local_date, next_date, on, whole

ZONES = [
    ZoneInfo(name)
    for name in (
        "Asia/Tokyo",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",  # half an hour of summer time
        "Pacific/Apia",  # had no 2011-12-30
        "Pacific/Chatham",  # clocks change at 02:45
        "America/Sao_Paulo",  # clocks leapt over midnight
        "America/Nuuk",  # clocks leap from 23:00 to midnight
        "Africa/Cairo",
        "UTC",
    )
]
TIMES = st.one_of(st.times(), st.builds(dt.time, st.integers(0, 3), st.sampled_from([0, 15, 30, 45])))
INSTANTS = st.integers(1_230_768_000, 1_893_456_000).map(lambda n: dt.datetime.fromtimestamp(n, dt.UTC))  # 2009 to 2030
DATES = st.dates(dt.date(2009, 1, 1), dt.date(2030, 1, 1))
NEAR_APIAS_LEAP = st.dates(dt.date(2011, 12, 20), dt.date(2012, 1, 5))
CADENCES = st.builds(
    a_cadence,
    timezone=st.sampled_from(ZONES),
    at=TIMES,
    every=st.one_of(
        st.sampled_from(["day", "weekday", "original"]),
        st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    ),
    skip=st.frozensets(st.one_of(DATES, NEAR_APIAS_LEAP), max_size=4),
)
BERLIN, NEW_YORK, APIA = ZONES[1], ZONES[2], ZONES[4]


def utc(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def test_a_wall_time_comes_in_the_serials_zone():
    cadence = a_cadence(at=dt.time(8, 0))

    assert on(cadence, dt.date(2026, 12, 1)) == utc("2026-11-30T23:00:00")


@pytest.mark.parametrize(
    ("zone", "date", "at", "moment"),
    [
        (BERLIN, "2026-03-29", "02:30", "2026-03-29T01:00:00"),  # 02:00 to 03:00 does not exist: 03:00
        (BERLIN, "2026-10-25", "02:30", "2026-10-25T00:30:00"),  # comes twice: the first
        (NEW_YORK, "2026-03-08", "02:00", "2026-03-08T07:00:00"),
        (ZoneInfo("Australia/Lord_Howe"), "2026-10-04", "02:15", "2026-10-03T15:30:00"),  # leaps to 02:30
        (ZoneInfo("Pacific/Chatham"), "2026-09-27", "03:00", "2026-09-26T14:00:00"),  # 02:45 leaps to 03:45
        (ZoneInfo("America/Sao_Paulo"), "2018-11-04", "00:30", "2018-11-04T03:00:00"),  # the day began at 01:00
        (ZoneInfo("America/Nuuk"), "2026-03-28", "23:30", "2026-03-29T00:59:59"),  # the day ended at 23:00
    ],
)
def test_summer_time_neither_drops_nor_doubles_a_wall_time(zone, date, at, moment):
    cadence = a_cadence(timezone=zone, at=dt.time.fromisoformat(at))

    assert on(cadence, dt.date.fromisoformat(date)) == utc(moment)


def test_a_date_a_zone_never_had_has_no_moment():
    cadence = a_cadence(timezone=APIA, at=dt.time(8, 0))

    assert on(cadence, dt.date(2011, 12, 30)) is None
    assert local_date(cadence, first_from(cadence, dt.date(2011, 12, 30))) == dt.date(2011, 12, 31)


def test_weekdays_leave_out_the_weekend():
    friday = utc("2026-11-27T00:00:00")

    assert following(a_cadence(every="weekday", at=dt.time(9, 0)), friday) == utc("2026-11-30T00:00:00")


def test_named_weekdays_and_skipped_dates_are_obeyed():
    cadence = a_cadence(every=(0, 3), skip=frozenset({dt.date(2026, 11, 30)}), at=dt.time(9, 0))

    assert following(cadence, utc("2026-11-27T00:00:00")) == utc("2026-12-03T00:00:00")


def test_a_moment_later_the_same_date_counts_as_following():
    assert following(a_cadence(at=dt.time(9, 0)), utc("2026-11-26T21:00:00")) == utc("2026-11-27T00:00:00")


def test_an_interval_is_absolute_time():
    cadence = a_cadence(timezone=BERLIN, every=dt.timedelta(hours=2))

    assert following(cadence, utc("2026-03-29T00:30:00")) == utc("2026-03-29T02:30:00")


def test_an_interval_passes_over_a_skipped_date_in_its_own_steps():
    cadence = a_cadence(every=dt.timedelta(minutes=90), skip=frozenset({dt.date(2026, 11, 26)}))

    assert following(cadence, utc("2026-11-25T14:00:00")) == utc("2026-11-26T15:30:00")


@pytest.mark.parametrize("interval", [dt.timedelta(0), -ONE_DAY, dt.timedelta(milliseconds=1)])
def test_an_interval_under_a_second_is_refused(interval):
    with pytest.raises(BadConfiguration, match="interval is too short"):
        following(a_cadence(every=interval), utc("2026-11-25T00:00:00"))


@pytest.mark.parametrize(
    "cadence",
    [
        a_cadence(every=()),
        a_cadence(skip=frozenset(dt.date(2026, 1, 1) + n * ONE_DAY for n in range(4200))),
    ],
)
def test_a_cadence_that_allows_no_date_is_refused(cadence):
    with pytest.raises(BadConfiguration, match="allows no release within ten years"):
        following(cadence, utc("2026-11-25T00:00:00"))


@pytest.mark.parametrize("every", ["day", dt.timedelta(days=400), dt.timedelta.max])
def test_the_end_of_the_calendar_is_an_error_and_no_traceback(every):
    with pytest.raises(BadConfiguration, match="allows no release"):
        following(a_cadence(every=every), utc("9999-12-31T22:00:00"))


@pytest.mark.parametrize("days", [3654, 10**7, 10**9])
def test_a_gap_of_ages_is_refused(days):
    with pytest.raises(BadConfiguration, match="allows no release"):
        next_date(a_cadence(), utc("2026-11-25T00:00:00"), days=days)


def test_an_interval_of_a_second_passes_a_year_of_skipped_dates_quickly():
    skip = frozenset(dt.date(2026, 1, 1) + n * ONE_DAY for n in range(366))

    moment = following(a_cadence(every=SECOND, skip=skip), utc("2026-06-01T00:00:00"))

    assert moment == utc("2027-01-01T15:00:00")


@given(CADENCES, st.one_of(DATES, NEAR_APIAS_LEAP))
def test_moments_rise_and_no_date_has_two(cadence, date):
    moments = [first_from(cadence, date)]
    for _ in range(12):
        moments.append(following(cadence, moments[-1]))

    dates = [local_date(cadence, moment) for moment in moments]
    assert moments == sorted(set(moments))
    assert dates == sorted(set(dates))


@given(CADENCES, st.one_of(DATES, NEAR_APIAS_LEAP))
def test_every_allowed_date_that_exists_has_its_moment(cadence, date):
    cadence = a_cadence(timezone=cadence.timezone, at=cadence.at)
    noon = dt.datetime.combine(date, dt.time(12), cadence.timezone)
    exists = noon.astimezone(dt.UTC).astimezone(cadence.timezone).date() == date

    moment = on(cadence, date)

    assert (moment is not None) == exists
    assert moment is None or local_date(cadence, moment) == date


@given(CADENCES, DATES)
def test_a_wall_time_that_exists_is_kept(cadence, date):
    moment = on(cadence, date)

    local = moment.astimezone(cadence.timezone) if moment else None
    wall = dt.datetime.combine(date, cadence.at.replace(microsecond=0))
    if local and local.replace(tzinfo=None) != wall:
        instant = wall.replace(tzinfo=cadence.timezone).astimezone(dt.UTC)
        assert instant.astimezone(cadence.timezone).replace(tzinfo=None) != wall, "it exists and was moved"
    else:
        assert local is None or local.fold == 0


@given(CADENCES, INSTANTS)
def test_following_is_the_nearest_moment(cadence, instant):
    moment = following(cadence, instant)

    assert moment > instant
    assert following(cadence, max(instant, moment - SECOND)) == moment
    assert moment == first_from(cadence, local_date(cadence, moment))


@given(
    INSTANTS,
    st.timedeltas(SECOND, dt.timedelta(days=40)),
    st.frozensets(DATES, max_size=10),
)
def test_an_interval_lands_on_a_multiple_and_on_no_skipped_date(instant, interval, skip):
    interval = dt.timedelta(seconds=interval // SECOND)
    cadence = a_cadence(every=interval, skip=skip | {(instant + interval).date()})

    moment = following(cadence, instant)

    assert (moment - whole(instant)) % interval == dt.timedelta(0)
    assert local_date(cadence, moment) not in cadence.skip


def test_every_so_many_days_is_wall_clock_and_not_so_many_hours():
    cadence = a_cadence(timezone=BERLIN, at=dt.time(8, 0), every=2)

    moments = [utc("2026-03-27T20:00:00")]
    for _ in range(3):
        moments.append(following(cadence, moments[-1]))

    assert moments[1:] == [utc("2026-03-29T06:00:00"), utc("2026-03-31T06:00:00"), utc("2026-04-02T06:00:00")]


def test_days_that_fall_on_a_skipped_date_are_added_again():
    cadence = a_cadence(every=2, skip=frozenset({dt.date(2026, 12, 3)}))

    moment = following(cadence, utc("2026-12-01T03:00:00"))

    assert local_date(cadence, moment) == dt.date(2026, 12, 5)


RHYTHMS = st.one_of(
    st.sampled_from(["day", "weekday", (0, 3)]),
    st.integers(1, 40),
    st.timedeltas(dt.timedelta(minutes=90), 9 * ONE_DAY),
)


@given(CADENCES, RHYTHMS, INSTANTS, st.timedeltas(-9 * ONE_DAY, 90 * ONE_DAY))
def test_what_is_counted_from_a_moment_is_the_first_of_its_followers_that_is_late_enough(rhythm, every, moment, wait):
    cadence = replace(rhythm, every=every if not isinstance(every, dt.timedelta) else every - every % SECOND)
    bound = moment + wait
    expected = following(cadence, moment)
    while expected < bound:
        expected = following(cadence, expected)

    found = counted(cadence, moment, not_before=bound)

    assert found == expected
