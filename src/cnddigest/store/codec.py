"""Releases as the record keeps them: a Headline, the text as JSON, and rows of plain values."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from cnddigest.ports.record import BuiltFile, Headline, SerialState, SessionHeadline, Will
from cnddigest.recap.model import Session
from cnddigest.serial.model import MAIN, Part, Release, SessionEntry
from cnddigest.values import from_json, to_json

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)

Row = tuple[Any, ...]
Values = dict[str, object]  # the parameters of one statement
NONSENSE = (TypeError, ValueError, OverflowError)  # what reading bytes raises that somebody else wrote
PART_COLUMNS = 10  # of a row of `headlines`; its session's stand behind them


def microseconds(at: dt.datetime) -> int:
    """Return an aware instant as the record keeps it; a naive one is a TypeError."""
    return (at - EPOCH) // MICROSECOND


def instant(count: int) -> dt.datetime:
    """Return the instant that `microseconds` gave, in UTC."""
    return EPOCH + dt.timedelta(microseconds=count)


def _perhaps(count: int | None) -> dt.datetime | None:
    return None if count is None else instant(count)


def will_values(will: Will) -> Values:
    """Return what a publisher wants as the parameters of its statement."""
    held_at = None if will.held_at is None else microseconds(will.held_at)
    return {"held_at": held_at, "eases": int(will.eases), "ahead": will.ahead}


def apart(slug: str, release: Release) -> tuple[Headline, str]:
    """Return a Release as it is kept: its Headline, and its Part as JSON.

    Raises ValueError for a Release of another Serial or of a run that is not the public one.
    """
    if (release.serial, release.run) != (slug, MAIN):
        raise ValueError(f"not of the main run of {slug}: {release.serial}/{release.run}")
    body = to_json(release.part).decode()
    return headline(release, body), body


def headline(release: Release, body: str) -> Headline:
    """Return what lists need of a Release whose Part was written as `body`.

    Raises ValueError where its entries are not those of its Part's sessions, in their order.
    """
    if [entry.session_id for entry in release.entries] != [session.id for session in release.part.sessions]:
        raise ValueError(f"entries are not those of the sessions: {release.serial} {release.part.id}")
    return signed(
        Headline(
            serial=release.serial,
            run=release.run,
            number=release.part.number,
            title=release.part.title,
            day=release.part.day,
            release_at=release.release_at,
            planned_at=release.planned_at,
            released_at=release.released_at,
            updated_at=release.updated_at,
            digest="",
            sessions=tuple(map(_session, release.part.sessions, release.entries)),
        ),
        body,
    )


def _session(session: Session, entry: SessionEntry) -> SessionHeadline:
    return SessionHeadline(
        id=session.id,
        number=session.number,
        title=session.title,
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        withdrawn=entry.withdrawn,
        size=len("\n".join((session.title, *session.prose.paragraphs)).encode()),
    )


def release(found: Headline, body: str) -> Release:
    """Return the Release that `apart` took apart; JSON that is no Part, or another one, is among NONSENSE."""
    part = from_json(body, Part)
    if {session.id for session in part.sessions} != {session.id for session in found.sessions}:
        raise ValueError(f"part {found.number} and its text have other sessions")
    return Release(
        serial=found.serial,
        run=found.run,
        part=part,
        release_at=found.release_at,
        planned_at=found.planned_at,
        released_at=found.released_at,
        updated_at=found.updated_at,
        entries=tuple(
            SessionEntry(
                session_id=session.id,
                published_at=session.published_at,
                updated_at=session.updated_at,
                withdrawn=session.withdrawn,
            )
            for session in found.sessions
        ),
    )


def signed(found: Headline, body: str) -> Headline:
    """Return it with the digest of all that a page of this Part shows: its text, its moments, its sessions' flags."""
    import hashlib

    shown = [f"{microseconds(found.release_at)} {microseconds(found.updated_at)}"]
    shown += [
        f"{session.id} {microseconds(session.published_at)} {microseconds(session.updated_at)} {session.withdrawn:d}"
        for session in found.sessions
    ]
    digest = hashlib.sha256(body.encode())  # on its own: a body may be large
    digest.update("".join(f"\n{line}" for line in shown).encode())
    return replace(found, digest=digest.hexdigest())


