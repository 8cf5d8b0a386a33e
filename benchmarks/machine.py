"""One process, measured: wall clock, CPU of it and its children, peak memory, and how busy others were meanwhile."""

import os
import platform
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = 900  # seconds after which a side is given up
LOOK = 0.05  # seconds between two looks at the memory of a process and its children
QUIET = 0.30  # cores used by others up to which a round counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a process took: seconds, CPU seconds, peak MB, and the cores that others used meanwhile.

    `served` are the CPU seconds of a server that worked for it; its own and those do not count as others'.
    """

    wall: float
    cpu: float
    peak_mb: float
    others: float
    served: float = 0.0

    @property
    def quiet(self) -> bool:
        """Say whether nobody else disturbed it."""
        return self.others < QUIET


def busy() -> float:
    """Return the CPU seconds that the whole machine used since it started."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def run(
    command: Sequence[str],
    folder: Path,
    *,
    core: int | None = None,
    server: Callable[[], float] = lambda: 0.0,
    limit: float = LIMIT,
) -> Cost:
    """Run a command to its end; raises RuntimeError with the end of its output if it fails or takes too long.

    `core` is the one it may use, None lets it use all; `server` tells the CPU seconds that a server used so far;
    after `limit` seconds it is given up.
    """
    log = Path(tempfile.gettempdir(), f"cnddigest-bench-{os.getpid()}.log")
    command = command if core is None else pinned(core, command)
    used, served, start = busy(), server(), time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env=_environment(), start_new_session=True
        )
        status, usage, peak_mb = _wait(process, start, limit)
    wall = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{command[0]} ended with {status}: {log.read_text('utf-8', 'replace')[-800:]}")
    cpu = usage.ru_utime + usage.ru_stime
    served = server() - served
    others = max(0.0, (busy() - used - cpu - served) / wall)
    return Cost(wall=wall, cpu=cpu, peak_mb=peak_mb, others=others, served=served)


def pinned(core: int, command: Sequence[str]) -> list[str]:
    """Return a command that runs on one core alone, where the machine has several."""
    return ["taskset", "-c", str(core), *command] if (os.cpu_count() or 1) > core else list(command)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a running process used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fdatasync(folder: Path) -> float:
    """Return the seconds that making a short write durable takes in a folder: the median of some."""
    took = []
    with (folder / "fdatasync").open("wb", buffering=0) as out:
        for _ in range(50):
            out.write(bytes(4096))
            start = time.perf_counter()
            os.fdatasync(out.fileno())
            took.append(time.perf_counter() - start)
    return statistics.median(took)


def _environment() -> dict[str, str]:
    """Return ours without what would keep Python from using compiled modules, as no user has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _wait(process: subprocess.Popen[bytes], start: float, limit: float) -> tuple[int, resource.struct_rusage, float]:
    """Return its status, what it used, and the most MB that it and its children had at one look.

    What the kernel tells at the end (`ru_maxrss`) is no use: a new process begins with the peak of the one that
    started it.
    """
    peak_mb, looked_at = 0.0, start
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage, peak_mb or usage.ru_maxrss / 1024
        now = time.perf_counter()
        if now - start > limit:
            process.kill()
        if now - looked_at > LOOK:
            peak_mb, looked_at = max(peak_mb, _own_mb(process.pid), _tree_mb(process.pid)), now
        time.sleep(0.001)


def _own_mb(pid: int) -> float:
    """Return the most MB that a process had by itself since its program began."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has ended
        return 0.0
    _, found, rest = text.partition("\nVmHWM:")
    return int(rest.split()[0]) / 1024 if found else 0.0


def _tree_mb(pid: int) -> float:
    """Return the MB of a process and its children together, where there are any; what they share counts once."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        rolled_up = [Path(f"/proc/{one}/smaps_rollup").read_text() for one in [str(pid), *children] if children]
    except OSError:  # one of them has ended
        return 0.0
    return sum(int(text.partition("\nPss:")[2].split()[0]) for text in rolled_up) / 1024


def described() -> str:
    """Return the machine in a line."""
    release = ".".join(platform.release().split(".")[:2])
    return f"{os.cpu_count()} cores, Linux {release}, Python {platform.python_version()}"
