"""Take in what an author left in the publication folder: recaps become planned Releases, edits reach what is out."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from cnddigest.ports.files import Inputs
from cnddigest.ports.record import Headline, SerialState, Store
from cnddigest.recap.model import NO_CLOSING, NOTHING, Recap
from cnddigest.serial import identity, plan
from cnddigest.serial.model import Part, Release, Serial, SessionEntry
from cnddigest.usecases import about
from cnddigest.usecases.report import Remark
from cnddigest.usecases.shop import Shop


def ingest(shop: Shop) -> list[Remark]:
    """Bring the record up to the publication folder.

    Every recap is read before the first one is recorded: one that can't be read changes nothing at all.
    Raises BadRecap.
    """
    recaps = [(serial, read(shop.inputs, serial)) for serial in shop.publication.serials]
    return [remark for serial, recap in recaps for remark in take(shop, serial, recap)]


def read(inputs: Inputs, serial: Serial) -> Recap:
    """Return a Serial's recap, with what its conference's schedule adds."""
    from cnddigest.recap import (
        corrections,
        outline,
        source,
    )  # word lists and patterns: heavy, and only read when something changed

    recap = outline.read(
        [source.decode(path, data) for path, data in inputs.recap(serial.recaps)],
        [corrections.decode(path, data) for path, data in inputs.corrections(serial.recaps)],
    )
    return _scheduled(recap, inputs, serial) if serial.schedules else recap


def _scheduled(recap: Recap, inputs: Inputs, serial: Serial) -> Recap:
    from cnddigest.recap.schedule import enrich

    return enrich.from_files(recap, inputs.schedule(serial.schedules), serial.cadence.timezone)


def replan(store: Store, serial: Serial, *, now: dt.datetime) -> None:
    """Plan the moments of what is not out anew, for a Serial that has not started."""
    headlines = list(store.headlines(serial.slug))
    parts = [_bare(release.part) for release in store.releases(serial.slug, [one.number for one in headlines])]
    moments = plan.moments(parts, serial.cadence, now=now)
    if list(moments) != [one.release_at for one in headlines]:
        store.move(serial.slug, list(dated(headlines, moments, None, moments)))


def _bare(part: Part) -> Part:
    """Return a Part without its text: a plan asks for days and counts, and all Parts at once."""
    chapters = tuple(
        replace(
            chapter,
            introduction=NOTHING,
            sessions=tuple(replace(session, prose=NOTHING) for session in chapter.sessions),
        )
        for chapter in part.chapters
    )
    return replace(part, introduction=NOTHING, chapters=chapters, closing=NO_CLOSING)


def dated(
    headlines: Sequence[Headline],
    planned: Sequence[dt.datetime],
    before: Headline | None,
    moments: Sequence[dt.datetime],
) -> Iterator[Headline]:
    """Yield the first of these Parts with new moments, and their sessions dated after those of the Part before.

    The plan has them at `planned`.
    """
    floor = _last_date(before)
    for headline, planned_at, release_at in zip(headlines, planned, moments, strict=False):
        dates = plan.session_moments(release_at, len(headline.sessions), not_before=floor)
        yield replace(
            headline,
            release_at=release_at,
            planned_at=None if planned_at == release_at else planned_at,
            updated_at=release_at,
            sessions=tuple(
                replace(session, published_at=date, updated_at=date)
                for session, date in zip(headline.sessions, dates, strict=True)
            ),
        )
        floor = dates[-1] if dates else floor


def _last_date(headline: Headline | None) -> dt.datetime | None:
    return max((session.published_at for session in headline.sessions), default=None) if headline else None


def take(shop: Shop, serial: Serial, recap: Recap) -> list[Remark]:
    """Record a reading: edits of what is out, and everything else planned anew."""
    from cnddigest.serial import revision
    from cnddigest.usecases import curator

    store = shop.store
    state = store.serial(serial.slug)
    recap, album = curator.illustrated(shop.inputs, serial, recap, state)
    started_at = state.started_at if state else None
    released, waiting = _known(store, serial.slug)
    now = max([shop.now, *(release.updated_at for release in released)])  # a clock may have gone back
    revised = revision.revise(
        released,
        recap,
        serial.cadence.parts,
        title=about.title(shop.publication, serial, recap),
        more=shop.templates().words.text(" and {count} more", count="{count}"),
        now=now,
        waiting=waiting,
    )
    out = _current(released, revised.edited)
    parts = (*(release.part for release in out), *revised.parts)
    moments = plan.moments(
        parts,
        serial.cadence,
        now=now,
        started_at=started_at,
        done=[release.planned_at or release.release_at for release in out],
        known=store.totals(serial.slug).parts,
    )
    told = about.describe(shop.publication, serial, recap, parts, curator.noted(album, parts))
    new = replace(state, about=told) if state else SerialState(slug=serial.slug, tag=_tag(shop, serial), about=told)
    store.ingest(
        new,
        planned=_planned(serial.slug, revised.parts, moments, out),
        edited=revised.edited,
        repaced=state is not None and about.tempo(state) != about.tempo(new),
    )
    return [Remark(about=recap.source.path, finding=finding) for finding in (*recap.findings, *revised.findings)]


def _current(released: Iterable[Release], edited: Iterable[Release]) -> list[Release]:
    """Return what is out, each Part as it was edited."""
    new = {release.part.number: release for release in edited}
    return [new.get(release.part.number, release) for release in released]


def _known(store: Store, slug: str) -> tuple[list[Release], set[str]]:
    """Return what is out with its text, and the ids of the sessions that wait."""
    out: list[int] = []
    waiting: set[str] = set()
    for headline in store.headlines(slug):
        if headline.released_at:
            out.append(headline.number)
        else:
            waiting.update(session.id for session in headline.sessions)
    return list(store.releases(slug, out)), waiting


def _planned(
    slug: str, parts: Sequence[Part], moments: Sequence[dt.datetime], out: Sequence[Release]
) -> Iterator[Release]:
    floor = max((entry.published_at for release in out for entry in release.entries), default=None)
    counts = [len(part.sessions) for part in parts]
    coming = plan.behind(moments, counts, out[-1].release_at if out else None)
    for part, planned_at, release_at in zip(parts, moments, coming, strict=True):
        dates = plan.session_moments(release_at, len(part.sessions), not_before=floor)
        floor = dates[-1] if dates else floor
        yield Release(
            serial=slug,
            part=part,
            release_at=release_at,
            planned_at=None if planned_at == release_at else planned_at,
            updated_at=release_at,
            entries=tuple(
                SessionEntry(session_id=session.id, published_at=date, updated_at=date)
                for session, date in zip(part.sessions, dates, strict=True)
            ),
        )


def _tag(shop: Shop, serial: Serial) -> str:
    """Return what begins the Serial's entry ids: the host and the year in which it was first seen."""
    host = urlsplit(shop.publication.base_url).hostname or ""
    return identity.tag(host, shop.now.astimezone(serial.cadence.timezone).year, serial.slug)
