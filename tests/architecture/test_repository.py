"""What a stranger's clone must not hold: addresses of package indexes, paths of one machine."""

import re
import subprocess

import pytest

from conftest import ROOT, missing

INDEX = re.compile(r"(index|extra-index|find-links|registry)[-_]?url *[= ]|--index-url|--find-links")


@pytest.fixture(scope="module")
def tracked():
    if not (ROOT / ".git").exists():
        missing("a git checkout")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def test_lock_files_hold_hashes_and_no_addresses(tracked):
    locks = [path for path in tracked if path.parent.name == "lock"]

    texts = [path.read_text("utf-8") for path in locks]

    assert len(locks) == 4
    assert all("--hash=sha256:" in text and "://" not in text for text in texts)


def test_no_tracked_script_names_a_package_index(tracked):
    checked = [path for path in tracked if path.name == "Makefile" or path.parent.name in {"scripts", ".ci"}]

    found = [path.name for path in checked if INDEX.search(path.read_text("utf-8"))]

    assert checked
    assert found in ([], ["lock"])  # scripts/lock switches them off by name


def test_no_lock_file_of_another_tool_is_tracked(tracked):
    assert not {path.name for path in tracked} & {"uv.lock", "package-lock.json", "pylock.toml"}
