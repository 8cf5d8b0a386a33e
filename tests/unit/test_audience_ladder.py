"""The ladder: every step is slower or faster than the one before, and it has two ends."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_cadence
from cnddigest.audience.ladder import RUNGS, WEEK, faster, slower
from cnddigest.audience.replay import Replay, read_every, rhythm

WORDS = ("day", "weekday", "original")
rhythms = st.one_of(
    st.sampled_from(WORDS),
    st.lists(st.integers(0, 6), min_size=1, unique=True).map(lambda days: tuple(sorted(days))),
    st.integers(1, 60 * 24 * 400).map(lambda minutes: dt.timedelta(minutes=minutes)),
)


def every(text):
    return rhythm(Replay(every=text), a_cadence()).cadence.every


def a_week(found):
    """How many steps a week a rhythm has."""
    if isinstance(found, dt.timedelta):
        return WEEK / found
    return len(found) if isinstance(found, tuple) else {"day": 7, "weekday": 5, "original": 7}[found]


def test_every_rung_is_a_rhythm_and_says_how_many_steps_a_week_it_has():
    for rung, rate in RUNGS.items():
        assert read_every(rung) == rung
        assert a_week(every(rung)) == rate


@given(rhythms)
def test_slower_is_slower_and_faster_is_faster_until_there_is_no_other(found):
    down, up = slower(found), faster(found)

    assert a_week(every(down)) < a_week(found) if down else a_week(found) <= 1
    assert a_week(every(up)) > a_week(found) if up else a_week(found) >= 14


@pytest.mark.parametrize("rung", list(RUNGS))
def test_who_goes_down_and_up_again_is_where_they_were(rung):
    down = slower(every(rung))

    assert not down or faster(every(down)) == rung


def test_who_comes_down_to_one_day_a_week_keeps_one_of_theirs():
    assert slower(every("tue,fri")) == "tue"
