"""A publication on disk and the program run on it, as a user would."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-m", "cnddigest")
LIMIT = 30.0  # seconds: what takes longer hangs, also on a machine that has other things to do
MEMORY = 2 << 30  # bytes: what takes more reads without an end
SLUG = "minato"
FIRST, SECOND = "2026-11-25T03:00:00Z", "2026-11-27T00:00:00Z"
CONFIGURATION = """\
[publication]
title = "会議録の再放送"
base_url = "https://recaps.example.org/"
language = "en"
timezone = "UTC"
output = "feeds"

[serials.minato]
recap = "recaps/minato.md"

[serials.minato.cadence]
parts = "day"
start = "first-publish"
at = "08:00"
every = "day"
"""
RECAP = """\
# 港の会議 2026 まとめ

二日間の会議の記録です。

## 1日目

### 灯台の守り方

灯台を二十年守った人の話でした。

### 海図の読み方

海図は毎年描き直されるそうです。

## 2日目

### 霧の日の連絡

霧笛の代わりに何が使えるかという発表でした。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a command ended."""

    code: int
    out: bytes
    err: str


class OnDisk:
    """A publication's folder, and the program started in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.configuration = folder / "cnddigest.toml"
        self.recap = folder / "recaps" / "minato.md"
        self.record = folder / "cnddigest.sqlite3"
        self.output = folder / "feeds"

    @classmethod
    def new(cls, folder: Path, recap: str = RECAP) -> "OnDisk":
        made = cls(folder)
        made.recap.parent.mkdir(parents=True)
        made.configuration.write_text(CONFIGURATION, "utf-8")
        made.recap.write_text(recap, "utf-8")
        return made

    def copy(self, folder: Path) -> "OnDisk":
        """Return a copy in which every file is as old as it was."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return OnDisk(folder)

    def configure(self, old: str, new: str) -> None:
        text = self.configuration.read_text("utf-8")
        assert old in text
        self.configuration.write_text(text.replace(old, new), "utf-8")

    def template(self, name: str, data: bytes) -> None:
        path = self.folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*PROGRAM, *arguments], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> Outcome:
        done = subprocess.run(
            [*PROGRAM, *arguments],
            cwd=cwd or self.folder,
            env=os.environ | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
            check=False,
            preexec_fn=_modest,
        )
        return Outcome(code=done.returncode, out=done.stdout, err=done.stderr.decode())

    def publish(self, now: str = SECOND, *more: str) -> Outcome:
        return self.run("publish", "--now", now, *more)

    def feeds(self) -> dict[str, bytes]:
        """Return what a visitor can read."""
        files = (path for path in self.output.rglob("*") if path.is_file() and not path.is_symlink())
        return {path.relative_to(self.output).as_posix(): path.read_bytes() for path in files}


def _modest() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
