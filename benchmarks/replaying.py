"""`python -m benchmarks replay`: ticks at 1,000 to 1,000,000 Replays, a year of 10,000 readers, and a feed on request.

Each size is a process of its own, so that its peak memory is its own. Nothing is mailed: a tick finds who is due,
works out what comes, and queues it.
"""

import datetime as dt
import http.client
import json
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.machine import described
from benchmarks.sending_publication import SERIAL, Publication, address
from cnddigest import clock
from cnddigest.audience.replay import Replay
from cnddigest.config import load
from cnddigest.serial import replay
from cnddigest.serial.replay import Course
from cnddigest.store import people
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.codec import microseconds
from cnddigest.store.sqlite import open_store
from cnddigest.usecases.replays import Public, advance

SIZES = (1_000, 100_000, 1_000_000)
DUE = 10_000  # Replays that a tick finds, of the larger sizes
READERS = 10_000
REQUESTS = 1_000
YEAR = dt.timedelta(days=365)
BEGIN = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
SECOND, HOUR, DAY = dt.timedelta(seconds=1), dt.timedelta(hours=1), dt.timedelta(days=1)
FLOOR = 1.0  # seconds of CPU for finding 10,000 of a million
PACES = ("day", "weekday", "mon,thu", "90m", "original", "sun")
ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One tick at one size: seconds of CPU, and the peak memory of the whole process."""

    size: int
    due: int
    finding: float
    advancing: float
    idle: float
    peak_mb: float


def run(*, quick: bool) -> int:
    """Print both tables and a JSON line; exit 1 where a Part was missed, early or doubled, or finding took too long."""
    sizes = SIZES[:-1] if quick else SIZES
    ticks = [_apart("tick", size) for size in sizes]
    year = _apart("year", READERS // 10 if quick else READERS)
    feeds = _apart("feeds", REQUESTS)
    print(f"{clock.now().date().isoformat()}, {described()}\n")
    print("| Replays | due | CPU s to find them | CPU s with what they bring | ms when none is due | peak MB |")
    print("|---:|---:|---:|---:|---:|---:|")
    for tick in ticks:
        print(
            f"| {tick['size']:,} | {tick['due']:,} | {tick['finding']:.2f} | {tick['advancing']:.2f} "
            f"| {tick['idle'] * 1000:.2f} | {tick['peak_mb']:.0f} |"
        )
    print(
        f"\na year of {year['readers']:,} readers: {year['queued']:,} Issues in {year['ticks']:,} ticks, "
        f"{year['missed']} missed, {year['early']} early, {year['doubled']} doubled; {year['cpu']:.0f} s of CPU"
    )
    print("\n| feed of 14 Entries, over one connection | µs | µs when the reader has it |\n|---|---:|---:|")
    for name in ("static", "replay"):
        print(f"| {name} | {feeds[name]:,.0f} | {feeds[name + ', 304']:,.0f} |")
    print(json.dumps({"case": "replay", "ticks": ticks, "year": year, "feeds": feeds}))
    wrong = year["missed"] or year["early"] or year["doubled"]
    return int(bool(wrong) or max(tick["finding"] for tick in ticks) > FLOOR)


def _apart(what: str, size: int) -> dict[str, float]:
    print(f"{what}: {size:,}", file=sys.stderr)
    command = [sys.executable, "-m", "benchmarks.replaying", what, str(size)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=3600)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _publication(folder: Path) -> Path:
    """Make a publication of 14 Parts that are all out, and return its record."""
    made = Publication(folder=folder)
    made.write(port=25)
    settings = folder / "cnddigest.toml"
    settings.write_text(settings.read_text("utf-8").replace("parts = 3", 'parts = "session"'), "utf-8")
    command = [sys.executable, "-m", "cnddigest", "publish", "--all", "--no-deliver", "-q"]
    subprocess.run([*command, "--now", "2026-11-01T00:00:00Z"], cwd=folder, check=True, timeout=600)
    return folder / "cnddigest.sqlite3"


def _fill(record: Path, runs: Iterator[tuple[Replay, Course, dt.datetime]]) -> None:
    """Put people into a record, each with a run of their own and when it is to be looked at."""
    with sqlite3.connect(record) as db:
        for number, (settings, course, next_at) in enumerate(runs, 1):
            db.execute(
                "insert into subscriber (id, address, key, created_at) values (?, ?, ?, 0)",
                (number, address(number), address(number)),
            )
            db.execute(
                "insert into subscription"
                " (id, subscriber, serial, run, status, position, replay, asked_at, course, next_at)"
                " values (?, ?, ?, ?, 'active', ?, ?, 0, ?, ?)",
                (
                    number,
                    number,
                    SERIAL,
                    f"r{number}",
                    course.position,
                    people.settings_text(settings),
                    people.course_text(course),
                    microseconds(next_at),
                ),
            )
    db.close()


def tick(size: int, folder: Path) -> Tick:
    """Measure a tick that finds at most 10,000 of so many."""
    every = max(size // DUE, 1)

    def runs() -> Iterator[tuple[Replay, Course, dt.datetime]]:
        for number in range(size):
            began = BEGIN - (number % 9 + 1) * DAY
            moments = tuple(began + n * DAY for n in range(number % 9 + 1))
            course = Course(began_at=began, moments=moments, step_at=moments[-1], in_step=1)
            yield Replay(), course, BEGIN + (DAY if number % every else -number * SECOND)

    record = _publication(folder)
    _fill(record, runs())
    audience, store = SqliteAudience(str(record)), open_store(str(record), create=False)
    public = Public(store, load(str(folder / "cnddigest.toml"), {}).publication)
    public.steps(SERIAL)
    began = time.process_time()
    due = len(audience.turns(now=BEGIN, count=DUE))
    found = time.process_time()
    advance(audience, public, now=BEGIN)
    advanced = time.process_time()
    advance(audience, public, now=BEGIN)
    idle = time.process_time() - advanced
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Tick(size=size, due=due, finding=found - began, advancing=advanced - found, idle=idle, peak_mb=peak)


def year(readers: int, folder: Path) -> dict[str, float]:
    """Let people join over a year, each at a pace of their own, with a scheduler that is away now and then."""
    chance = random.Random(20_221_121)  # noqa: S311 - the same people every time
    record = _publication(folder)

    def runs() -> Iterator[tuple[Replay, Course, dt.datetime]]:
        for _ in range(readers):
            began = BEGIN + chance.randrange(int(YEAR / SECOND) // 2) * SECOND
            at = f"{chance.randrange(24):02}:{chance.randrange(60):02}"
            settings = Replay(
                every=chance.choice(PACES), at=at, per=chance.randrange(1, 4), timezone=chance.choice(ZONES)
            )
            yield settings, Course(began_at=began), began

    _fill(record, runs())
    audience, store = SqliteAudience(str(record)), open_store(str(record), create=False)
    public = Public(store, load(str(folder / "cnddigest.toml"), {}).publication)
    began, ticks, now = time.process_time(), 0, BEGIN
    queued_at: dict[tuple[int, int], list[dt.datetime]] = {}
    while now < BEGIN + 2 * YEAR and (following := audience.next_turn()):
        away = chance.random() < 0.02  # a day without a scheduler, every now and then
        now = max(now, following) + (DAY if away else chance.randrange(90) * SECOND)
        advance(audience, public, now=now)
        ticks += 1
        _note(record, now, queued_at)
    cpu = time.process_time() - began
    queued = sum(map(len, queued_at.values()))
    return {"readers": readers, "ticks": ticks, "queued": queued, "cpu": cpu, **_judged(audience, public, queued_at)}


def _judged(
    audience: SqliteAudience, public: Public, queued_at: dict[tuple[int, int], list[dt.datetime]]
) -> dict[str, float]:
    """Count what went wrong, against each person's timeline worked out anew in one go."""
    counts = Counter({"missed": 0, "early": 0, "doubled": 0})
    for each in audience.listeners(SERIAL):
        subscription = each.subscription
        if subscription.replay is None or subscription.course is None:
            raise RuntimeError(f"it has no run of its own: {subscription.number}")
        rhythm = public.rhythm(SERIAL, subscription.replay)
        fresh = Course(began_at=subscription.course.began_at)
        for part, moment in enumerate(replay.ahead(fresh, rhythm, public.steps(SERIAL)), 1):
            times = queued_at.get((subscription.number, part), [])
            counts["missed"] += not times
            counts["doubled"] += len(times) > 1
            counts["early"] += any(at < moment for at in times)
    return dict(counts)


