"""Who sends: each side hands the same Issue to the same sink, one message for each of the audience."""

import email
import email.policy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from benchmarks.data import ROOT
from benchmarks.machine import Cost, run
from benchmarks.sending_publication import CONNECTIONS, CORE, SERIAL, Publication, address, program
from benchmarks.sink import program as postfix

PEERS = Path(__file__).parent / "peers"
LINK = "@@LINK@@"  # where peers put each reader's own link


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A folder with the Issue as peers read it: subject.txt, issue.html, issue.txt; message.eml is ready to send."""

    folder: Path

    def write(self, published: Publication, message: bytes) -> None:
        """Take the texts from a publication's output; `message` is one of ours, with LF for CRLF."""
        self.folder.mkdir()
        issues = published.folder / "feeds" / SERIAL / "issues"
        html, text = ((issues / name).read_text("utf-8") for name in ("1.html", "1.txt"))
        link = f'<p><a href="{LINK}">配信停止</a></p>\n</body>'
        (self.folder / "issue.html").write_text(html.replace("</body>", link), "utf-8")
        (self.folder / "issue.txt").write_text(f"{text.rstrip()}\n\n配信停止:\n{LINK}\n", "utf-8")
        subject = email.message_from_bytes(message, policy=email.policy.default)["Subject"]
        (self.folder / "subject.txt").write_text(str(subject), "utf-8")
        (self.folder / "message.lf.eml").write_bytes(message)
        (self.folder / "message.eml").write_bytes(message.replace(b"\n", b"\r\n"))

    @property
    def size(self) -> int:
        """Return the octets of a message."""
        return (self.folder / "message.eml").stat().st_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """So many messages to a sink; `server` tells the CPU seconds it used so far. `folder` is for what is left over."""

    count: int
    port: int
    server: Callable[[], float]
    letter: Letter
    folder: Path


class Side(Protocol):
    """One program in the comparison."""

    @property
    def name(self) -> str:
        """Return what it is called in the tables."""
        ...

    @property
    def share(self) -> float:
        """Return how many messages it sends where we send one, so that a round of each takes some seconds."""
        ...

    @property
    def personal(self) -> bool:
        """Say whether each message is one reader's own."""
        ...

    def version(self) -> str:
        """Return its version; raises FileNotFoundError if it is not installed."""
        ...

    def send(self, task: Task) -> Cost:
        """Send the messages."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """`cnddigest deliver`, the whole process. `published` are publications by the number of Deliveries they queued."""

    name: str
    published: Callable[[int], Publication]
    pem: bytes = field(default=b"", repr=False)
    share: float = 1.0
    personal: bool = True

    def version(self) -> str:
        """Return what it says."""
        return subprocess.run([*program(), "--version"], capture_output=True, check=True, text=True).stdout.strip()

    def send(self, task: Task) -> Cost:
        """Send what a fresh copy of a publication queued; raises RuntimeError where its account does not agree."""
        copy = self.published(task.count).copied(task.folder / "publication")
        if self.pem:
            copy.sign(self.pem)
        cost = copy.deliver(task.server)
        found = copy.deliveries()
        if found != {"sent": task.count}:
            raise RuntimeError(f"{self.name} sent {task.count} and its account says: {found}")
        return cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecorded:
    """The same, with a Ledger that remembers nothing."""

    published: Callable[[int], Publication]
    name: str = "cnddigest, no ledger"
    share: float = 1.0
    personal: bool = True

    def version(self) -> str:
        """Return nothing of its own."""
        return "the same"

    def send(self, task: Task) -> Cost:
        """Send what a fresh copy of a publication would, with this checkout's benchmarks on the path."""
        copy = self.published(task.count).copied(task.folder / "publication")
        command = [sys.executable, "-c", _UNRECORDED, str(ROOT), str(task.count)]
        return run(command, copy.folder, core=CORE, server=task.server)


# `-m` would look for the package in the publication's folder.
_UNRECORDED = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); "
    "runpy.run_module('benchmarks.sending_unrecorded', run_name='__main__')"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSource:
    """Postfix's smtp-source: one fixed message over ten kept connections, and no record."""

    name: str = "smtp-source"
    share: float = 1.0
    personal: bool = False

    def version(self) -> str:
        """Return that of Postfix."""
        out = subprocess.run([postfix("postconf"), "-d", "mail_version"], capture_output=True, check=True, text=True)
        postfix("smtp-source")
        return out.stdout.rpartition("=")[2].strip()

    def send(self, task: Task) -> Cost:
        """Send the ready message."""
        command = [
            *(postfix("smtp-source"), "-s", str(CONNECTIONS), "-m", str(task.count), "-d"),
            *("-F", str(task.letter.folder / "message.lf.eml"), "-f", "bounces@recaps.example.org"),
            *("-t", address(1), f"127.0.0.1:{task.port}"),
        ]
        return run(command, task.folder, core=CORE, server=task.server)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Library:
    """A library and a small program around it, timed from the first message to the last: imports do not count."""

    name: str
    command: Sequence[str]
    asked: Sequence[str]  # prints its version
    how: str = ""
    share: float
    personal: bool = True

    def version(self) -> str:
        """Return what it says."""
        out = subprocess.run(self.asked, capture_output=True, check=False, text=True, cwd=PEERS / "nodemailer")
        if out.returncode:
            raise FileNotFoundError("not installed: scripts/bench-peers does that")
        return out.stdout.strip()

    def send(self, task: Task) -> Cost:
        """Run the program, and believe the clock in it; memory is the whole process's."""
        out = task.folder / "cost.json"
        command = [*self.command, str(task.port), str(task.count), str(task.letter.folder), str(out)]
        cost = run([*command, *filter(None, [self.how])], task.folder, core=CORE, server=task.server)
        phase = json.loads(out.read_text())
        return replace(cost, wall=phase["wall"], cpu=phase["cpu"])


def peers() -> list[Side]:
    """Return those we compare with."""
    node = ["node", str(PEERS / "nodemailer" / "send.js")]
    asked = ["node", "-p", "JSON.parse(fs.readFileSync('node_modules/nodemailer/package.json')).version"]
    python = sys.executable
    bench = os.fspath(ROOT / ".venv-bench" / "bin" / "python")
    return [
        SmtpSource(),
        Library(name="nodemailer", command=node, asked=asked, how="compose", share=0.1),
        Library(name="nodemailer, raw", command=node, asked=asked, how="raw", share=0.2, personal=False),
        Library(
            name="smtplib",
            command=[python, str(PEERS / "smtplib_sender.py")],
            asked=[python, "-c", "import platform; print(platform.python_version())"],
            how="compose",
            share=0.025,
        ),
        Library(
            name="Django",
            command=[bench, str(PEERS / "django_sender.py")],
            asked=[bench, "-c", "import django; print(django.__version__)"],
            share=0.025,
        ),
        Library(
            name="aiosmtplib, raw",
            command=[bench, str(PEERS / "aiosmtplib_sender.py")],
            asked=[bench, "-c", "from importlib.metadata import version; print(version('aiosmtplib'))"],
            share=0.1,
            personal=False,
        ),
    ]
