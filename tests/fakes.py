"""Stand-ins with a vocabulary: an output folder and a publication folder that live in memory."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain

from cnddigest.delivery.model import Attempt, Envelope, Fate, Reply, Stage
from cnddigest.errors import BadPicture, OutputFailed
from cnddigest.inputs import PACKAGE, packaged_templates
from cnddigest.picture.poster import Typeface
from cnddigest.ports.files import Staged
from cnddigest.ports.mail import Feed
from cnddigest.ports.record import BuiltFile
from cnddigest.recap import beside

OK = Reply(code=250, enhanced="2.0.0", text="taken")


class FakeFolder:
    """An output folder: `files` is what readers see, `writes` counts how often each path was put in place."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.writes: dict[str, int] = {}
        self.full = False
        self._stamps: dict[str, int] = {}
        self._staged: dict[str, bytes] = {}
        self._given: dict[str, bytes] = {}

    def check(self) -> None:
        if self.full:
            raise OutputFailed("cannot write feeds: no space left on device")

    def unchanged(self, file: BuiltFile) -> bool:
        return self.stamp(file.path) == (file.size, file.mtime_ns)

    def stamp(self, path: str) -> tuple[int, int] | None:
        return (len(self.files[path]), self._stamps.get(path, 0)) if path in self.files else None

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def stage(self, path: str, data: bytes) -> None:
        self._staged[path] = data

    def ready(self) -> None:
        pass

    def give(self) -> tuple[Staged, ...]:
        staged = tuple(Staged(path=path, name="", size=len(data), mtime_ns=0) for path, data in self._staged.items())
        self._given |= self._staged
        self._staged.clear()
        return staged

    def take(self, staged: Iterable[Staged]) -> None:
        for file in staged:
            self._staged.pop(file.path, None)
            self._staged[file.path] = self._given[file.path]

    def commit(self) -> Iterator[tuple[str, int, int]]:
        placed = []
        for path, data in self._staged.items():
            self.writes[path] = self.writes.get(path, 0) + 1
            self.files[path] = data
            self._stamps[path] = sum(self.writes.values())
            placed.append((path, len(data), self._stamps[path]))
        self._staged.clear()
        return iter(placed)

    def discard(self) -> None:
        self._staged.clear()

    def remove(self, path: str) -> None:
        self.files.pop(path, None)

    def touched_since(self, earlier: dict[str, int]) -> set[str]:
        return {path for path, count in self.writes.items() if count != earlier.get(path, 0)}


@cache
def packaged() -> Mapping[str, str]:
    folder = packaged_templates()
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }


class FakeInputs:
    """A publication folder: `recaps` by path, and the packaged templates unless `overrides` replace some."""

    def __init__(self, recaps: dict[str, str], *, settings: str = "") -> None:
        self.recaps = recaps
        self.settings = settings
        self.overrides: dict[str, str] = {}
        self.pictures: dict[str, bytes] = {}
        self.opened: list[str] = []
        self.face: Typeface | None = None

    def fingerprint(self) -> str:
        return hashlib.sha256(repr((self.recaps, self.settings, self.overrides)).encode()).hexdigest()

    def style(self) -> str:
        return hashlib.sha256(repr(sorted(self.overrides.items())).encode()).hexdigest()

    def recap(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        return [(path, self.recaps[path].encode()) for path in paths]

    def corrections(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        return self.recap(tuple(path for path in map(beside.corrections, paths) if path in self.recaps))

    def schedule(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        return self.recap(paths)

    def mark(self, path: str) -> str:
        return hashlib.sha256(self.pictures[path]).hexdigest() if path in self.pictures else ""

    def picture(self, path: str) -> bytes:
        if path not in self.pictures:
            raise BadPicture("cannot read image, no such file")
        self.opened.append(path)
        return self.pictures[path]

    def typeface(self, scripts: frozenset[str], language: str) -> Typeface | None:  # noqa: ARG002 - one for all
        return self.face

    def templates(self) -> Mapping[str, str]:
        return {name: text for name, text in packaged().items() if not name.startswith("assets/")} | self.overrides

    def assets(self) -> Mapping[str, bytes]:
        return {name: text.encode() for name, text in packaged().items() if name.startswith("assets/")}

    def catalogs(self) -> Mapping[str, str]:
        return {path.stem: path.read_text("utf-8") for path in (PACKAGE / "locale").glob("*.po")}


class FakeRelay:
    """A Transport that takes every message, unless it was told what to say to whom.

    `taken` are the Message-IDs it took. It keeps the promise of a real connection: the text of a message leaves when
    the next one is asked for.
    """

    def __init__(self, *, connections: int = 1) -> None:
        self.connections = connections
        self.taken: list[str] = []
        self.tries: list[str] = []
        self._said: dict[str, tuple[Stage, Fate, Reply]] = {}
        self.before: Callable[[Envelope], None] = lambda _: None

    def says(self, address: str, fate: Fate, reply: str, *, stage: Stage = Stage.RECIPIENT) -> None:
        code, enhanced, text = reply.split(" ", 2)
        self._said[address] = stage, fate, Reply(code=int(code), enhanced=enhanced.strip("-"), text=text)

    def run(self, feeds: Callable[[], Feed], commit: Callable[[], None]) -> None:
        for _ in range(self.connections):
            feed = feeds()
            try:
                while feed.pause() is not None:
                    for attempt in self._deliver(feed, commit):
                        feed.answer(attempt)
            finally:
                feed.close()

    def _deliver(self, feed: Feed, commit: Callable[[], None]) -> Iterator[Attempt]:
        waiting: Envelope | None = None
        for envelope in chain(feed, [None]):
            if waiting:
                commit()
                yield self._taken(waiting)
                waiting = None
            if envelope is None:
                return
            self.tries.append(envelope.message_id)
            self.before(envelope)
            stage, fate, reply = self._said.get(envelope.recipient, (Stage.DOT, Fate.SENT, OK))
            if stage is not Stage.DOT:
                yield Attempt(key=envelope.key, stage=stage, fate=fate, reply=reply)
                if fate is Fate.RELAY:
                    return
            else:
                waiting = envelope

    def _taken(self, envelope: Envelope) -> Attempt:
        stage, fate, reply = self._said.get(envelope.recipient, (Stage.DOT, Fate.SENT, OK))
        if fate in {Fate.SENT, Fate.DOUBT}:
            self.taken.append(envelope.message_id)
        return Attempt(key=envelope.key, stage=stage, fate=fate, reply=reply)
