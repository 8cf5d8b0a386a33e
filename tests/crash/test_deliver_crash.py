"""Killed anywhere, nobody is lost, and whoever got a message twice was named: at most one for each connection."""

import datetime as dt
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from commands import PROGRAM, OnDisk

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PEOPLE = 60
CONNECTIONS = 3
KILLS = int(os.environ.get("CNDDIGEST_KILLS", "15"))  # at random moments; `make crash` takes a thousand
NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
ROUND = dt.timedelta(minutes=11)  # longer than a lease, and than the first wait of what is deferred
POINTS = ("claimed", "before-step", "after-step", "before-write", "half-written", "written", "heard")
MAIL = """
[mail]
transport = "smtp"
from = "Recaps <recaps@example.org>"
in_doubt = "{in_doubt}"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Far:
    """The sink: where it listens, and what it took."""

    port: int
    log: Path

    def taken(self) -> Counter[str]:
        """Count how often each person's message was taken."""
        return Counter(line.split(" ")[1] for line in self.log.read_text("ascii").splitlines())

    def names(self) -> set[tuple[str, ...]]:
        return {tuple(line.split(" ")) for line in self.log.read_text("ascii").splitlines()}


@contextmanager
def a_sink(folder: Path, *, every: int = 0, wait: float = 0.002) -> Iterator[Far]:
    log = folder / "taken"
    log.touch()
    command = [sys.executable, str(HERE / "sink.py"), str(log), str(every), str(wait)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        try:
            yield Far(port=int(process.stdout.readline()), log=log)
        finally:
            process.stdin.close()
            process.wait(10)


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    """A publication whose first Part is out and queued for everybody."""
    publication = OnDisk.new(tmp_path_factory.mktemp("released") / "publication")
    people = "\n".join(f"reader{n}@example.net,2026-11-01T00:00:00Z,form" for n in range(PEOPLE))
    (publication.folder / "people.csv").write_text(f"address,consent_at,consent_source\n{people}\n", "ascii")
    imported = publication.run("subscribers", "import", "people.csv", "--now", NOON.isoformat())
    assert imported.code == 0, imported.err
    published = publication.publish(NOON.isoformat(), "--no-deliver")
    assert published.code == 0, published.err
    return publication


@dataclass(slots=True, kw_only=True)
class Run:
    """A copy of that publication at the sink, and everybody who was named as in doubt so far."""

    publication: OnDisk
    far: Far
    now: dt.datetime = NOON
    named: Counter[str]
    environment: dict[str, str] = field(default_factory=dict)

    def deliver(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*command, "deliver", "--json", "--now", self.now.isoformat()],
            cwd=self.publication.folder,
            env=os.environ | self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def hear(self, process: "subprocess.Popen[bytes]") -> dict[str, int]:
        """Wait for its end; keep whom it named."""
        out, err = process.communicate(timeout=60)
        self.named.update(re.findall(r"may have arrived: (\S+)", err.decode()))
        found: dict[str, int] = json.loads(out) if out else {}
        return found

    def go_on(self) -> dict[str, int]:
        """Deliver until nothing waits."""
        for _ in range(12):
            self.now += ROUND
            report = self.hear(self.deliver(*PROGRAM))
            if not report["queued"]:
                return report
        raise AssertionError("it never ends")

    def doubts(self) -> Counter[str]:
        """Count by person how many tries nobody knows the fate of, as the record has it."""
        place = self.environment.get("CNDDIGEST_RECORD", str(self.publication.record))
        with closing(sqlite3.connect(place)) as record:
            return Counter(dict(record.execute("select address, doubts from delivery where doubts > 0")))

    def doubted(self) -> set[str]:
        found = self.publication.run("deliveries", "--doubted", "--json", "--now", self.now.isoformat())
        return {line["address"] for line in json.loads(found.out)["deliveries"]}

    def account(self) -> Counter[str]:
        found = self.publication.run("deliveries", "--json", "--now", self.now.isoformat())
        return Counter(line["status"] for line in json.loads(found.out)["deliveries"])


@contextmanager
def a_run(
    released: OnDisk, folder: Path, *, in_doubt: str = "resend", every: int = 7, wait: float = 0.002
) -> Iterator[Run]:
    with a_sink(folder, every=every, wait=wait) as far:
        publication = released.copy(folder / "publication")
        settings = MAIL.format(port=far.port, in_doubt=in_doubt, connections=CONNECTIONS)
        publication.configuration.write_text(publication.configuration.read_text("utf-8") + settings, "utf-8")
        yield Run(publication=publication, far=far, named=Counter())
    shutil.rmtree(folder / "publication")


def killed(run: Run, point: str, number: int) -> bool:
    """Deliver in a process that dies there; say whether it got that far."""
    process = run.deliver(sys.executable, str(HERE / "dying_mail.py"), point, str(number))
    run.hear(process)
    return process.returncode == -signal.SIGKILL


def assert_nobody_was_lost(run: Run, kills: int, *, connections: int = CONNECTIONS) -> None:
    taken = run.far.taken()
    twice = {address for address, count in taken.items() if count > 1}
    doubts = run.doubts()
    assert len(taken) == PEOPLE
    assert twice <= set(doubts), "got it twice and is not listed"
    # Whoever settles what a crash left may be killed before it can say so: the record has it all the same.
    assert run.named <= doubts
    assert sum(doubts.values()) <= kills * connections
    assert len(run.far.names()) == PEOPLE, "a repeat has another Message-ID"


@pytest.mark.parametrize("number", [1, 2, 7, 30])
@pytest.mark.parametrize("point", POINTS)
def test_killed_at_any_point_nobody_is_lost(released: OnDisk, tmp_path: Path, point: str, number: int) -> None:
    with a_run(released, tmp_path) as run:
        died = killed(run, point, number)

        run.go_on()

        assert died or (point == "claimed" and number > 2)
        assert_nobody_was_lost(run, kills=1)
        assert run.account() == {"sent": PEOPLE}


@pytest.mark.parametrize("point", ["written", "heard"])
def test_whoever_wants_to_decide_sends_nobody_anything_twice(released: OnDisk, tmp_path: Path, point: str) -> None:
    with a_run(released, tmp_path, in_doubt="hold") as run:
        died = killed(run, point, 25)

        run.go_on()

        account = run.account()
        assert died
        assert max(run.far.taken().values()) == 1
        assert account["sent"] + account["in_doubt"] == PEOPLE
        assert set(run.named) >= {f"reader{n}@example.net" for n in range(PEOPLE)} - set(run.far.taken())


@pytest.mark.timeout(300 + 5 * KILLS)
def test_killed_at_random_moments_nobody_is_lost(released: OnDisk, tmp_path: Path) -> None:
    chance = random.Random(20_221_121)
    left, number = KILLS, 0
    while left > 0:
        number += 1
        folder = tmp_path / str(number)
        folder.mkdir()
        with a_run(released, folder) as run:
            kills = 0
            for _ in range(4):
                pair = [run.deliver(*PROGRAM) for _ in range(2)]
                time.sleep(0.25 + chance.random() * 0.5)
                pair[0].send_signal(signal.SIGKILL)
                for process in pair:
                    run.hear(process)
                kills += pair[0].returncode == -signal.SIGKILL
                run.now += ROUND

            run.go_on()

            left -= max(kills, 1)
            assert_nobody_was_lost(run, kills)
            assert run.account() == {"sent": PEOPLE}
            assert run.doubted() == set(run.doubts())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_asked_to_stop_it_finishes_what_is_in_flight(
    released: OnDisk, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with a_run(released, tmp_path, every=0, wait=0.1) as run:
        process = run.deliver(*PROGRAM)
        until(lambda: len(run.far.taken()) > CONNECTIONS)

        process.send_signal(number)
        report = run.hear(process)
        account = run.account()

        assert process.returncode == code
        assert (report["sent"], report["queued"]) == (account["sent"], account["queued"])
        assert account == {"sent": len(run.far.taken()), "queued": PEOPLE - len(run.far.taken())}
        run.go_on()
        assert max(run.far.taken().values()) == 1
        assert not run.named


def test_a_record_that_is_full_stops_it_and_loses_nobody(
    released: OnDisk, tmp_path: Path, disk: Callable[[str], Path]
) -> None:
    place = disk("1m")
    with a_run(released, tmp_path, every=0) as run:
        record = place / "record"
        shutil.copy(run.publication.record, record)
        run.environment = {"CNDDIGEST_RECORD": str(record)}
        room = shutil.disk_usage(place).free - 80_000  # for the shared memory of the log, and some commits
        (place / "ballast").write_bytes(b"\0" * room)

        process = run.deliver(*PROGRAM)
        out, err = process.communicate(timeout=60)
        (place / "ballast").unlink()

        run.named.update(re.findall(r"may have arrived: (\S+)", err.decode()))
        assert process.returncode == 1
        assert err.decode().count("error: ") == 1
        assert b"no space left" in err
        assert out == b"" or json.loads(out)["queued"] > 0
        run.go_on()
        assert_nobody_was_lost(run, kills=1)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never happens")
