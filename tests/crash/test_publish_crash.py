"""Killed anywhere, the next publish mends it: the same files, the same record, nothing twice."""

import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DYING = Path(__file__).with_name("dying.py")
FIRST, SECOND = "2026-11-25T12:00:00+09:00", "2026-11-27T09:00:00+09:00"
RECAP = """\
# 港の会議 2026 まとめ

2026年3月7日・8日に開かれた会議の記録です。

# 1日目

## 最初の発表

最初の発表の要約です。

## 二つ目の発表

二つ目の発表の要約です。

# 2日目

## 三つ目の発表

三つ目の発表の要約です。

# おわりに

またお会いしましょう。
"""
SETTINGS = """\
[publication]
title = "港の記録"
base_url = "https://recaps.example.org/"
language = "ja"
timezone = "Asia/Tokyo"

[serials.minato]
recap = "recap.md"
"""


def a_folder(root: Path) -> Path:
    root.mkdir()
    (root / "recap.md").write_text(RECAP, "utf-8")
    (root / "cnddigest.toml").write_text(SETTINGS, "utf-8")
    return root


def publish(folder: Path, now: str, *, dying_after: int | None = None) -> int:
    start = ["-m", "cnddigest"] if dying_after is None else [str(DYING), str(dying_after)]
    command = [sys.executable, *start, "publish", "--now", now]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True, timeout=120).returncode


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("feeds/**/*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory):
    """The same two publishes, undisturbed: the files after the first, and after both."""
    folder = a_folder(tmp_path_factory.mktemp("unharmed") / "publication")
    assert publish(folder, FIRST) == 0
    after_first = files(folder)
    assert publish(folder, SECOND) == 0
    return after_first, files(folder)


def points(most: int, count: int) -> list[int]:
    """The first few, where the record is made, and others spread at random over the rest."""
    return [0, 1, 3, *random.Random(most).sample(range(5, most), count)]


@pytest.mark.parametrize("point", points(400, 10))
def test_a_first_publish_killed_anywhere_is_mended_by_the_next(tmp_path, unharmed, point):
    folder = a_folder(tmp_path / "publication")
    code = publish(folder, FIRST, dying_after=point)
    assert code in (0, -signal.SIGKILL)

    assert publish(folder, FIRST) == 0

    assert files(folder) == unharmed[0]
    assert not list(folder.rglob(".cnddigest-staging*"))


@pytest.mark.parametrize("point", points(300, 10))
def test_a_second_release_killed_anywhere_is_mended_by_the_next(tmp_path, unharmed, point):
    folder = a_folder(tmp_path / "publication")
    publish(folder, FIRST)
    publish(folder, SECOND, dying_after=point)

    assert publish(folder, SECOND) == 0

    assert files(folder) == unharmed[1]


@pytest.fixture(scope="module")
def a_large_one(tmp_path_factory):
    """A publication that two processes build, undisturbed, and its files."""
    folder = a_large_folder(tmp_path_factory.mktemp("large") / "publication")
    assert publish(folder, FIRST) == 0
    return files(folder)


def a_large_folder(root: Path) -> Path:
    a_folder(root)
    talks = "".join(f"## 発表その{n}\n\n{n}番目の発表の要約です。\n\n" for n in range(1, 301))
    (root / "recap.md").write_text(f"# 大きな会議のまとめ\n\n{talks}", "utf-8")
    cadence = '\n[serials.minato.cadence]\nparts = "session"\nstart = "2025-01-01"\nevery = "1h"\n'
    (root / "cnddigest.toml").write_text(SETTINGS + cadence, "utf-8")
    return root


# Both processes count on from where they parted: the first to get there dies, the other one may or may not.
@pytest.mark.parametrize("point", [200, 500, 800, 1000, 1200, 1500])
def test_a_build_by_two_processes_killed_anywhere_is_mended_by_the_next(tmp_path, a_large_one, point):
    folder = a_large_folder(tmp_path / "publication")
    code = publish(folder, FIRST, dying_after=point)
    assert code in (0, -signal.SIGKILL)

    assert publish(folder, FIRST) == 0

    assert files(folder) == a_large_one
    assert not list(folder.rglob(".cnddigest-staging*"))


def test_two_publishers_at_once_publish_once(tmp_path, unharmed):
    folder = a_folder(tmp_path / "publication")
    command = [sys.executable, "-m", "cnddigest", "publish", "--now", FIRST]

    both = [subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) for _ in range(2)]
    codes = [process.wait(timeout=120) for process in both]

    assert codes == [0, 0]
    assert files(folder) == unharmed[0]


def test_files_that_somebody_removed_or_changed_come_back(tmp_path, unharmed):
    folder = a_folder(tmp_path / "publication")
    publish(folder, FIRST)
    (folder / "feeds/minato/rss.xml").write_bytes(b"<rss/>")
    (folder / "feeds/minato/parts/1.html").unlink()
    (folder / "feeds/CNAME").write_text("recaps.example.org")

    publish(folder, FIRST)

    found = files(folder)
    assert found.pop("feeds/CNAME") == b"recaps.example.org"
    assert found == unharmed[0]


def test_a_lost_output_folder_is_written_again(tmp_path, unharmed):
    folder = a_folder(tmp_path / "publication")
    publish(folder, FIRST)
    shutil.rmtree(folder / "feeds")

    publish(folder, FIRST)

    assert files(folder) == unharmed[0]
