"""The largest recaps we take are published in a bounded amount of memory, whatever shape they have."""

import subprocess
import sys
from pathlib import Path

import pytest

from commands import SECOND, OnDisk

pytestmark = pytest.mark.slow

SIZE = 10_000_000  # bytes of a recap
MOST = 300 * 1024  # KiB that a process may ever have held
# The kernel's figure for a child begins with what its parent held when it forked, and a test run holds a lot.
MEASURED = """
import re, resource, sys
from cnddigest.cli.main import run
code = run(sys.argv[1:])
own = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
print(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
SENTENCES = {
    "en": "Crane {} waited for tide {} while pilot {} read chart {} aloud to the harbour office. ",
    "ja": "クレーン{}番は潮{}を待ち、水先人{}は海図{}を港の事務所で読み上げた。",
}


def a_long_recap(language: str, *, sessions: int) -> str:
    numbers = iter(range(SIZE))
    lines = ["# The harbour", "", "## Day 1", ""]
    for session in range(sessions):
        lines += [f"### Berth {session} and its keeper", ""]
        size = 0
        while size < SIZE // sessions - 100:
            text = "".join(SENTENCES[language].format(*(next(numbers) for _ in range(4))) for _ in range(5)).strip()
            size += len(text.encode()) + 2
            lines += [text, ""]
    return "\n".join(lines)


@pytest.mark.parametrize(("language", "sessions"), [("en", 1), ("en", 14), ("ja", 14), ("en", 3000)])
def test_ten_megabytes_are_published_in_three_hundred(tmp_path: Path, language: str, sessions: int) -> None:
    desk = OnDisk.new(tmp_path / "desk", a_long_recap(language, sessions=sessions))

    command = [sys.executable, "-c", MEASURED, "publish", "--all", "--quiet", "--now", SECOND]
    done = subprocess.run(command, cwd=desk.folder, capture_output=True, check=False, timeout=280)

    assert done.returncode == 0
    assert int(done.stdout) < MOST
