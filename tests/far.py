"""An SMTP server on loopback that does what a test tells it, and a Feed that watches over the promises of its port."""

import contextlib
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from cnddigest.delivery.model import Attempt, Envelope, Fate, Key

HANG, DROP, DRIP = "hang", "drop", "drip"  # instead of an answer
ENDED = b"\r\n.\r\n"


@dataclass(kw_only=True)
class Far:
    """What the far side says to which verb: one answer for always, or a list, one after the other, then the usual.

    Verbs are those of SMTP, `CONNECT` and `.`. `hears` are the octets that the first connections hear before they
    hang up. `taken` are the texts it answered with 2yz, `heard` all commands.
    """

    says: Mapping[str, str | list[str]] = field(default_factory=dict)
    offers: tuple[str, ...] = ("PIPELINING",)
    context: ssl.SSLContext | None = None
    at_once: bool = False
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    connections: int = 0
    hangs_up_in_text: bool = False
    hears: list[int] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._turn = threading.Lock()
        self._scripts = {verb: list(said) if isinstance(said, list) else None for verb, said in self.says.items()}
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self.connections += 1
                self._open.add(sock)
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if self.context and self.at_once:
                self._open.discard(sock)
                sock = self.context.wrap_socket(sock, server_side=True)
                self._open.add(sock)
            Talk(self, sock).run()
            sock.close()

    def answer(self, verb: str, usual: str) -> str:
        with self._turn:
            script = self._scripts.get(verb)
            if script:
                return script.pop(0)
            said = self.says.get(verb)
            return said if isinstance(said, str) else usual


class Talk:
    """One connection."""

    def __init__(self, far: Far, sock: socket.socket) -> None:
        self.far = far
        self.sock = sock
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = far.hears.pop(0) if far.hears else None
        self.read = b""
        self.recipient: str | None = None

    def run(self) -> None:
        if not self.say("CONNECT", "220 far.example ESMTP"):
            return
        while (line := self.until(b"\r\n")) is not None:
            text = line.decode("latin-1")
            self.far.heard.append(text)
            if not self.command(text):
                return

    def command(self, text: str) -> bool:
        verb = text[:4].upper().strip()
        if verb == "EHLO":
            lines = ["far.example", *self.far.offers]
            return self.say(
                verb, "\r\n".join(f"250{'-' if n < len(lines) else ' '}{t}" for n, t in enumerate(lines, 1))
            )
        if verb == "DATA":
            return self.data()
        if verb == "STAR":
            return self.say("STARTTLS", "220 go ahead") and self.encrypt()
        usual = {"QUIT": "221 bye", "AUTH": "235 welcome"}.get(verb, "250 2.0.0 ok")
        said = self.far.answer(verb, usual)
        if verb == "RCPT" and said.startswith("2"):
            self.recipient = text.partition("<")[2].rpartition(">")[0]
        return self.tell(said) and verb != "QUIT"

    def data(self) -> bool:
        said = self.far.answer("DATA", "354 go on" if self.recipient else "503 5.5.1 nobody to take it")
        if not self.tell(said):
            return False
        if not said.startswith("354"):
            return True
        if self.far.hangs_up_in_text:
            self.sock.recv(1_000)
            return False
        text = self.text()
        if text is None:
            return False
        verdict = self.far.answer(".", "250 2.0.0 taken") if self.recipient else "554 5.5.1 nobody to take it"
        if verdict.startswith("2") or verdict == "took, " + DROP:
            self.far.taken.append((self.recipient or "", text + b"\r\n"))
        self.recipient = None
        return self.tell(verdict.removeprefix("took, "))

    def text(self) -> bytes | None:
        """Read a text to its dot, without the last line's end; a lone dot is an empty one."""
        while not self.read.startswith(b".\r\n"):
            if ENDED in self.read:
                return self.until(ENDED)
            if not self.hear():
                return None
        self.until(b"\r\n")
        return b""

    def hear(self) -> bool:
        more = self.sock.recv(65_536 if self.left is None else min(self.left, 65_536))
        self.left = self.left and self.left - len(more)
        self.read += more
        return bool(more)

    def encrypt(self) -> bool:
        assert self.far.context
        self.far._open.discard(self.sock)
        self.sock = self.far.context.wrap_socket(self.sock, server_side=True)
        self.far._open.add(self.sock)
        self.read = b""
        return True

    def say(self, verb: str, usual: str) -> bool:
        return self.tell(self.far.answer(verb, usual))

    def tell(self, said: str) -> bool:
        if said == HANG:
            self.until(b"\0never\0")
            return False
        if said == DROP:
            return False
        if said == DRIP:
            for _ in range(100):
                self.sock.sendall(b"2")
                time.sleep(0.05)
        self.sock.sendall(said.encode("latin-1") + b"\r\n")
        return not said.startswith("421")

    def until(self, mark: bytes) -> bytes | None:
        while mark not in self.read:
            if not self.hear():
                return None
        found, _, self.read = self.read.partition(mark)
        return found


