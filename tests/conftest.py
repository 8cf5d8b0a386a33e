"""What every ring shares: where the shared test data lies, and what a missing component means."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings

from browser import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The checkout; named where the tests were copied away from it, to be run against a wheel.
ROOT = Path(os.environ.get("CNDDIGEST_ROOT") or Path(__file__).resolve().parent.parent)
SHARED = ROOT.parent / "shared"
REQUIRE_ALL = os.environ.get("CNDDIGEST_REQUIRE") == "all"

settings.register_profile("steady", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("steady")


def missing(what: str) -> NoReturn:
    """Skip with a reason, or fail where everything must be there."""
    if REQUIRE_ALL:
        pytest.fail(f"missing: {what} (CNDDIGEST_REQUIRE=all)")
    pytest.skip(f"missing: {what}")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared test data beside the project."""
    if not SHARED.is_dir():
        missing("../shared")
    return SHARED


@pytest.fixture(scope="session")
def program():
    """Find a program of the system by name."""

    def find(name: str) -> str:
        return shutil.which(name) or missing(f"program {name}")

    return find


@pytest.fixture(scope="module")
def browser(program: Callable[[str], str]) -> "Iterator[Browser]":
    """Open a real browser."""
    with chromium(program) as found:
        yield found


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mount a small disk of its own: `disk("64k")`; `disk("ro")` makes it read-only."""
    place = tmp_path / "disk"

    def mount(how: str) -> Path:
        first = not place.exists()
        place.mkdir(exist_ok=True)
        option = f"size={how}" if first else f"remount,{how}"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", option, "tmpfs", place], capture_output=True, check=False)
        if done.returncode:
            place.rmdir()
            pytest.skip(f"mounting a disk is not permitted here: {done.stderr.decode(errors='replace').strip()}")
        return place

    yield mount
    if place.exists():
        subprocess.run(["umount", "--lazy", place], check=True)
