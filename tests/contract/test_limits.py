"""Buckets are kept in the record, and all that are asked for are taken or none."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cnddigest.audience.allowance import Allowance
from cnddigest.errors import BadRecord
from cnddigest.store.limits import SqliteLimits
from cnddigest.store.sqlite import open_store

NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
TWO, ONE = Allowance(burst=2, every=HOUR), Allowance(burst=1, every=HOUR)


@pytest.fixture
def path(tmp_path: Path) -> str:
    open_store(str(tmp_path / "record")).close()
    return str(tmp_path / "record")


def take(path: str, *wanted: tuple[str, Allowance], now: dt.datetime = NOON) -> bool:
    with closing(SqliteLimits(path)) as limits:
        return limits.take(wanted, now=now)


def test_a_restart_fills_no_bucket(path):
    assert [take(path, ("a", TWO)) for _ in range(3)] == [True, True, False]
    assert take(path, ("a", TWO), now=NOON + HOUR)


def test_where_one_is_empty_nothing_is_taken_of_the_others(path):
    take(path, ("full", ONE))

    assert not take(path, ("other", ONE), ("full", ONE))

    assert take(path, ("other", ONE))


def test_buckets_that_are_full_again_are_forgotten(path):
    for number in range(20):
        take(path, (f"bucket {number}", ONE))

    for number in range(5):
        take(path, (f"later {number}", ONE), now=NOON + 2 * HOUR)

    with closing(sqlite3.connect(path)) as db:
        assert db.execute("select count(*) from bucket").fetchone()[0] == 5


def test_a_record_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(BadRecord):
        SqliteLimits(str(tmp_path / "nowhere"))

    assert not list(tmp_path.iterdir())
