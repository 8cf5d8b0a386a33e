"""How long `POST /subscribe` takes: people of different networks subscribe, one after the other and many at once.

Each has a new address and, as seen by a proxy on this machine, a network of their own: nothing of the limits is
switched off. What was answered must stand in the record afterwards.
"""

import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.machine import busy, pinned
from benchmarks.sending_publication import SERIAL, Publication, address, program

CROWDS = (1, 16)  # people at the same time
EACH, QUICK = 3000, 300  # of one crowd
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """One crowd: how many at once, milliseconds by rank, people a second, MB of the server before and after."""

    crowd: int
    people: int
    p50: float
    p99: float
    worst: float
    rate: float
    before: float
    after: float
    busy: float


def measured(*, quick: bool) -> list[Joined]:
    """Let people subscribe to a server of its own."""
    people, numbers = QUICK if quick else EACH, count(1)
    with tempfile.TemporaryDirectory(prefix="cnddigest-bench-") as work:
        made = Publication(folder=Path(work, "publication"))
        made.write(port=25)
        subprocess.run([*program(), "publish", "-q", "--no-deliver"], cwd=made.folder, check=True, timeout=600)
        with _served(made) as (pid, place):
            _crowd(pid, place, numbers, crowd=1, people=50)  # what is loaded at the first request
            found = [_crowd(pid, place, numbers, crowd=crowd, people=people) for crowd in CROWDS]
        _check(made, next(numbers) - 1)
    return found


def table(joined: list[Joined]) -> str:
    """Return what came of it as a table."""
    rows = (
        f"| {one.crowd} | {one.people:,} | {one.p50:.1f} | {one.p99:.1f} | {one.worst:.1f} | {one.rate:,.0f} "
        f"| {one.before:.0f} → {one.after:.0f} | {one.busy:.2f} |"
        for one in joined
    )
    head = "| `POST /subscribe`, at once | people | p50 ms | p99 ms | worst | a second | MB | cores busy |"
    return "\n".join(["", head, "|---:|---:|---:|---:|---:|---:|---|---:|", *rows])


def _crowd(pid: int, place: str, numbers: Iterator[int], *, crowd: int, people: int) -> Joined:
    mine, lock = iter([next(numbers) for _ in range(people)]), threading.Lock()

    def one_after_the_other() -> list[float]:
        times: list[float] = []
        server = http.client.HTTPConnection(place, timeout=60)
        while True:
            with lock:
                number = next(mine, 0)
            if not number:
                server.close()
                return times
            times.append(_subscribe(server, number))

    before, used, began = _resident(pid), busy(), time.perf_counter()
    with ThreadPoolExecutor(crowd) as pool:
        waiting = [pool.submit(one_after_the_other) for _ in range(crowd)]
    wall = time.perf_counter() - began
    times = sorted(each for one in waiting for each in one.result())
    return Joined(
        crowd=crowd,
        people=people,
        p50=_rank(times, 0.5),
        p99=_rank(times, 0.99),
        worst=times[-1],
        rate=people / wall,
        before=before,
        after=_resident(pid),
        busy=(busy() - used) / wall,
    )


def _subscribe(server: http.client.HTTPConnection, number: int) -> float:
    """Subscribe one and return how many milliseconds the answer took."""
    form = urlencode({"address": address(number), "serial": SERIAL, "run": "next"})
    network = f"10.{number >> 8 & 255}.{number & 255}.1"
    began = time.perf_counter()
    server.request("POST", "/subscribe", form, {**FORM, "x-forwarded-for": network})
    answer = server.getresponse()
    answer.read()
    if answer.status not in (200, 303):
        raise RuntimeError(f"POST /subscribe was answered with {answer.status}")
    return (time.perf_counter() - began) * 1000


def _check(made: Publication, people: int) -> None:
    out = subprocess.run([*program(), "status", "--json"], cwd=made.folder, capture_output=True, check=True)
    (serial,) = json.loads(out.stdout)["serials"]
    if serial["subscriptions"]["pending"] != people:
        raise RuntimeError(f"{people} were answered, the record has {serial['subscriptions']}")


@contextmanager
def _served(made: Publication) -> Iterator[tuple[int, str]]:
    command = [sys.executable, "-m", "cnddigest", "serve", "--no-scheduler", "--bind", "127.0.0.1:0", "--json"]
    with subprocess.Popen(pinned(0, command), cwd=made.folder, stdout=subprocess.PIPE) as process:
        try:
            said = process.stdout.readline() if process.stdout else b""
            yield process.pid, urlsplit(json.loads(said)["address"]).netloc
        finally:
            process.terminate()


def _rank(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024
