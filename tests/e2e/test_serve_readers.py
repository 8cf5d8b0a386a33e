"""Real feed readers poll `serve` for a week: every Entry once, and few bytes."""

import datetime as dt
import json
import random
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from commands import FIRST, RECAP, OnDisk
from readers import Liferea, Mailer, Newsboat
from served import serving

pytestmark = pytest.mark.slow

BEGIN = dt.datetime.fromisoformat(FIRST)
DAYS, POLLS = 7, 8  # a reader that asks every three hours
SAVED = 0.95


class Line:
    """A line from a port that stays to a server that comes and goes; it counts what comes back."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening, self.port, self.count = listening, 0, 0
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"

    def work(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            threading.Thread(target=self._pass, args=(client, server), daemon=True).start()
            while data := server.recv(65536):
                self.count += len(data)
                client.sendall(data)

    def _pass(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while data := client.recv(65536):
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
        except OSError:
            pass


@contextmanager
def line() -> Iterator[Line]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Line(listening)
        thread = threading.Thread(target=made.work, daemon=True)
        thread.start()
        yield made
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def long_recap() -> str:
    """Return a recap whose talks are as long as real ones."""
    chance = random.Random(7)
    words = RECAP.replace("#", "").split()
    talk = "\n\n".join(
        "".join(chance.choices([*"灯台海図霧笛港船波風潮星夜航路", *words], k=120)) + "。" for _ in range(12)
    )
    return RECAP.replace("\n\n### 海図", f"\n\n{talk}\n\n### 海図").rstrip() + f"\n\n{talk}\n"


@pytest.mark.parametrize("reader", [Newsboat, Mailer])
@pytest.mark.parametrize("which", ["public", "own"])
def test_a_week_of_polls_brings_every_entry_once_for_a_twentieth_of_the_bytes(tmp_path, program, reader, which):
    disk = OnDisk.new(tmp_path / "publication", long_recap())
    assert disk.publish(FIRST).code == 0
    path = "/minato/rss.xml" if which == "public" else own_path(disk)
    seen, whole, polls = [], 0, 0

    with line() as way:
        who = None
        for step in range(DAYS):
            now = (BEGIN + step * dt.timedelta(days=1)).isoformat().replace("+00:00", "Z")
            assert disk.publish(now).code == 0
            with serving(disk, "--now", now) as server:
                way.port = server.port
                plain = len(server.ask(path).body)
                who = who or reader(program, tmp_path, way.address + path)
                for _ in range(POLLS):
                    seen.append(who.unread() if isinstance(who, Newsboat) else who.mails())
                    whole, polls = whole + plain, polls + 1

    assert seen == sorted(seen)
    assert seen[-1] == {"public": 2, "own": 3}[which]  # a timeline of one's own says when it is over
    assert way.count < (1 - SAVED) * whole


@pytest.mark.parametrize("which", ["public", "own"])
def test_a_desktop_reader_gets_every_entry_once_too(tmp_path, which):
    """Liferea with a screen and a bus brings 209 MB, so no machine of ours installs it for this."""
    if missing := [name for name in Liferea.PROGRAMS if not shutil.which(name)]:
        pytest.skip(f"{', '.join(missing)} not installed")
    disk = OnDisk.new(tmp_path / "publication", long_recap())
    assert disk.publish(FIRST).code == 0
    path = "/minato/rss.xml" if which == "public" else own_path(disk)
    seen, whole = [], 0

    with line() as way, ExitStack() as stack:
        who = None
        for step in range(DAYS):
            now = (BEGIN + step * dt.timedelta(days=1)).isoformat().replace("+00:00", "Z")
            assert disk.publish(now).code == 0
            with serving(disk, "--now", now) as server:
                way.port = server.port
                plain = len(server.ask(path).body)
                who = who or stack.enter_context(closing(Liferea(tmp_path, way.address + path, lambda: way.count)))
                for _ in range(POLLS):
                    seen.append(who.unread())
                    whole += plain

    assert seen == sorted(seen)
    assert seen[-1] == {"public": 2, "own": 3}[which]
    assert way.count < (1 - SAVED) * whole


def own_path(disk: OnDisk) -> str:
    done = disk.run("plan", "--replay", "--every", "day", "--at", "08:00", "--json", "--now", FIRST)
    link: str = json.loads(done.out)["links"]["rss"]
    return link.removeprefix("https://recaps.example.org")
