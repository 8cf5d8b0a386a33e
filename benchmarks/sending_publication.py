"""A publication with an audience: the bundled recap, and as many Subscribers as wanted."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data import ROOT
from benchmarks.machine import Cost, run

SERIAL = "cndt2022"
CONNECTIONS = 10
CORE = 1  # the sender's
LIMIT = 3600.0  # seconds: a million Deliveries take minutes, and much longer where others are busy
SETTINGS = """\
[publication]
title = "カンファレンス再放送"
base_url = "https://recaps.example.org/"
language = "ja"
timezone = "Asia/Tokyo"
publisher = {{ name = "再放送", email = "news@recaps.example.org", address = "東京都千代田区1-1" }}
[serials.{serial}]
recap = "recap.md"
[serials.{serial}.cadence]
parts = 3
[mail]
transport = "smtp"
from = "Recaps <news@recaps.example.org>"
bounces = "bounces@recaps.example.org"
[mail.smtp]
host = "127.0.0.1"
port = {port}
security = "none"
connections = {connections}
"""
SIGNED = """\
[[mail.dkim]]
domain = "recaps.example.org"
selector = "s1"
key_file = "dkim.pem"
"""


def address(number: int) -> str:
    """Return the address of one of the audience, counted from 1."""
    return f"reader{number:07d}@example.net"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A publication's folder; its record holds the audience, and who got what."""

    folder: Path

    def write(self, port: int) -> None:
        """Write what its author would."""
        self.folder.mkdir(parents=True)
        shutil.copy(ROOT / "recaps" / "cndt2022.md", self.folder / "recap.md")
        text = SETTINGS.format(serial=SERIAL, port=port, connections=CONNECTIONS)
        (self.folder / "cnddigest.toml").write_text(text, "utf-8")

    def sign(self, pem: bytes) -> None:
        """Let every message have a DKIM seal."""
        (self.folder / "dkim.pem").write_bytes(pem)
        (self.folder / "dkim.pem").chmod(0o600)
        with (self.folder / "cnddigest.toml").open("a", encoding="utf-8") as settings:
            settings.write(SIGNED)

    def enrol(self, count: int) -> Cost:
        """Import the audience from a CSV file."""
        with (self.folder / "audience.csv").open("w", encoding="ascii") as out:
            out.write("address,consent_at,consent_source\n")
            out.writelines(f"{address(n)},2026-11-01T00:00:00Z,benchmark\n" for n in range(1, count + 1))
        return run([*program(), "subscribers", "import", "-q", "audience.csv"], self.folder, limit=LIMIT)

    def publish(self) -> Cost:
        """Release the first Part and queue its mail."""
        return run([*program(), "publish", "-q", "--no-deliver"], self.folder, core=CORE)

    def deliver(self, server: Callable[[], float]) -> Cost:
        """Send all that is queued."""
        return run([*program(), "deliver", "-q"], self.folder, core=CORE, server=server, limit=LIMIT)

    def deliveries(self) -> dict[str, int]:
        """Return how many Deliveries have each status."""
        out = subprocess.run([*program(), "status", "--json"], cwd=self.folder, capture_output=True, check=True)
        (serial,) = json.loads(out.stdout)["serials"]
        return dict(serial["deliveries"])

    def copied(self, folder: Path) -> "Publication":
        """Return a copy with the same record; what was published as files stays behind."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("feeds", "audience.csv"))
        return Publication(folder=folder)


def program() -> list[str]:
    """Return how cnddigest is called."""
    return [str(Path(sys.executable).with_name("cnddigest"))]
