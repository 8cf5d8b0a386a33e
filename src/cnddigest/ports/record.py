"""What the verbs need from the world: a Store that remembers and a FileSink that publishes."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol, TypeVar

from cnddigest.serial.model import Release

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialState:
    """What the record knows of a Serial apart from its Parts.

    `tag` begins every entry id and is frozen when the Serial is first seen: `tag:example.org,2026:cndt2022`.
    `started_at` is the moment of the first publish, None before it. `about` is JSON of whoever stores it: the
    masthead facts a build needs without the recap.
    """

    slug: str
    tag: str
    started_at: dt.datetime | None = None
    about: str = "{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeadline:
    """A session of a Headline: names and dates, no text. `size` is the length of its search text in bytes."""

    id: str
    number: int
    title: str
    published_at: dt.datetime
    updated_at: dt.datetime
    withdrawn: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A Release without its text: what neighbours, lists and the plan need.

    `digest` is the SHA-256, in hex, of the stored Part: two equal digests are the same text.
    """

    serial: str
    run: str
    number: int
    title: str
    day: str
    release_at: dt.datetime
    released_at: dt.datetime | None
    updated_at: dt.datetime
    digest: str
    sessions: tuple[SessionHeadline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltFile:
    """A file we wrote: the digest of everything it was made from, and how it looked on disk afterwards."""

    path: str
    key: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildState:
    """How far the files follow the record.

    `inputs` is the fingerprint of recaps, configuration and templates at the last ingest. `revision` grows by
    one with every change of what the files show; they are up to date when `built` equals it.
    """

    inputs: str = ""
    revision: int = 0
    built: int = -1


class Store(Protocol):
    """The record. Each method is one transaction and one promise; a killed process leaves it before or after.

    Raises RecordBusy when another process holds the record too long, BadRecord when it can't be used.
    """

    def publishing(self, *, wait: float = 60.0) -> AbstractContextManager[None]:
        """Let one publisher in at a time, over all processes; wait that many seconds, then raise RecordBusy.

        The place is free again when its holder ends, however it ends.
        """
        ...

    def build_state(self) -> BuildState:
        """Return how far the files follow the record; the default before any ingest."""
        ...

    def serial(self, slug: str) -> SerialState | None:
        """Return what is known of a Serial, None if it was never ingested."""
        ...

    def ingest(
        self,
        state: SerialState,
        *,
        planned: Iterable[Release],
        edited: Iterable[Release] = (),
    ) -> None:
        """Replace all that is not released by `planned`, and overwrite the released Parts in `edited`.

        Never touches `released_at`, and never the dates of an Entry that is out unless `edited` brings them.
        Moves the revision.
        """
        ...

    def remember_inputs(self, inputs: str) -> None:
        """Keep the fingerprint of what was ingested; call it after the last ingest of a publish."""
        ...

    def headlines(
        self, slug: str, *, first: int = 1, last: int | None = None, released: bool | None = None
    ) -> Iterator[Headline]:
        """Yield Parts `first` to `last` (all, without it) by number; only released or unreleased ones if asked."""
        ...

    def sessions(self, slug: str, first: int, last: int) -> list[tuple[int, SessionHeadline]]:
        """Return released sessions `first` to `last` (from 1), each with its Part's number.

        The order is that of their release: `published_at`, then Part, then place in it.
        """
        ...

    def totals(self, slug: str) -> "Totals":
        """Return how many Parts and sessions there are, how many are out, and the size of their search text."""
        ...

    def releases(self, slug: str, numbers: Iterable[int]) -> Iterator[Release]:
        """Yield these Parts with their text, in the order asked for; an unknown number is a KeyError."""
        ...

    def release(self, slug: str, headlines: Iterable[Headline], *, now: dt.datetime) -> None:
        """Make these Parts released: their moments and their sessions' dates as given, `released_at` = now.

        All of them or none; a Part that is out already is left as it is. Sets `started_at` on the first one.
        Moves the revision.
        """
        ...

    def move(self, slug: str, headlines: Iterable[Headline]) -> None:
        """Give Parts that are not out other moments; a released one is left as it is. Moves the revision."""
        ...

    def built_files(self, paths: Iterable[str] | None = None) -> dict[str, BuiltFile]:
        """Return what we wrote under these paths, or everything."""
        ...

    def built_count(self) -> int:
        """Return how many files of ours there are."""
        ...

    def built_slice(self, turn: int, count: int) -> list[BuiltFile]:
        """Return at most `count` of the files we wrote: all of few, and of many another slice each `turn`."""
        ...

    def remember_built(
        self, written: Iterable[BuiltFile], *, removed: Iterable[str] = (), built: int | None = None
    ) -> None:
        """Keep what was written and forget what was removed; `built` says which revision the files now show."""
        ...

    def fragments(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the rendered texts kept under these keys; absent keys are left out. A cache: may be emptied."""
        ...

    def keep_fragments(self, fragments: Mapping[str, str], *, only: bool = False) -> None:
        """Keep rendered texts; with `only`, drop all others."""
        ...

    def copy(self) -> "Store":
        """Return a throw-away copy in memory: what a plan or a rehearsal may change."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over one Serial's main run. `search_size` is in bytes, of released sessions."""

    parts: int = 0
    released_parts: int = 0
    sessions: int = 0
    released_sessions: int = 0
    search_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """A file that waits beside: its name there, and how it will look in its place."""

    path: str
    name: str
    size: int
    mtime_ns: int


class Crew(Protocol):
    """Who does work that can be shared."""

    def share(self, jobs: Sequence[Callable[[], T]]) -> Sequence[T]:
        """Do every job once, perhaps in another process, and return the results in the order of the jobs.

        There a job sees memory as it was when this was called, and leaves behind nothing but its result.
        """
        ...


class FileSink(Protocol):
    """The output folder. Paths are relative, with slashes. Raises OutputFailed."""

    def check(self) -> None:
        """Prove that the folder can be written, or raise; call it before anything is recorded."""
        ...

    def unchanged(self, file: BuiltFile) -> bool:
        """Say whether the file on disk still looks as it did when we wrote it."""
        ...

    def stamp(self, path: str) -> tuple[int, int] | None:
        """Return a file's size and mtime_ns, None if there is none."""
        ...

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, None if there is none."""
        ...

    def stage(self, path: str, data: bytes) -> None:
        """Write beside; nothing a reader sees changes."""
        ...

    def ready(self) -> None:
        """Make ready for staging, here and in every process that is forked from this one."""
        ...

    def give(self) -> "Sequence[Staged]":
        """Return what is staged and forget it: it waits beside until it is taken again, or swept out."""
        ...

    def take(self, staged: "Iterable[Staged]") -> None:
        """Count as staged, after all that is staged now, what this process or a fork of it gave."""
        ...

    def commit(self) -> Iterator[tuple[str, int, int]]:
        """Put everything staged in place, in the order it was staged; yield path, size and mtime_ns of each."""
        ...

    def discard(self) -> None:
        """Forget everything staged."""
        ...

    def remove(self, path: str) -> None:
        """Delete a file if it is there, and folders it leaves empty."""
        ...


class Inputs(Protocol):
    """The publication folder as its author left it: configuration, recaps, schedules, templates."""

    def fingerprint(self) -> str:
        """Return one name for all of it, and for the program that reads it: equal names, nothing to read again."""
        ...

    def style(self) -> str:
        """Return one name for templates and program: equal names render equal text equally."""
        ...

    def recap(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of one recap with their paths as configured; raises BadRecap if one can't be read."""
        ...

    def corrections(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of corrections beside these recaps, where there are some; raises BadRecap likewise."""
        ...

    def schedule(self, paths: tuple[str, ...]) -> list[tuple[str, bytes]]:
        """Return the files of one schedule with their paths as configured; raises BadSchedule if one can't be read."""
        ...

    def mark(self, path: str) -> str:
        """Return how a file of the folder looks (equal marks, equal bytes), `""` if there is none to be read."""
        ...

    def picture(self, path: str) -> bytes:
        """Return the bytes of an image file, one more at most than it may have; BadPicture if it is out of reach."""
        ...

    def templates(self) -> Mapping[str, str]:
        """Return every template by name, the publication's own in place of the packaged ones."""
        ...

    def assets(self) -> Mapping[str, bytes]:
        """Return the files that are copied as they are, by their path below the output folder."""
        ...

    def catalogs(self) -> Mapping[str, str]:
        """Return the interface texts as .po files, by language."""
        ...
