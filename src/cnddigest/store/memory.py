"""The record in memory: for rehearsals, which must leave nothing behind, and for tests."""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from cnddigest.errors import RecordBusy
from cnddigest.ports.record import BuildState, BuiltFile, Headline, SerialState, SessionHeadline, Totals, Will
from cnddigest.serial.model import Release
from cnddigest.store import codec
from cnddigest.store.failures import damaged

Kept = tuple[Headline, str]  # a Part: its Headline, and its text as JSON


class MemoryStore:
    """A Store that ends with its process. Every change builds new values first and puts them in place last."""

    def __init__(  # noqa: PLR0913  a whole record comes in
        self,
        *,
        state: BuildState = BuildState(),  # noqa: B008  frozen
        serials: Iterable[SerialState] = (),
        parts: Iterable[Kept] = (),
        files: Iterable[BuiltFile] = (),
        cache: Callable[[Iterable[str]], Mapping[str, str]] = lambda _: {},
        wills: Mapping[str, Will] | None = None,
        listeners: Callable[[str], int] = lambda _: 0,
    ) -> None:
        """Begin as an empty record does, or as another one stands.

        `cache` gives fragments that are not here, `listeners` counts a Serial's audience: it stays where it is.
        """
        self.path = "in memory"  # a copy has that of its original, to name it in errors
        self._turn = threading.Lock()
        self._state = state
        self._serials = {serial.slug: serial for serial in serials}
        self._parts: dict[str, dict[int, Kept]] = {}  # by slug, then by number, ascending
        for found, body in parts:
            self._parts.setdefault(found.serial, {})[found.number] = found, body
        self._files = {file.path: file for file in files}
        self._fragments: dict[str, str] = {}
        self._cache = cache
        self._wills = dict(wills or {})
        self._listeners = listeners

    @contextmanager
    def publishing(self, *, wait: float | None = None) -> Iterator[None]:
        """Keep other threads out."""
        if not self._turn.acquire(timeout=60.0 if wait is None else max(wait, 0)):
            raise RecordBusy("another thread is publishing")
        try:
            yield
        finally:
            self._turn.release()

    def build_state(self) -> BuildState:
        """Return how far the files are."""
        return self._state

    def remember_inputs(self, inputs: str) -> None:
        """Keep the fingerprint."""
        self._state = replace(self._state, inputs=inputs)

    def _move_revision(self) -> None:
        self._state = replace(self._state, revision=self._state.revision + 1)

    def serial(self, slug: str) -> SerialState | None:
        """Return what is known of a Serial."""
        return self._serials.get(slug)

    def headlines(
        self, slug: str, *, first: int = 1, last: int | None = None, released: bool | None = None
    ) -> Iterator[Headline]:
        """Yield from the Parts as they are now."""
        for found, _ in tuple(self._parts.get(slug, {}).values()):
            in_bounds = first <= found.number and (last is None or found.number <= last)
            if in_bounds and released in (None, found.released_at is not None):
                yield found

    def sessions(self, slug: str, first: int, last: int) -> list[tuple[int, SessionHeadline]]:
        """Sort, and cut out."""
        found = [(each.number, session) for each in self.headlines(slug, released=True) for session in each.sessions]
        found.sort(key=lambda numbered: (numbered[1].published_at, numbered[0]))  # stable: the place in a Part stays
        return found[max(first, 1) - 1 : max(last, 0)]

    def totals(self, slug: str) -> Totals:
        """Count."""
        found = list(self.headlines(slug))
        out = [each for each in found if each.released_at is not None]
        return Totals(
            parts=len(found),
            released_parts=len(out),
            sessions=sum(len(each.sessions) for each in found),
            released_sessions=sum(len(each.sessions) for each in out),
            search_size=sum(session.size for each in out for session in each.sessions),
        )

    def releases(self, slug: str, numbers: Iterable[int]) -> Iterator[Release]:
        """Read each Part back from its text; one copied from a damaged record is BadRecord."""
        for number in numbers:
            kept = _kept(self._parts.get(slug, {}), slug, number)
            try:
                whole = codec.release(*kept)
            except codec.NONSENSE as error:
                raise damaged(self.path) from error
            yield whole

    def ingest(
        self,
        state: SerialState,
        *,
        planned: Iterable[Release],
        edited: Iterable[Release] = (),
        repaced: bool = False,  # noqa: ARG002  no Replay is kept here
    ) -> None:
        """Build the Serial's Parts anew around those that are out."""
        out = {number: kept for number, kept in self._parts.get(state.slug, {}).items() if kept[0].released_at}
        parts = out | dict(_edited(state.slug, out, edited))
        for release in planned:
            found, body = codec.apart(state.slug, release)
            if found.number in parts and found.number not in out:
                raise ValueError(f"part {found.number} of {state.slug} is planned twice")
            parts.setdefault(found.number, (replace(found, released_at=None), body))
        _refuse_doubles(state.slug, parts)
        known = self._serials.get(state.slug, state)
        self._serials[state.slug] = replace(known, started_at=known.started_at or state.started_at, about=state.about)
        self._parts[state.slug] = dict(sorted(parts.items()))
        self._move_revision()

    def release(self, slug: str, headlines: Iterable[Headline], *, now: dt.datetime) -> dict[int, int]:
        """Put Parts out, and say how many would get each."""
        going = self._retime(slug, headlines, released_at=now)
        if going:
            state = self._serials[slug]
            self._serials[slug] = replace(state, started_at=state.started_at or now)
        return dict.fromkeys(going, self._listeners(slug) if going else 0)

    def will(self, slug: str) -> Will:
        """Look it up."""
        return self._wills.get(slug, Will())

    def keep_will(self, slug: str, will: Will) -> None:
        """Keep it."""
        changed = (will.held_at is None) != (self.will(slug).held_at is None)
        self._wills[slug] = will
        if changed:
            self._move_revision()

    def mail_waits(self) -> bool:
        """Mail nobody: the account stays where it is."""
        return False

    def next_turn(self) -> dt.datetime | None:
        """Wait for nobody: people stay where they are."""
        return None

    def move(self, slug: str, headlines: Iterable[Headline]) -> None:
        """Give Parts other moments."""
        self._retime(slug, headlines, released_at=None)

    def _retime(self, slug: str, headlines: Iterable[Headline], *, released_at: dt.datetime | None) -> list[int]:
        """Return the numbers of those that this changed."""
        parts, changed = dict(self._parts.get(slug, {})), list[int]()
        for wanted in headlines:
            found, body = _kept(parts, slug, wanted.number)
            new = codec.retimed(found, wanted, body, released_at=released_at)
            if found.released_at is None and new != found:
                parts[found.number] = new, body
                changed.append(found.number)
        if changed:
            self._parts[slug] = parts
            self._move_revision()
        return changed

    def built_files(self, paths: Iterable[str] | None = None) -> dict[str, BuiltFile]:
        """Return what was kept under these paths."""
        wanted = self._files if paths is None else paths
        return {path: self._files[path] for path in wanted if path in self._files}

    def built_count(self) -> int:
        """Count."""
        return len(self._files)

    def built_slice(self, turn: int, count: int) -> list[BuiltFile]:
        """Cut a slice by path."""
        found = [self._files[path] for path in sorted(self._files)]
        first = turn % -(-len(found) // count) * count if found else 0
        return found[first : first + count]

    def remember_built(
        self, written: Iterable[BuiltFile], *, removed: Iterable[str] = (), built: int | None = None
    ) -> None:
        """Forget before keeping: a path in both was written again."""
        gone = set(removed)
        kept = {path: file for path, file in self._files.items() if path not in gone}
        self._files = kept | {file.path: file for file in written}
        if built is not None:
            self._state = replace(self._state, built=built)

    def fragments(self, keys: Iterable[str]) -> dict[str, str]:
        """Return what was kept under these keys, here or in the cache."""
        keys = tuple(keys)
        found = dict(self._cache([key for key in keys if key not in self._fragments]))
        return found | {key: self._fragments[key] for key in keys if key in self._fragments}

    def keep_fragments(self, fragments: Mapping[str, str], *, only: bool = False) -> None:
        """Begin anew with `only`."""
        if only:
            self._fragments, self._cache = {}, lambda _: {}
        self._fragments |= fragments

    def copy(self) -> "MemoryStore":
        """Return another one that holds the same values."""
        return MemoryStore(
            state=self._state,
            serials=self._serials.values(),
            parts=[kept for parts in self._parts.values() for kept in parts.values()],
            files=self._files.values(),
            cache=self.fragments,
            wills=self._wills,
            listeners=self._listeners,
        )

    def close(self) -> None:
        """Give nothing back: it ends with the process."""


def _refuse_doubles(slug: str, parts: Mapping[int, Kept]) -> None:
    seen: set[str] = set()
    for found, _ in parts.values():
        for session in found.sessions:
            if session.id in seen:
                raise ValueError(f"session stands in two parts of {slug}: {session.id}")
            seen.add(session.id)


def _kept(parts: Mapping[int, Kept], slug: str, number: int) -> Kept:
    if number not in parts:
        raise KeyError(f"{slug} has no part {number}")
    return parts[number]


def _edited(slug: str, out: Mapping[int, Kept], edited: Iterable[Release]) -> Iterator[tuple[int, Kept]]:
    for release in edited:
        found, body = codec.apart(slug, release)
        if found.number not in out:
            raise KeyError(f"{slug} has no released part {found.number}")
        kept, _ = out[found.number]
        yield found.number, (replace(found, released_at=kept.released_at, planned_at=kept.planned_at), body)
