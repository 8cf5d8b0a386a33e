"""A process that works on the record is killed, again and again: each of its changes happened or did not."""

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from cnddigest.ports.record import Totals
from cnddigest.store.sqlite import SqliteStore, open_store

PARTS = 30
SESSIONS = 2
KILLS = 15
# Takes in one Serial after another and releases each at once, as fast as it can.
WORKER = """if True:
    import sys
    sys.path.insert(0, sys.argv[2])
    from builders import NOON, a_release
    from cnddigest.ports.record import SerialState
    from cnddigest.store.sqlite import open_store

    store = open_store(sys.argv[1])
    number = store.build_state().revision
    print("ready", flush=True)
    while True:
        with store.publishing(wait=0):
            slug, number = f"serial-{number}", number + 1
            planned = [a_release(n, serial=slug, released=False, sessions=2) for n in range(1, 31)]
            store.ingest(SerialState(slug=slug, tag="tag:x"), planned=planned)
            store.release(slug, store.headlines(slug), now=NOON)
"""

pytestmark = pytest.mark.slow


def start(path: Path) -> subprocess.Popen[bytes]:
    tests = Path(__file__).resolve().parent.parent
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(path), str(tests)], stdout=subprocess.PIPE)
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"ready\n"
    return worker


def kill(worker: subprocess.Popen[bytes]) -> None:
    worker.send_signal(signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    assert worker.stdout is not None
    worker.stdout.close()


def faults(store: SqliteStore) -> list[str]:
    """What a half-made change would leave behind."""
    found, changes = [], 0
    for (slug,) in store._db.execute("select slug from serial").fetchall():
        totals = store.totals(slug)
        out = totals.released_parts > 0
        whole = Totals(parts=PARTS, sessions=PARTS * SESSIONS)
        if (totals.parts, totals.sessions) != (whole.parts, whole.sessions):
            found.append(f"{slug} was taken in by half: {totals}")
        if totals.released_parts not in {0, PARTS} or totals.released_sessions != totals.released_parts * SESSIONS:
            found.append(f"{slug} was released by half: {totals}")
        if len(list(store.releases(slug, range(1, PARTS + 1)))) != PARTS:
            found.append(f"{slug} lacks text")
        state = store.serial(slug)
        if state is None or (state.started_at is not None) != out:
            found.append(f"{slug} has the wrong start")
        changes += 1 + out
    if store.build_state().revision != changes:
        found.append(f"{changes} changes, revision {store.build_state().revision}")
    return found


def test_a_killed_process_leaves_the_record_before_or_after(tmp_path: Path) -> None:
    path = tmp_path / "record"
    chance = random.Random(20221121)

    for _ in range(KILLS):
        worker = start(path)
        time.sleep(chance.uniform(0, 0.25))
        kill(worker)

        with closing(open_store(str(path))) as store:
            assert faults(store) == []
            assert store._db.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert store._db.execute("pragma foreign_key_check").fetchall() == []
    with closing(open_store(str(path))) as store:
        assert store.build_state().revision > KILLS


def test_the_place_of_a_killed_publisher_is_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "record"
    kill(start(path))

    with closing(open_store(str(path))) as store, store.publishing(wait=0):
        pass


def test_a_kill_while_the_record_is_made_leaves_one_that_can_be_made(tmp_path: Path) -> None:
    program = "import sys; from cnddigest.store.sqlite import open_store; print(flush=True); open_store(sys.argv[1])"
    chance = random.Random(20221122)

    for number in range(KILLS):
        path = tmp_path / f"record-{number}"
        maker = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        assert maker.stdout is not None
        maker.stdout.readline()
        time.sleep(chance.uniform(0, 0.006))
        maker.kill()
        maker.communicate()

        with closing(open_store(str(path))) as store:
            assert store.build_state().revision == 0
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
