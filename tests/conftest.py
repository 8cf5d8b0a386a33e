"""What every ring shares: where the shared test data lies, and what a missing component means."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
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