def retimed(found: Headline, wanted: Headline, body: str, *, released_at: dt.datetime | None) -> Headline:
    """Return a kept Headline with the moments of another one; a session it does not have is a KeyError."""
    dates = {session.id: session for session in wanted.sessions}
    if strangers := dates.keys() - {session.id for session in found.sessions}:
        raise KeyError(f"part {found.number} has no such session: {', '.join(sorted(strangers))}")
    sessions = tuple(
        replace(session, published_at=new.published_at, updated_at=new.updated_at)
        if (new := dates.get(session.id))
        else session
        for session in found.sessions
    )
    moved = replace(
        found,
        release_at=wanted.release_at,
        planned_at=wanted.planned_at,
        updated_at=wanted.updated_at,
        released_at=released_at,
        sessions=sessions,
    )
    return signed(moved, body)


def part_values(found: Headline) -> Values:
    """Return the columns of table `part`."""
    return {
        "serial": found.serial,
        "run": found.run,
        "number": found.number,
        "title": found.title,
        "day": found.day,
        "release_at": microseconds(found.release_at),
        "released_at": None if found.released_at is None else microseconds(found.released_at),
        "updated_at": microseconds(found.updated_at),
        "digest": found.digest,
        "planned_at": None if found.planned_at is None else microseconds(found.planned_at),
        "sessions": len(found.sessions),
        "search_size": sum(session.size for session in found.sessions),
    }


def session_values(found: Headline) -> Iterator[Values]:
    """Yield the columns of table `session`, a row at a time."""
    for position, session in enumerate(found.sessions, start=1):
        yield {
            "serial": found.serial,
            "run": found.run,
            "part": found.number,
            "position": position,
            "id": session.id,
            "number": session.number,
            "title": session.title,
            "published_at": microseconds(session.published_at),
            "updated_at": microseconds(session.updated_at),
            "withdrawn": int(session.withdrawn),
            "size": session.size,
            "released": int(found.released_at is not None),
        }


def headlines(rows: Iterable[Row]) -> Iterator[Headline]:
    """Yield a Headline for each run of rows of one Part: its columns, then those of a session or nothing."""
    for columns, group in groupby(rows, key=itemgetter(slice(PART_COLUMNS))):
        serial, run, number, title, day, release_at, released_at, updated_at, digest, planned_at = columns
        yield Headline(
            serial=serial,
            run=run,
            number=number,
            title=title,
            day=day,
            release_at=instant(release_at),
            released_at=_perhaps(released_at),
            updated_at=instant(updated_at),
            digest=digest,
            planned_at=_perhaps(planned_at),
            sessions=tuple(session(row[PART_COLUMNS:]) for row in group if row[PART_COLUMNS] is not None),
        )


def session(columns: Sequence[Any]) -> SessionHeadline:
    """Return the columns of table `session` from `id` on."""
    name, number, title, published_at, updated_at, withdrawn, size = columns
    return SessionHeadline(
        id=name,
        number=number,
        title=title,
        published_at=instant(published_at),
        updated_at=instant(updated_at),
        withdrawn=bool(withdrawn),
        size=size,
    )


def serial(row: Row) -> SerialState:
    """Return a row of table `serial`."""
    slug, tag, started_at, about = row
    return SerialState(slug=slug, tag=tag, started_at=_perhaps(started_at), about=about)


def serial_values(state: SerialState) -> Values:
    """Return the columns of table `serial`."""
    started_at = None if state.started_at is None else microseconds(state.started_at)
    return {"slug": state.slug, "tag": state.tag, "started_at": started_at, "about": state.about}


def file(row: Row) -> BuiltFile:
    """Return a row of table `file`."""
    path, key, size, mtime_ns = row
    return BuiltFile(path=path, key=key, size=size, mtime_ns=mtime_ns)


def file_values(found: BuiltFile) -> Values:
    """Return the columns of table `file`."""
    return {"path": found.path, "key": found.key, "size": found.size, "mtime_ns": found.mtime_ns}
