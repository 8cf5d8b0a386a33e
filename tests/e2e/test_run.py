"""`cnddigest run` as a user starts it: real processes, a relay, a clock that is moved, signals."""

import contextlib
import datetime as dt
import email
import json
import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from commands import PROGRAM, OnDisk
from conftest import missing
from readers import Newsboat, served

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
PEOPLE = 30
MAIL = """
[mail]
transport = "smtp"
from = "Recaps <recaps@example.org>"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = 3
"""
NOON = dt.datetime(2026, 11, 25, 3, 0, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


class Watching:
    """`run --json` under way, and what it told so far."""

    def __init__(self, publication: OnDisk, environment: dict[str, str]) -> None:
        self.events: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [*PROGRAM, "run", "--json"],
            cwd=publication.folder,
            env=os.environ | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout
        self.events.extend(json.loads(line) for line in self.process.stdout)

    def told(self, name: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == name]

    def end(self, number: signal.Signals) -> tuple[int, str, float]:
        """Send it a signal; return its exit code, what it complained of, and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        self._thread.join()
        code = self.process.wait(30)
        assert self.process.stderr
        return code, self.process.stderr.read().decode(), time.monotonic() - began


@contextmanager
def running(publication: OnDisk, environment: dict[str, str] | None = None) -> Iterator[Watching]:
    watching = Watching(publication, environment or {})
    try:
        yield watching
    finally:
        if watching.process.poll() is None:
            watching.end(signal.SIGKILL)
        for stream in (watching.process.stdout, watching.process.stderr):
            assert stream
            stream.close()


class Sink:
    """The relay's log."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log

    def taken(self) -> Counter[str]:
        """Count by Message-ID."""
        return Counter(line.split(" ")[0] for line in self.log.read_text("ascii").splitlines())


@contextmanager
def a_sink(folder: Path, *, wait: float = 0.0) -> Iterator[Sink]:
    log = folder / "taken"
    log.touch()
    command = [sys.executable, str(HERE.parent / "crash" / "sink.py"), str(log), "0", str(wait)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        try:
            yield Sink(int(process.stdout.readline()), log)
        finally:
            process.stdin.close()
            process.wait(10)


@pytest.fixture
def publication(tmp_path: Path) -> OnDisk:
    """One that somebody listens to."""
    made = OnDisk.new(tmp_path / "publication")
    people = "\n".join(f"reader{n}@example.net,2026-11-01T00:00:00Z,form" for n in range(PEOPLE))
    (made.folder / "people.csv").write_text(f"address,consent_at,consent_source\n{people}\n", "ascii")
    assert made.run("subscribers", "import", "people.csv", "--now", NOON.isoformat()).code == 0
    return made


def mailed(publication: OnDisk, port: int) -> None:
    text = publication.configuration.read_text("utf-8")
    publication.configuration.write_text(text + MAIL.format(port=port), "utf-8")


class Clock:
    """The machine's clock as a process sees it, set through a file."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
        if not found:
            missing("libfaketime (Debian: faketime)")
        self._file = folder / "clock"
        self.environment = {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "TZ": "UTC",
        }

    def put(self, at: dt.datetime) -> None:
        """Set it: from then on it goes as it should."""
        ahead = round(at.timestamp() - time.time())  # noqa: TID251 - the real one
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead:+d}", "ascii")
        new.replace(self._file)


def until(holds: Callable[[], object], *, seconds: float = 30) -> None:
    for _ in range(round(seconds / 0.05)):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never happens")


def test_both_days_come_out_by_feed_and_mail_while_the_clock_is_moved(publication: OnDisk, tmp_path: Path) -> None:
    publication.configure('every = "day"', 'every = "1m"')
    clock = Clock(tmp_path)
    clock.put(NOON)
    with a_sink(tmp_path) as sink:
        mailed(publication, sink.port)
        with running(publication, clock.environment) as watching:
            until(lambda: sum(sink.taken().values()) == PEOPLE)
            clock.put(NOON - DAY)
            until(lambda: watching.told("clock.moved"))
            clock.put(NOON + MINUTE)
            until(lambda: sum(sink.taken().values()) == 2 * PEOPLE)
            until(lambda: len(watching.told("clock.moved")) == 2)
            clock.put(NOON - DAY)
            until(lambda: len(watching.told("clock.moved")) == 3)
            clock.put(NOON + 30 * DAY)
            until(lambda: len(watching.told("clock.moved")) == 4)
            code, complaint, _ = watching.end(signal.SIGTERM)
        taken = sink.taken()

    moments = [event["release_at"] for event in watching.told("part.released")]
    assert (code, complaint) == (0, "")
    assert len(moments) == 2
    assert dt.datetime.fromisoformat(moments[1]) - dt.datetime.fromisoformat(moments[0]) == MINUTE
    assert set(taken.values()) == {1}
    assert len(taken) == 2 * PEOPLE
    assert publication.feeds()["minato/atom.xml"].count(b"<entry>") == 2


class Inbox:
    """Takes everything, and keeps to whom it went and its Message-ID."""

    def __init__(self) -> None:
        self.taken: Counter[tuple[str, str]] = Counter()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name for it
        message = email.message_from_bytes(envelope.content)
        self.taken.update((address, message["Message-ID"]) for address in envelope.rcpt_tos)
        return "250 2.0.0 taken"


@contextmanager
def an_inbox() -> Iterator[tuple[Inbox, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield inbox, port
    finally:
        controller.stop()


def test_newsboat_and_an_inbox_get_each_part_once_at_its_minute(
    publication: OnDisk, tmp_path: Path, program: Callable[[str], str]
) -> None:
    publication.configure('every = "day"', 'every = "1m"')
    clock = Clock(tmp_path)
    clock.put(NOON)
    feed = publication.output / "minato" / "atom.xml"
    with an_inbox() as (inbox, port), served(publication.output) as address:
        mailed(publication, port)
        newsboat = Newsboat(program, tmp_path, f"{address}minato/atom.xml")
        with running(publication, clock.environment) as watching:
            until(lambda: sum(inbox.taken.values()) == PEOPLE)
            until(lambda: watching.told("files.written"))
            first = [newsboat.unread(), newsboat.unread()]
            clock.put(NOON + MINUTE)
            until(lambda: sum(inbox.taken.values()) == 2 * PEOPLE)
            until(lambda: feed.read_bytes().count(b"<entry>") == 2)
            second = [newsboat.unread(), newsboat.unread()]
            code, complaint, _ = watching.end(signal.SIGTERM)

    assert (code, complaint) == (0, "")
    assert (first, second) == ([1, 1], [2, 2])
    assert [row[0].rpartition("/")[2] for row in newsboat.rows()] == ["part-1", "part-2"]
    assert set(inbox.taken.values()) == {1}
    assert len(inbox.taken) == 2 * PEOPLE
    assert len({message for _, message in inbox.taken}) == 2 * PEOPLE


def test_a_part_comes_at_its_minute_by_the_real_clock(publication: OnDisk) -> None:
    publication.configure('every = "day"', 'every = "1m"')
    with running(publication) as watching:
        until(lambda: len(watching.told("part.released")) == 2, seconds=75)

    first, second = watching.told("part.released")
    assert 60 <= (moment(second["at"]) - moment(first["release_at"])).total_seconds() <= 62
    assert moment(second["release_at"]) - moment(first["release_at"]) == MINUTE


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_one_that_is_started_after_a_kill_acts_at_once(publication: OnDisk) -> None:
    with running(publication) as first:
        until(lambda: first.told("part.released"))
        first.end(signal.SIGKILL)
        with running(publication) as second:
            until(lambda: second.told("scheduler.started"))
            code, complaint, _ = second.end(signal.SIGTERM)

    assert (code, complaint) == (0, "")
    assert not second.told("scheduler.stood_by")
    assert not second.told("part.released")


def test_a_killed_scheduler_is_followed_within_a_minute(publication: OnDisk) -> None:
    with running(publication) as first:
        until(lambda: first.told("part.released"))
        with running(publication) as second:
            until(lambda: second.told("scheduler.stood_by"))
            first.end(signal.SIGKILL)
            began = time.monotonic()
            until(lambda: second.told("scheduler.took_over"), seconds=70)
            took = time.monotonic() - began
            code, complaint, _ = second.end(signal.SIGINT)

    assert took < 60
    assert (code, complaint) == (0, "")
    assert not second.told("part.released")
    assert len(second.told("scheduler.stood_by")) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_in_a_delivery_it_finishes_what_is_in_flight(
    publication: OnDisk, tmp_path: Path, number: signal.Signals
) -> None:
    with a_sink(tmp_path, wait=0.5) as sink:
        mailed(publication, sink.port)
        with running(publication) as watching:
            until(lambda: len(sink.taken()) > 3)
            code, complaint, took = watching.end(number)
        taken = sink.taken()

        account = json.loads(publication.run("deliveries", "--json").out)["deliveries"]
        rest = publication.run("run", "--once", "--json")

        assert (code, complaint) == (0, "")
        assert took < 10
        assert Counter(line["status"] for line in account) == {"sent": len(taken), "queued": PEOPLE - len(taken)}
        assert rest.code == 0
        assert Counter(sink.taken().values()) == {1: PEOPLE}


def test_killed_in_a_delivery_the_next_run_mends_it(publication: OnDisk, tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    clock.put(NOON)
    with a_sink(tmp_path, wait=0.3) as sink:
        mailed(publication, sink.port)
        with running(publication, clock.environment) as watching:
            until(lambda: len(sink.taken()) > 3)
            watching.end(signal.SIGKILL)
        clock.put(NOON + 11 * MINUTE)
        with running(publication, clock.environment) as watching:
            until(lambda: len(sink.taken()) == PEOPLE)
            watching.end(signal.SIGTERM)

    doubted = watching.told("delivery.doubted")
    assert not watching.told("part.released")
    assert sum(sink.taken().values()) <= PEOPLE + 3
    assert len(doubted) <= 3
    assert all("reader" not in each["address"] for each in doubted)


def test_once_does_all_that_is_due_and_says_what_comes_next(publication: OnDisk) -> None:
    first = publication.run("run", "--once", "--json", "--now", NOON.isoformat())
    again = publication.run("run", "--once", "--json", "--now", (NOON + MINUTE).isoformat())
    last = publication.run("run", "--once", "--json", "--now", (NOON + 3 * DAY).isoformat())

    reports = [json.loads(each.out) for each in (first, again, last)]
    assert [each.code for each in (first, again, last)] == [0, 0, 0]
    assert [[line["part"] for line in each["publish"]["released"]] for each in reports] == [[1], [], [2]]
    assert [each["delivery"]["sent"] for each in reports] == [PEOPLE, 0, PEOPLE]
    assert [each["next_at"] for each in reports] == ["2026-11-26T08:00:00Z", "2026-11-26T08:00:00Z", None]
    assert list(reports[0]) == ["schema", "now", "publish", "replays", "delivery", "swept", "next_at"]
    assert reports[0]["schema"] == "cnddigest/run/1"
    assert reports[0]["replays"] == {"advanced": 0}
    assert reports[0]["swept"] == {"leases": 0, "unconfirmed": 0}


def test_once_advances_replays_and_ends_what_nobody_confirmed(publication: OnDisk) -> None:
    at = NOON.isoformat()
    publication.run("run", "--once", "--now", at)
    publication.run("subscribers", "add", "haru@example.net", "--now", at)
    replay = ("--replay", "--confirmed", "--consent-source", "form", "--every", "day", "--at", "08:00")
    assert publication.run("subscribers", "add", "natsu@example.net", *replay, "--now", at).code == 0

    due = json.loads(publication.run("run", "--once", "--json", "--now", at).out)
    later = json.loads(publication.run("run", "--once", "--json", "--now", (NOON + 31 * DAY).isoformat()).out)

    assert due["replays"] == {"advanced": 1}
    assert due["delivery"]["sent"] == 2  # the question, and the first Part
    assert due["next_at"] == "2026-11-26T08:00:00Z"
    assert later["swept"]["unconfirmed"] == 1
    assert later["next_at"] is None


def test_a_recap_that_cant_be_read_keeps_no_mail_waiting(publication: OnDisk) -> None:
    publication.publish(NOON.isoformat(), "--no-deliver")
    publication.recap.write_text("", "utf-8")

    ended = publication.run("run", "--once", "--now", NOON.isoformat())

    assert ended.code == 2
    assert ended.err.startswith("error: ")
    assert len(list((publication.folder / "outbox").glob("*.eml"))) == PEOPLE


def test_a_clock_that_stands_still_needs_once(publication: OnDisk) -> None:
    ended = publication.run("run", "--now", NOON.isoformat())

    assert (ended.code, ended.err.splitlines()[1]) == (2, "hint: add --once")


def test_events_are_lines_on_stderr_for_people(publication: OnDisk) -> None:
    with subprocess.Popen([*PROGRAM, "run"], cwd=publication.folder, stderr=subprocess.PIPE) as process:
        assert process.stderr
        lines = iter(process.stderr)
        found = next(line for line in lines if b"part.released" in line).decode()
        process.terminate()
        rest = b"".join(lines).decode()

    assert " part.released serial=minato part=1 release_at=" in found
    assert f" deliveries={PEOPLE}" in found
    assert rest.splitlines()[-1].endswith(" scheduler.stopped")
    assert process.returncode == 0


def test_it_ends_when_the_program_that_reads_its_events_does(publication: OnDisk) -> None:
    with subprocess.Popen([*PROGRAM, "run", "--json"], cwd=publication.folder, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()

        code = process.wait(30)

    assert code == 141


def test_a_quiet_one_says_only_what_failed(publication: OnDisk) -> None:
    publication.publish(NOON.isoformat(), "--no-deliver")
    text = publication.configuration.read_text("utf-8")
    publication.configuration.write_text(text + MAIL.format(port=1), "utf-8")
    with subprocess.Popen([*PROGRAM, "run", "-q"], cwd=publication.folder, stderr=subprocess.PIPE) as process:
        assert process.stderr
        first = process.stderr.readline().decode()
        process.terminate()
        rest = process.stderr.read()

    assert " knock.failed work=deliver problem=" in first
    assert (process.returncode, rest) == (0, b"")


def test_on_a_terminal_a_line_says_what_comes_next(publication: OnDisk) -> None:
    mine, its = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"}
    seen = b""
    with subprocess.Popen([*PROGRAM, "run"], cwd=publication.folder, stderr=its, env=environment) as process:
        os.close(its)
        for _ in range(200):
            if b"watching; next at" in seen:
                break
            seen += os.read(mine, 1000)
        process.terminate()
        with contextlib.suppress(OSError):  # how Linux says that the other end was closed
            while more := os.read(mine, 1000):
                seen += more
    os.close(mine)

    assert b"watching; next at" in seen
    assert b"part.released serial=minato part=1" in seen
    assert not re.search(rb"\x1b\[[0-9;]*3[0-9]m", seen), "a colour"
    assert process.returncode == 0
