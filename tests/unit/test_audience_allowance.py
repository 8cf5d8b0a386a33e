"""A bucket lets so many through at once, and then one at a time."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from cnddigest.audience.allowance import Allowance, taken

NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
THREE = Allowance(burst=3, every=MINUTE)


def through(moments: list[dt.datetime], allowance: Allowance) -> list[dt.datetime]:
    free_at, let = None, []
    for moment in moments:
        after = taken(free_at, allowance, moment)
        if after:
            free_at = after
            let.append(moment)
    return let


def test_a_burst_goes_through_and_no_more():
    assert len(through([NOON] * 10, THREE)) == 3


def test_after_a_burst_one_goes_through_at_a_time():
    later = [NOON + n * MINUTE / 4 for n in range(40)]

    assert len(through([NOON] * 3 + later, THREE)) == 3 + 9


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_an_empty_bucket():
    free_at = taken(None, THREE, NOON + dt.timedelta(days=400))

    moments = [NOON + n * MINUTE for n in range(10)]

    assert any(taken(free_at, THREE, moment) for moment in moments)


@given(st.lists(st.integers(0, 600), min_size=1, max_size=80), st.integers(1, 5), st.integers(1, 60))
def test_in_any_span_no_more_go_through_than_the_burst_and_what_came_back(seconds, burst, every):
    allowance = Allowance(burst=burst, every=dt.timedelta(seconds=every))
    let = through([NOON + dt.timedelta(seconds=each) for each in sorted(seconds)], allowance)

    for start, first in enumerate(let):
        for end, last in enumerate(let[start:], 1):
            assert end <= burst + (last - first).total_seconds() // every