def _note(record: Path, now: dt.datetime, queued_at: dict[tuple[int, int], list[dt.datetime]]) -> None:
    """Take the Issues of a tick out of the record, as if they had been mailed long ago."""
    with sqlite3.connect(record) as db:
        for subscription, part in db.execute(
            "select d.subscription, i.part from delivery d join issue i on i.id = d.issue"
        ):
            queued_at.setdefault((subscription, part), []).append(now)
        db.execute("delete from delivery")
    db.close()


def feeds(requests: int, folder: Path) -> dict[str, float]:
    """Ask a server for the static feed and for one that is made on request; medians in microseconds, in turns."""
    _publication(folder)
    command = [sys.executable, "-m", "cnddigest"]
    minted = [*command, "plan", "--replay", "--every", "1m", "--json", "--now", "2026-11-01T00:00:00Z"]
    plan = json.loads(subprocess.run(minted, cwd=folder, check=True, stdout=subprocess.PIPE, timeout=60).stdout)
    paths = {"static": f"/{SERIAL}/rss.xml", "replay": urlsplit(plan["links"]["rss"]).path}
    serve = [*command, "serve", "--no-scheduler", "--bind", "127.0.0.1:0", "--json", "--now", "2026-12-01T00:00:00Z"]
    with subprocess.Popen(serve, cwd=folder, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout  # noqa: S101 - for the type checker
            place = urlsplit(json.loads(server.stdout.readline())["address"]).netloc
            return _asked(http.client.HTTPConnection(place, timeout=60), paths, requests)
        finally:
            server.terminate()
            server.wait(30)


def _asked(server: http.client.HTTPConnection, paths: dict[str, str], requests: int) -> dict[str, float]:
    took: dict[str, list[float]] = {}
    tags = {name: _ask(server, path, {})[1] for name, path in paths.items()}
    for _ in range(requests):
        for name, path in paths.items():
            for suffix, headers, wanted in (("", {}, 200), (", 304", {"If-None-Match": tags[name]}, 304)):
                began = time.perf_counter()
                status, _tag = _ask(server, path, headers)
                took.setdefault(name + suffix, []).append((time.perf_counter() - began) * 1e6)
                if status != wanted:
                    raise RuntimeError(f"answered {status} instead of {wanted}: {path}")
    return {name: statistics.median(every) for name, every in took.items()}


def _ask(server: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> tuple[int, str]:
    server.request("GET", path, headers=headers)
    answer = server.getresponse()
    answer.read()
    return answer.status, answer.headers["ETag"] or ""


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="cnddigest-bench-") as work:
        if sys.argv[1] == "tick":
            measured = tick(int(sys.argv[2]), Path(work, "publication"))
            print(json.dumps({name: getattr(measured, name) for name in Tick.__slots__}))
        else:
            case = {"year": year, "feeds": feeds}[sys.argv[1]]
            print(json.dumps(case(int(sys.argv[2]), Path(work, "publication"))))
