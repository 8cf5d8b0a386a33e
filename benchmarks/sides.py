"""What is compared: each side makes the same pages and the same feed of the same sessions.

For every session four files: its page, the page of its Part, the Issue in HTML and the Issue as text. Beside them one
archive page of the newest 100 and one RSS feed of the newest 50 with full text. We make more: Atom, JSON Feed, both
feeds once more for sessions, calendar, search index, archives of both.
"""

import datetime as dt
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from benchmarks.data import ROOT, Talk
from benchmarks.machine import Cost, run

PEERS = Path(__file__).parent / "peers"
START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def set_aside(path: Path) -> None:
    """Move what a build left out of the way.

    It is not deleted before the end: ext4 gives no inode out again for minutes after its file was deleted, and looks
    at each such inode anew for every file that is made, which makes the next build slower than a first one is.
    """
    if path.exists():
        aside = path.parent.with_name(f"{path.parent.name}-aside")
        aside.mkdir(exist_ok=True)
        path.rename(aside / f"{len(list(aside.iterdir()))}")


class Side(Protocol):
    """One program in the comparison."""

    name: str

    def version(self) -> str:
        """Return its version; raises FileNotFoundError if it is not installed."""
        ...

    def prepare(self, folder: Path, talks: Sequence[Talk]) -> None:
        """Write what it reads."""
        ...

    def build(self, folder: Path) -> Cost:
        """Build everything from nothing."""
        ...

    def add(self, folder: Path, talk: Talk) -> Cost:
        """Publish one session more."""
        ...


class Own:
    """cnddigest: a Serial of one session an hour. `ahead` more are planned, so that there is one more to release."""

    name = "cnddigest"

    def __init__(self, ahead: int) -> None:
        self._ahead = ahead
        self._hours = 0

    def version(self) -> str:
        """Return what it says."""
        return subprocess.run(
            [*self._command(), "--version"], capture_output=True, check=True, text=True
        ).stdout.strip()

    def prepare(self, folder: Path, talks: Sequence[Talk]) -> None:
        """Write a recap and its settings."""
        lines = ["# 大きな会議のまとめ", "# 1日目"]
        for talk in talks:
            lines += [f"## {talk.title}", talk.text]
        (folder / "recap.md").write_text("\n\n".join(lines), "utf-8")
        (folder / "cnddigest.toml").write_text(
            '[publication]\ntitle = "Bench"\nbase_url = "https://bench.example/"\nlanguage = "ja"\ntimezone = "UTC"\n'
            '[serials.bench]\nrecap = "recap.md"\n'
            '[serials.bench.cadence]\nparts = "session"\nstart = "2025-01-01"\nat = "00:00"\nevery = "1h"\n',
            "utf-8",
        )
        self._hours = len(talks) - self._ahead - 1

    def build(self, folder: Path) -> Cost:
        """Publish into an empty folder with an empty record, all but the last ones released."""
        for old in [folder / "feeds", *folder.glob("cnddigest.sqlite3*")]:
            set_aside(old)
        return self._publish(folder)

    def add(self, folder: Path, talk: Talk) -> Cost:
        """Let an hour pass."""
        del talk  # it is in the recap already, and was not due
        self._hours += 1
        return self._publish(folder)

    def _publish(self, folder: Path) -> Cost:
        now = START + dt.timedelta(hours=self._hours)
        return run([*self._command(), "publish", "-q", "--now", now.isoformat()], folder)

    def _command(self) -> list[str]:
        return [str(Path(sys.executable).with_name("cnddigest"))]


