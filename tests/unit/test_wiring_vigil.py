"""The watch of several processes over one record: who acts, and how soon the end of one is seen."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cnddigest.store.seat import Seat
from cnddigest.store.watch import SqliteWatch
from cnddigest.wiring.vigil import Vigil

NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
LENGTH = dt.timedelta(seconds=40)
HOLDER = """
import datetime as dt, sys
from cnddigest.store.watch import SqliteWatch
from cnddigest.wiring.vigil import Vigil
now = dt.datetime.fromisoformat(sys.argv[2])
vigil = Vigil(
    lambda: SqliteWatch(sys.argv[1]), length=dt.timedelta(seconds=40), clock=lambda: now, steady=lambda: 0.0
)
vigil.beat()
print(vigil.is_ours, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = str(tmp_path / "record")
    SqliteWatch(path, create=True).close()
    return path


@pytest.fixture
def holder(record: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Another process that acts."""
    command = [sys.executable, "-c", HOLDER, record, NOON.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"True\n"
        yield process
        process.kill()


def a_vigil(record: str) -> Vigil:
    """One for which no time passes."""
    return Vigil(lambda: SqliteWatch(record), length=LENGTH, clock=lambda: NOON, steady=lambda: 0.0)


def test_one_that_was_killed_is_followed_without_waiting(record: str, holder: "subprocess.Popen[bytes]") -> None:
    vigil = a_vigil(record)
    vigil.beat()
    acted_before = vigil.is_ours
    holder.kill()
    holder.wait()

    vigil.beat()

    assert not acted_before
    assert vigil.is_ours


def test_one_that_is_only_halted_is_not_gone(record: str, holder: "subprocess.Popen[bytes]") -> None:
    os.kill(holder.pid, signal.SIGSTOP)
    vigil = a_vigil(record)

    vigil.beat()

    assert not vigil.is_ours


def test_a_file_that_was_removed_tells_of_nobodys_end(record: str, holder: "subprocess.Popen[bytes]") -> None:
    Path(f"{record}.watching").unlink()
    vigil = a_vigil(record)

    vigil.beat()

    assert holder.poll() is None
    assert not vigil.is_ours


def test_a_holder_of_another_machine_is_given_its_time(record: str) -> None:
    with closing(SqliteWatch(record)) as watch:
        watch.hold("elsewhere/1.1.aa@elsewhere:1:2", now=NOON, until=NOON + LENGTH)
    vigil = a_vigil(record)

    vigil.beat()

    assert not vigil.is_ours


def test_who_stands_by_leaves_the_file_to_who_acts(record: str) -> None:
    with closing(SqliteWatch(record)) as watch:
        watch.hold("without a file", now=NOON, until=NOON + LENGTH)
    a_vigil(record).beat()

    assert Seat().take(f"{record}.watching")


def test_of_many_that_come_at_once_one_acts(record: str) -> None:
    vigils = [a_vigil(record) for _ in range(5)]

    for vigil in [*vigils, *reversed(vigils)]:
        vigil.beat()

    assert [vigil.is_ours for vigil in vigils].count(True) == 1


def test_where_no_file_can_be_made_the_watch_goes_on(record: str) -> None:
    Path(f"{record}.watching").mkdir()
    first, second = a_vigil(record), a_vigil(record)

    for vigil in (first, second, first):
        vigil.beat()

    assert (first.is_ours, second.is_ours) == (True, False)


def test_one_that_leaves_is_followed_at_once(record: str) -> None:
    first, second = a_vigil(record), a_vigil(record)
    first.beat()
    first.leave()

    second.beat()

    assert second.is_ours
