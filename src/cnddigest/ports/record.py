"""What the verbs need of the record: a Store that remembers Parts, and the files made of them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from cnddigest.serial.model import Release


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

    `digest` is the SHA-256, in hex, of the stored Part: two equal digests are the same text. `planned_at` is as in
    Release.
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
    planned_at: dt.datetime | None = None
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Will:
    """What the publisher wants of a Serial beyond its cadence.

    `held_at` says since when nothing comes out, None where nothing is held. `eases` is set once a hold is over: what
    is overdue by then comes one by one. `ahead` is the number of a Part that is to come out at the next publish.
    """

    held_at: dt.datetime | None = None
    eases: bool = False
    ahead: int | None = None


class Store(Protocol):
    """The record. Each method is one transaction and one promise; a killed process leaves it before or after.

    Raises RecordBusy when another process holds the record too long, BadRecord when it can't be used.
    """

    def publishing(self, *, wait: float | None = None) -> AbstractContextManager[None]:
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
        repaced: bool = False,
    ) -> None:
        """Replace all that is not released by `planned`, and overwrite the released Parts in `edited`.

        `repaced` says that the Serial's own pace changed: Replays that go by it are due for a look.

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

    def release(self, slug: str, headlines: Iterable[Headline], *, now: dt.datetime) -> Mapping[int, int]:
        """Make these Parts released: their moments and their sessions' dates as given, `released_at` = now.

        Queues each one's Issue for everybody who is active on the main run now, and returns how many that are, by
        number. All of it or nothing; a Part that is out already is left as it is. Sets `started_at` on the first
        one. Moves the revision.
        """
        ...

    def will(self, slug: str) -> Will:
        """Return what the publisher wants of a Serial beyond its cadence."""
        ...

    def keep_will(self, slug: str, will: Will) -> None:
        """Keep it; a hold that begins or ends moves the revision, for pages say when the next Part comes."""
        ...

    def mail_waits(self) -> bool:
        """Say whether any Delivery waits or is under way."""
        ...

    def next_turn(self) -> dt.datetime | None:
        """Return when a Replay is to be looked at next, None when none is."""
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
