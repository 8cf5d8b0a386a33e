"""Of all schedulers on one record one acts."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cnddigest.errors import RecordAway
from cnddigest.ports.watch import Health
from cnddigest.store.sqlite import open_store
from cnddigest.store.watch import SqliteWatch

NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
LEASE = dt.timedelta(seconds=40)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[SqliteWatch]:
    with closing(SqliteWatch(str(tmp_path / "record"), create=True)) as opened:
        yield opened


def hold(watch: SqliteWatch, holder: str, at: dt.datetime = NOON, still: int | None = None) -> bool:
    return watch.hold(holder, now=at, until=at + LEASE, still=still)


def test_the_first_one_acts_and_the_second_stands_by(watch: SqliteWatch) -> None:
    assert hold(watch, "first")

    assert not hold(watch, "second", NOON + SECOND)
    assert hold(watch, "first", NOON + SECOND)


def test_one_whose_time_is_over_is_followed_and_sees_it(watch: SqliteWatch) -> None:
    hold(watch, "first")

    assert hold(watch, "second", NOON + LEASE + SECOND)

    assert not hold(watch, "first", NOON + LEASE + 2 * SECOND)


def test_one_that_left_is_followed_at_once(watch: SqliteWatch) -> None:
    hold(watch, "first")
    watch.leave("first")

    assert hold(watch, "second", NOON + SECOND)


def test_beats_that_stood_still_count_for_more_than_the_clock(watch: SqliteWatch) -> None:
    hold(watch, "first")
    found = watch.health()
    assert found

    assert not hold(watch, "second", NOON - dt.timedelta(days=1), still=found.beats - 1)
    assert hold(watch, "second", NOON - dt.timedelta(days=1), still=found.beats)


def test_only_who_acts_tells_how_a_knock_went(watch: SqliteWatch) -> None:
    hold(watch, "first")
    health = Health(until=NOON, knocked_at=NOON, next_at=NOON + LEASE, lag=SECOND, problem="recap is gone")

    watch.knocked("second", health)
    before = watch.health()
    watch.knocked("first", health)
    after = watch.health()

    assert before
    assert before.knocked_at is None
    assert after
    assert (after.knocked_at, after.next_at, after.lag, after.problem) == (NOON, NOON + LEASE, SECOND, "recap is gone")


def test_a_record_where_none_ever_ran_has_no_health(watch: SqliteWatch) -> None:
    assert watch.health() is None


def test_it_makes_no_record_where_one_should_be(tmp_path: Path) -> None:
    with pytest.raises(RecordAway) as raised:
        SqliteWatch(str(tmp_path / "record"))

    assert raised.value.transient
    open_store(str(tmp_path / "record")).close()
