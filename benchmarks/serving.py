"""`python -m benchmarks serve`: a feed of 50 KB by `cnddigest serve` and by nginx, asked by wrk in turns.

Both send the same bytes with tags of their own. The server has core 0, wrk core 1. wrk says the same head each time, as
a reader who polls does, and we know such a head again; so it also says heads that never came before. Then people
subscribe.
"""

import http.client
import json
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import subscribing
from benchmarks.machine import QUIET, busy, cpu_of, described, pinned
from benchmarks.sending_publication import SERIAL, Publication
from cnddigest import clock

ROUNDS = 5
SERVER, CLIENT = 0, 1  # cores
SIZE = 50_000  # bytes of the feed
SECONDS = 4  # of one measurement
CONNECTIONS = 32
GOALS = {"200": 0.40, "304": 0.45, "304, new heads": 0.45}
FLOOR = 0.25
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAILED = re.compile(r"Non-2xx or 3xx responses|Socket errors")
NEW_HEADS = """\
local before, number = "GET {path} HTTP/1.1\\r\\nHost: {host}\\r\\nIf-None-Match: {etag}\\r\\nX-Request-Id: ", 0
request = function()
    number = number + 1
    return before .. number .. "\\r\\n\\r\\n"
end
"""
NGINX = """\
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    sendfile on; tcp_nopush on; etag on; access_log off; keepalive_requests 1000000; open_file_cache max=100;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
    uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {root}; types {{ application/rss+xml xml; }} }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One measurement: requests a second, microseconds of the server's CPU for each, MB, cores used by others."""

    side: str
    answer: str
    rate: float
    cpu: float
    mb: float
    others: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A server that runs, the tag by which it knows the feed, and how wrk says heads that are new."""

    name: str
    pid: int
    url: str
    etag: str
    script: Path


def run(rounds: int, *, quick: bool) -> int:
    """Print a table and a JSON line; exit 1 where the floor was missed in quiet rounds."""
    with (
        tempfile.TemporaryDirectory(prefix="cnddigest-bench-") as work,
        _own(Path(work)) as own,
        _nginx(Path(work), Path(work, "publication/feeds")) as nginx,
    ):
        measured = [
            [_ask(side, answer, 1 if quick else SECONDS) for side in (own, nginx, own)]
            for _ in range(rounds + 1)
            for answer in GOALS
        ][len(GOALS) :]
    joined = subscribing.measured(quick=quick)
    print(f"{clock.now().date().isoformat()}, {described()}\n")
    print("| answer | ours/s | nginx/s | µs CPU, ours | nginx | MB, ours | nginx | ratio | quiet | verdict |")
    print("|---|---:|---:|---:|---:|---:|---:|---|---|---|")
    verdicts = [_line(answer, [each for each in measured if each[0].answer == answer]) for answer in GOALS]
    print(subscribing.table(joined))
    print(
        json.dumps(
            {
                "case": "serve",
                "rounds": [[asdict(one) for one in each] for each in measured],
                "subscribe": [asdict(one) for one in joined],
            }
        )
    )
    return int("below" in verdicts)


def _line(answer: str, rounds: list[list[Asked]]) -> str:
    """Print a line and return its verdict. In each round ours is the mean of before and after nginx."""
    calm = [each for each in rounds if max(one.others for one in each) < QUIET]
    counted = calm if len(calm) >= 3 else rounds
    ratios = [(first.rate + last.rate) / 2 / nginx.rate for first, nginx, last in counted]
    ratio = statistics.median(ratios)
    verdict = "goal" if ratio >= GOALS[answer] else "floor" if ratio >= FLOOR else "below"
    verdict = verdict if len(calm) >= 3 else "not judged"
    ours, theirs = [one for each in counted for one in each[::2]], [each[1] for each in counted]
    pairs = ((_middle(ours, name), _middle(theirs, name)) for name in ("rate", "cpu", "mb"))
    figures = " | ".join(f"{own:,.0f} | {other:,.0f}" for own, other in pairs)
    spread = f"{ratio:.2f}× [{min(ratios):.2f} … {max(ratios):.2f}]"
    print(f"| {answer} | {figures} | {spread} | {len(calm)}/{len(rounds)} | {verdict} |")
    return verdict


def _middle(every: list[Asked], name: str) -> float:
    return float(statistics.median(getattr(one, name) for one in every))


def _ask(side: Side, answer: str, seconds: int) -> Asked:
    header = ["-H", f"If-None-Match: {side.etag}"] if answer == "304" else []
    script = ["-s", str(side.script)] if answer == "304, new heads" else []
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *header, *script, side.url]
    print(f"{side.name}: {answer}", file=sys.stderr)
    used, served, own, began = busy(), cpu_of(side.pid), _children(), time.perf_counter()
    with subprocess.Popen(pinned(CLIENT, command), stdout=subprocess.PIPE, text=True) as wrk:
        said = wrk.stdout.read() if wrk.stdout else ""
    wall, served = time.perf_counter() - began, cpu_of(side.pid) - served
    own = _children() - own
    found = RATE.search(said)
    if not found or FAILED.search(said):
        raise RuntimeError(f"wrk was not answered well: {said}")
    rate = float(found[1])
    return Asked(
        side=side.name,
        answer=answer,
        rate=rate,
        cpu=served / (rate * seconds) * 1e6,
        mb=_resident(side.pid),
        others=max(0.0, (busy() - used - served - own) / wall),
    )


@contextmanager
def _own(work: Path) -> Iterator[Side]:
    """Publish, cut the feed to its size, and serve it."""
    made = Publication(folder=work / "publication")
    made.write(port=25)
    command = [sys.executable, "-m", "cnddigest"]
    subprocess.run([*command, "publish", "--all", "--no-deliver", "-q"], cwd=made.folder, check=True, timeout=600)
    feed = made.folder / "feeds" / SERIAL / "rss.xml"
    feed.write_bytes((feed.read_bytes() * 5)[:SIZE])
    serve = [*command, "serve", "--no-scheduler", "--bind", "127.0.0.1:0", "--json"]
    with subprocess.Popen(pinned(SERVER, serve), cwd=made.folder, stdout=subprocess.PIPE) as process:
        try:
            said = process.stdout.readline() if process.stdout else b""
            yield _side("cnddigest", process.pid, json.loads(said)["address"], work)
        finally:
            process.terminate()


@contextmanager
def _nginx(work: Path, root: Path) -> Iterator[Side]:
    with socket.create_server(("127.0.0.1", 0)) as free:  # nginx can't say which one it took
        port = free.getsockname()[1]
    folder = work / "nginx"
    folder.mkdir()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, root=root))
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen(pinned(SERVER, command)) as process:
        try:
            time.sleep(1)
            yield _side("nginx", process.pid, f"http://127.0.0.1:{port}/", work)
        finally:
            process.terminate()


def _side(name: str, pid: int, address: str, work: Path) -> Side:
    """Ask once, and again with the tag: a fast answer that is wrong counts for nothing."""
    path = f"/{SERIAL}/rss.xml"
    host = urlsplit(address).netloc
    server = http.client.HTTPConnection(host, timeout=60)
    server.request("GET", path)
    answer = server.getresponse()
    body, etag = answer.read(), answer.headers["ETag"] or ""
    server.request("GET", path, headers={"If-None-Match": etag})
    again = server.getresponse()
    if (answer.status, len(body), again.status, again.read()) != (200, SIZE, 304, b""):
        raise RuntimeError(f"{name} answers {answer.status} with {len(body)} bytes, then {again.status}")
    script = work / f"{name}.lua"
    script.write_text(NEW_HEADS.format(path=path, host=host, etag=etag.replace('"', '\\"')))
    return Side(name=name, pid=pid, url=address.rstrip("/") + path, etag=etag, script=script)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/status").read_text().partition("VmRSS:")[2].split()[0]) / 1024