def a_letter(number: int, **fields: object) -> Envelope:
    known: dict[str, object] = {
        "key": Key(issue=1, subscription=number),
        "sender": f"bounces+{number}@example.org",
        "recipient": f"reader{number}@example.net",
        "message_id": f"<{number:032x}@example.org>",
        "segments": (b"Subject: %d\r\n" % number, b"\r\n", b"44GT44KT44Gr44Gh44Gv\r\n"),
    }
    return Envelope(**known | fields)  # type: ignore[arg-type]


class Desk:
    """What several FakeFeeds take from: letters, and what came of each.

    `begun` are those whose text may have left by now, by the promise of the port.
    """

    def __init__(self, letters: Iterable[Envelope]) -> None:
        self.letters = deque(letters)
        self.attempts: list[Attempt] = []
        self.noted: list[int] = []
        self.begun: list[int] = []
        self.open_feeds = 0
        self.ends_on_relay = True
        self.before: Callable[[Envelope], None] = lambda _: None
        self.turn = threading.RLock()

    @property
    def fates(self) -> dict[int, Fate]:
        return {each.key.subscription: each.fate for each in self.attempts}

    def commit(self) -> None:
        self.begun += self.noted
        self.noted.clear()

    def feed(self) -> "FakeFeed":
        self.open_feeds += 1
        return FakeFeed(self)


class FakeFeed:
    """A Feed that keeps to the port, and notices who does not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open: dict[Key, Envelope] = {}
        self._waiting: Envelope | None = None

    def pause(self) -> float | None:
        return 0 if self._desk.letters else None

    def __iter__(self) -> Iterator[Envelope]:
        while True:
            with self._desk.turn:
                letter = self._desk.letters.popleft() if self._desk.letters else None
            if letter is not None:
                self._desk.before(letter)
            self._begin()
            if letter is None:
                return
            self._open[letter.key] = self._waiting = letter
            yield letter

    def _begin(self) -> None:
        if self._waiting:
            self._desk.noted.append(self._waiting.key.subscription)
            self._waiting = None

    def answer(self, attempt: Attempt) -> None:
        letter = self._open.pop(attempt.key)  # a KeyError: answered twice
        if self._waiting is letter:
            self._waiting = None
        with self._desk.turn:
            self._desk.attempts.append(attempt)
            if attempt.fate is Fate.RELAY and self._desk.ends_on_relay:
                self._desk.letters.clear()

    def close(self) -> None:
        if self._waiting:
            del self._open[self._waiting.key]
            with self._desk.turn:
                self._desk.letters.appendleft(self._waiting)
        assert not self._open, "begun and never answered"
        self._desk.open_feeds -= 1


def no_account() -> None:
    """Commit nothing: what a Session does right before a text leaves, where nobody keeps an account."""
