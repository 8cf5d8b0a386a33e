"""The options that commands share: instants, serials, how talkative the program is."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, TOKYO
from cnddigest.cli import moments
from cnddigest.cli.options import EARLIEST, LATEST, instant
from cnddigest.errors import WrongUse


@pytest.mark.parametrize(
    "text",
    ["2026-11-25T12:00:00+09:00", "2026-11-25T03:00Z", "2026-11-25 03:00:00.9+00:00", " 20261125T030000Z "],
)
def test_an_instant_is_read_in_every_form_of_iso_8601(text):
    assert instant(text) == NOON


def test_an_instant_without_offset_is_refused_with_both_remedies():
    with pytest.raises(WrongUse, match="an instant without an offset: 2026-11-25T08:00") as caught:
        instant("2026-11-25T08:00")

    assert caught.value.hint == "say where: 2026-11-25T08:00:00+09:00, or 2026-11-25T08:00:00Z for UTC"


@pytest.mark.parametrize("text", ["", "now", "tomorrow", "2026-13-01T00:00Z", "2026-11-25T25:00Z", "1e9", "明日"])
def test_what_is_no_instant_is_refused(text):
    with pytest.raises(WrongUse, match="not an instant: "):
        instant(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00+09:00", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"])
def test_years_that_no_feed_can_write_are_refused(text):
    with pytest.raises(WrongUse):
        instant(text)


@given(st.datetimes(timezones=st.timezones()).map(lambda moment: moment.replace(microsecond=0)))
def test_an_instant_survives_being_written(moment):
    if not EARLIEST + dt.timedelta(days=2) < moment < LATEST - dt.timedelta(days=2):
        return

    read = instant(moment.isoformat())

    assert instant(moments.wire(read) or "") == read


@given(st.text())
def test_any_text_is_an_instant_or_wrong_use(text):
    with suppress(WrongUse):
        assert instant(text).tzinfo is dt.UTC


def test_wall_clock_has_its_weekday_and_no_seconds_without_need():
    assert moments.local(NOON, TOKYO) == "Wed 2026-11-25 12:00"
    assert moments.local(NOON + dt.timedelta(seconds=7), TOKYO) == "Wed 2026-11-25 12:00:07"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "now"),
        (0.5, "now"),
        (59, "in 59 seconds"),
        (60, "in 1 minute"),
        (-7200, "2 hours ago"),
        (86400, "in 1 day"),
        (200_000, "in 2 days"),
    ],
)
def test_a_distance_is_told_in_the_largest_unit(seconds, text):
    assert moments.distance(NOON, NOON + dt.timedelta(seconds=seconds)) == text