class Hugo:
    """Hugo, with a custom output format for each of the four files; it has no incremental build."""

    name = "Hugo"

    def __init__(self) -> None:
        found = sorted((ROOT / ".venv-bench").glob("lib/python3*/site-packages/hugo/binaries/hugo*"))
        self._program = str(found[0]) if found else ""

    def version(self) -> str:
        """Return what it says."""
        if not self._program:
            raise FileNotFoundError("hugo")
        text = subprocess.run([self._program, "version"], capture_output=True, check=True, text=True).stdout
        return text.split()[1].partition("-")[0].partition("+")[0]

    def prepare(self, folder: Path, talks: Sequence[Talk]) -> None:
        """Write a site."""
        shutil.copytree(PEERS / "hugo", folder, dirs_exist_ok=True)
        (folder / "content").mkdir()
        for talk in talks:
            self._write(folder, talk)

    def build(self, folder: Path) -> Cost:
        """Build from nothing."""
        set_aside(folder / "public")
        return run([self._program, "--quiet"], folder)

    def add(self, folder: Path, talk: Talk) -> Cost:
        """Write one file more and build again over what is there."""
        self._write(folder, talk)
        return run([self._program, "--quiet"], folder)

    def _write(self, folder: Path, talk: Talk) -> None:
        moment = START + dt.timedelta(hours=talk.number)
        (folder / "content" / f"{talk.number}.md").write_text(
            f'---\ntitle: "{talk.title}"\ndate: {moment.isoformat()}\n---\n{talk.text}\n', "utf-8"
        )


class Eleventy:
    """Eleventy, one template with pagination for each of the four files."""

    name = "Eleventy"

    def version(self) -> str:
        """Return what it says."""
        command = self._command()
        if not Path(command[1]).exists():
            raise FileNotFoundError("eleventy")
        return subprocess.run([*command, "--version"], capture_output=True, check=True, text=True).stdout.strip()

    def prepare(self, folder: Path, talks: Sequence[Talk]) -> None:
        """Write a site."""
        shutil.copytree(PEERS / "eleventy", folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
        (folder / "node_modules").symlink_to(PEERS / "eleventy" / "node_modules")
        (folder / "talks").mkdir()
        for talk in talks:
            self._write(folder, talk)

    def build(self, folder: Path) -> Cost:
        """Build from nothing."""
        set_aside(folder / "_site")
        return run([*self._command(), "--quiet"], folder)

    def add(self, folder: Path, talk: Talk) -> Cost:
        """Write one file more and build again: its incremental mode fails where a feed reads other pages."""
        self._write(folder, talk)
        return run([*self._command(), "--quiet"], folder)

    def _write(self, folder: Path, talk: Talk) -> None:
        (folder / "talks" / f"{talk.number:05d}.md").write_text(f"{talk.title}\n{talk.text}\n", "utf-8")

    def _command(self) -> list[str]:
        return ["node", str(PEERS / "eleventy" / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs")]


class Pelican:
    """Pelican with its cache, a small plug-in writes the other three files of each article."""

    name = "Pelican"

    def __init__(self) -> None:
        self._python = str(ROOT / ".venv-bench" / "bin" / "python")

    def version(self) -> str:
        """Return what it says."""
        text = subprocess.run(
            [self._python, "-m", "pelican", "--version"], capture_output=True, check=True, text=True
        ).stdout
        return text.strip()

    def prepare(self, folder: Path, talks: Sequence[Talk]) -> None:
        """Write a site."""
        shutil.copytree(PEERS / "pelican", folder, dirs_exist_ok=True)
        (folder / "content").mkdir()
        for talk in talks:
            self._write(folder, talk)

    def build(self, folder: Path) -> Cost:
        """Build from nothing, without cache."""
        set_aside(folder / "output")
        set_aside(folder / "cache")
        return self._run(folder)

    def add(self, folder: Path, talk: Talk) -> Cost:
        """Write one file more and build again with what it cached."""
        self._write(folder, talk)
        return self._run(folder)

    def _run(self, folder: Path) -> Cost:
        return run([self._python, "-m", "pelican", "-q", "-s", "conf.py", "content"], folder)

    def _write(self, folder: Path, talk: Talk) -> None:
        moment = START + dt.timedelta(hours=talk.number)
        (folder / "content" / f"{talk.number}.md").write_text(
            f"Title: {talk.title}\nDate: {moment:%Y-%m-%d %H:%M}\nSlug: {talk.number}\n\n{talk.text}\n", "utf-8"
        )
