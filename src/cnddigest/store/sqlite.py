"""The record as a SQLite file."""

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TypeVar

from cnddigest.ports.record import BuildState, BuiltFile, Headline, SerialState, SessionHeadline, Totals, Will
from cnddigest.serial.model import MAIN, Release
from cnddigest.store import codec
from cnddigest.store.failures import damaged
from cnddigest.store.memory import MemoryStore
from cnddigest.store.opening import connect
from cnddigest.store.queries import load
from cnddigest.store.statements import Statements
from cnddigest.store.turns import turn

T = TypeVar("T")
LAST = 2**63 - 1  # the largest number SQLite can hold


def open_store(path: str, *, wait: float = 10.0, turn: float = 60.0, create: bool = True) -> "SqliteStore":
    """Return the record in this file, made or migrated if need be.

    It waits so many seconds for another process's lock, and for its `turn` to publish.
    """
    store = SqliteStore(path, wait=wait, turn=turn)
    store.wake(create=create)
    return store


class SqliteStore(Statements):
    """The Store of one publication; one connection, for the thread that opened it.

    What is passed lazily to `ingest` is read inside its transaction, so it must not read this same Store.
    """

    def __init__(self, path: str, *, wait: float, turn: float) -> None:
        """Name the file; it is opened by `wake`, or when it is first asked for something."""
        super().__init__(path)
        self._wait = wait
        self._turn = turn
        self._opened: sqlite3.Connection | None = None

    @property
    def _db(self) -> sqlite3.Connection:
        return self._opened or self.wake(create=False)

    def wake(self, *, create: bool) -> sqlite3.Connection:
        """Open the connection."""
        self._opened = connect(self.path, wait=self._wait, create=create)
        return self._opened

    def rest(self) -> None:
        """Close the connection until it is needed again: SQLite's may not cross a fork."""
        self.close()
        self._opened = None

    def publishing(self, *, wait: float | None = None) -> AbstractContextManager[None]:
        """Hold the file beside the record: `cnddigest.sqlite3.publishing`."""
        return turn(f"{self.path}.publishing", wait=self._turn if wait is None else wait)

    # How far the files are

    def build_state(self) -> BuildState:
        """Read the one row of `publication`."""
        for inputs, revision, built in self._rows("build_state"):
            return BuildState(inputs=inputs, revision=revision, built=built)
        raise damaged(self.path)

    def remember_inputs(self, inputs: str) -> None:
        """Keep the fingerprint."""
        with self._writing():
            self._run("remember_inputs", inputs=inputs)

    # Reading Serials and Parts

    def serial(self, slug: str) -> SerialState | None:
        """Return what is known of a Serial."""
        return next(self._read(map(codec.serial, self._rows("serial", slug=slug))), None)

    def headlines(
        self, slug: str, *, first: int = 1, last: int | None = None, released: bool | None = None
    ) -> Iterator[Headline]:
        """Stream Headlines from one statement: all of them as of one moment."""
        bounds = {"serial": slug, "run": MAIN, "first": first, "last": LAST if last is None else last}
        if released is None:
            return self._read(codec.headlines(self._stream("headlines", **bounds)))
        return self._read(codec.headlines(self._stream("headlines_in_state", **bounds, released=int(released))))

    def sessions(self, slug: str, first: int, last: int) -> list[tuple[int, SessionHeadline]]:
        """Walk an index that holds them in the order of their release."""
        first, last = max(first, 1), min(last, LAST)
        if last < first:
            return []
        rows = self._rows("sessions", serial=slug, run=MAIN, count=last - first + 1, skipped=first - 1)
        return list(self._read((part, codec.session(columns)) for part, *columns in rows))

    def totals(self, slug: str) -> Totals:
        """Add up the index."""
        ((parts, released_parts, sessions, released_sessions, search_size),) = self._rows(
            "totals", serial=slug, run=MAIN
        )
        return Totals(
            parts=parts,
            released_parts=released_parts,
            sessions=sessions,
            released_sessions=released_sessions,
            search_size=search_size,
        )

    def releases(self, slug: str, numbers: Iterable[int]) -> Iterator[Release]:
        """Yield each Part as of the moment it is reached."""
        for number in numbers:
            with self._reading():
                found, body = self._kept(slug, number)
            try:
                whole = codec.release(found, body)
            except codec.NONSENSE as error:
                raise damaged(self.path) from error
            yield whole

    def _kept(self, slug: str, number: int) -> tuple[Headline, str]:
        for found in self.headlines(slug, first=number, last=number):
            for (body,) in self._rows("text", serial=slug, run=MAIN, number=number):
                return found, body
            raise damaged(self.path)
        raise KeyError(f"{slug} has no part {number}")

    # Changing Parts

    def ingest(
        self, state: SerialState, *, planned: Iterable[Release], edited: Iterable[Release] = (), repaced: bool = False
    ) -> None:
        """Make room first, so that a session can move from one Part to another; then put everything in."""
        edited = tuple(edited)
        with self._writing():
            self._wake(state.slug)
            if repaced:
                self._run("wake_repaced", serial=state.slug)
            self._run("keep_serial", **codec.serial_values(state))
            self._run("drop_planned", serial=state.slug, run=MAIN)
            for release in edited:
                self._run("drop_sessions", serial=state.slug, run=MAIN, part=release.part.number)
            for release in edited:
                self._edit(*codec.apart(state.slug, release))
            for release in planned:
                self._plan(*codec.apart(state.slug, release))
            self._run("move_revision")

    def _edit(self, found: Headline, body: str) -> None:
        if not self._run("edit_part", **codec.part_values(found)):
            raise KeyError(f"{found.serial} has no released part {found.number}")
        self._keep(found, body, released=1)

    def _plan(self, found: Headline, body: str) -> None:
        if self._run("plan_part", **codec.part_values(found)):
            self._keep(found, body, released=0)
        elif not self._rows("released", serial=found.serial, run=found.run, number=found.number)[0][0]:
            raise ValueError(f"part {found.number} of {found.serial} is planned twice")

    def _keep(self, found: Headline, body: str, *, released: int) -> None:
        self._run("keep_text", serial=found.serial, run=found.run, number=found.number, body=body)
        for values in codec.session_values(found):
            try:
                self._run("keep_session", **values | {"released": released})
            except sqlite3.IntegrityError as error:
                raise ValueError(f"session stands in two parts of {found.serial}: {values['id']}") from error

    def release(self, slug: str, headlines: Iterable[Headline], *, now: dt.datetime) -> dict[int, int]:
        """Set moments, dates, `released_at` and digest of each Part that is not out, and open its Issue."""
        wanted = tuple(headlines)
        with self._writing():
            self._wake(slug)
            going = [each.number for each in wanted if self._retime(slug, each, released_at=now)]
            if going:
                self._run("start_serial", slug=slug, now=codec.microseconds(now))
                self._run("move_revision")
            return {number: self._fan_out(slug, number, now) for number in going}

    def _fan_out(self, slug: str, number: int, now: dt.datetime) -> int:
        """Queue a Part's Issue for everybody who listens; return how many that are."""
        at = codec.microseconds(now)
        for (issue,) in self._rows("open_issue", serial=slug, run=MAIN, part=number, now=at):
            return self._run("fan_out", issue=issue, serial=slug, run=MAIN, now=at)
        return 0

    def _wake(self, slug: str) -> None:
        """Let Replays that wait for what is public be looked at."""
        self._run("wake_replays", serial=slug, run=MAIN)

    def will(self, slug: str) -> Will:
        """Look it up."""
        for held_at, eases, ahead in self._rows("will", serial=slug):
            return Will(held_at=held_at and codec.instant(held_at), eases=bool(eases), ahead=ahead)
        return Will()

    def keep_will(self, slug: str, will: Will) -> None:
        """Keep a row for as long as it says something."""
        with self._writing():
            before = self.will(slug)
            if will == Will():
                self._run("drop_will", serial=slug)
            elif will != before:
                self._run("keep_will", serial=slug, **codec.will_values(will))
            if (will.held_at is None) != (before.held_at is None):
                self._run("move_revision")

    def mail_waits(self) -> bool:
        """Look at the heads of two indexes."""
        return bool(self._rows("mail_waits")[0][0])

    def next_turn(self) -> dt.datetime | None:
        """Look at the head of an index."""
        ((next_at,),) = self._rows("next_replay")
        return None if next_at is None else codec.instant(next_at)

    def move(self, slug: str, headlines: Iterable[Headline]) -> None:
        """Set moments, dates and digest of each Part that is not out."""
        wanted = tuple(headlines)
        with self._writing():
            self._wake(slug)
            if sum(self._retime(slug, each, released_at=None) for each in wanted):
                self._run("move_revision")

    def _retime(self, slug: str, wanted: Headline, *, released_at: dt.datetime | None) -> bool:
        """Say whether that changed the Part: it was still to come; one that nobody knows is a KeyError."""
        found, body = self._kept(slug, wanted.number)
        new = codec.retimed(found, wanted, body, released_at=released_at)
        if found.released_at is not None or new == found:
            return False
        self._run("retime_part", **codec.part_values(new))
        for values in codec.session_values(new):
            self._run("retime_session", **values)
        return True

    # Files and fragments

    def built_files(self, paths: Iterable[str] | None = None) -> dict[str, BuiltFile]:
        """Look each path up, or read the whole table."""
        if paths is None:
            return {row[0]: codec.file(row) for row in self._rows("all_files")}
        return {row[0]: codec.file(row) for row in self._found("file", paths)}

    def built_count(self) -> int:
        """Count, in the index alone."""
        return int(self._rows("count_files")[0][0])

    def built_slice(self, turn: int, count: int) -> list[BuiltFile]:
        """Walk the paths up to the slice."""
        files = self.built_count()
        first = turn % -(-files // count) * count if files else 0
        return [codec.file(row) for row in self._rows("slice_of_files", first=first, count=count)]

    def remember_built(
        self, written: Iterable[BuiltFile], *, removed: Iterable[str] = (), built: int | None = None
    ) -> None:
        """Forget before keeping: a path in both was written again."""
        written, removed = tuple(written), tuple(removed)
        with self._writing():
            for path in removed:
                self._run("forget_file", path=path)
            for each in written:
                self._run("keep_file", **codec.file_values(each))
            if built is not None:
                self._run("remember_revision", built=built)

    def fragments(self, keys: Iterable[str]) -> dict[str, str]:
        """Look all keys up in one statement."""
        import json  # headlines and plans do without

        return dict(self._rows("fragments", keys=json.dumps(list(keys))))

    def keep_fragments(self, fragments: Mapping[str, str], *, only: bool = False) -> None:
        """Drop only what goes: rewriting what stays would cost the more, the larger the publication is."""
        with self._writing():
            if only:
                for (key,) in self._rows("fragment_keys"):
                    if key not in fragments:
                        self._run("drop_fragment", key=key)
            for key, text in fragments.items():
                self._run("keep_fragment", key=key, text=text)

    def copy(self) -> MemoryStore:
        """Read everything but the fragments, which the copy looks up here."""
        with self._reading():
            serials = [codec.serial(row) for row in self._rows("all_serials")]
            copied = MemoryStore(
                state=self.build_state(),
                serials=serials,
                parts=[part for serial in serials for part in self._parts(serial.slug)],
                files=self.built_files().values(),
                cache=self.fragments,
                wills={serial.slug: self.will(serial.slug) for serial in serials},
                listeners=lambda slug: int(self._rows("listeners", serial=slug, run=MAIN)[0][0]),
            )
        copied.path = self.path
        return copied

    def _parts(self, slug: str) -> Iterator[tuple[Headline, str]]:
        texts: dict[int, str] = dict(self._rows("texts", serial=slug, run=MAIN))
        for found in self.headlines(slug):
            yield found, texts[found.number]

    def close(self) -> None:
        """Close the connection; the last one folds the log into the file."""
        with self._telling:
            if self._opened:
                self._opened.close()

    # Statements

    def _read(self, found: Iterator[T]) -> Iterator[T]:
        """Yield what is read from rows; rows that make no sense are damage."""
        try:
            yield from found
        except codec.NONSENSE as error:
            raise damaged(self.path) from error

    def _stream(self, name: str, **values: object) -> Iterator[codec.Row]:
        with self._telling:
            for row in self._db.execute(load(name), values):  # noqa: UP028  it would close the cursor after its record
                yield row

    def _found(self, name: str, keys: Iterable[str]) -> Iterator[codec.Row]:
        statement = load(name)
        for key in keys:
            with self._telling:
                rows = self._db.execute(statement, (key,)).fetchall()
            yield from rows

    def _reading(self) -> AbstractContextManager[None]:
        return self._transaction("begin")
