"""One process, measured: wall clock, CPU of it and its children, peak memory, and how busy others were meanwhile."""

import os
import platform
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LIMIT = 900  # seconds after which a side is given up
LOOK = 0.05  # seconds between two looks at the memory of a process and its children
QUIET = 0.30  # cores used by others up to which a round counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a process took: seconds, CPU seconds, peak MB, and the cores that others used meanwhile."""

    wall: float
    cpu: float
    peak_mb: float
    others: float

    @property
    def quiet(self) -> bool:
        """Say whether nobody else disturbed it."""
        return self.others < QUIET


def busy() -> float:
    """Return the CPU seconds that the whole machine used since it started."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK")


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end; raises RuntimeError with the end of its output if it fails or takes too long."""
    log = Path(tempfile.gettempdir(), f"cnddigest-bench-{os.getpid()}.log")
    used, start = busy(), time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=out, env=_environment(), start_new_session=True
        )
        status, usage, tree_mb = _wait(process, start)
    wall = time.perf_counter() - start
    if status:
        raise RuntimeError(f"{command[0]} ended with {status}: {log.read_text('utf-8', 'replace')[-800:]}")
    cpu = usage.ru_utime + usage.ru_stime
    peak_mb = max(usage.ru_maxrss / 1024, tree_mb)  # the kernel's figure is that of the largest process alone
    return Cost(wall=wall, cpu=cpu, peak_mb=peak_mb, others=max(0.0, (busy() - used - cpu) / wall))


def _environment() -> dict[str, str]:
    """Return ours without what would keep Python from using compiled modules, as no user has it."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _wait(process: subprocess.Popen[bytes], start: float) -> tuple[int, resource.struct_rusage, float]:
    """Return its status, what it used, and the most MB that it and its children had at one look."""
    tree_mb, looked_at = 0.0, start
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage, tree_mb
        now = time.perf_counter()
        if now - start > LIMIT:
            process.kill()
        if now - looked_at > LOOK:
            tree_mb, looked_at = max(tree_mb, _tree_mb(process.pid)), now
        time.sleep(0.001)


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
