"""A recap with what its conference's schedule adds: only where the author said nothing, and always with its source."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from cnddigest.recap import links
from cnddigest.recap.model import Day, Link, Provenance, Recap, Session
from cnddigest.recap.schedule import findings, sniff
from cnddigest.recap.schedule.matching import match
from cnddigest.recap.schedule.model import ScheduleEvent

SOURCE = "schedule: "  # what every Provenance of ours begins with; the format follows
FIELDS = ("speakers", "room", "track", "starts_at", "language", "level", "url")
LINKS = ("slides", "video", "code")  # kinds of links that a schedule may add


def from_files(recap: Recap, files: Sequence[tuple[str, bytes]], zone: dt.tzinfo) -> Recap:
    """Return the recap with what the files of its schedule, given by path and bytes, add; raises BadSchedule."""
    return enrich(recap, sniff.events(files, zone))


def enrich(recap: Recap, events: Sequence[ScheduleEvent]) -> Recap:
    """Return the recap with empty fields of its sessions filled, missing dates of its days, and what to check.

    Nothing that the author wrote changes. Doing it twice is doing it once.
    """
    recap = as_written(recap)
    matching = match(recap, events)
    talks = {found.session.number: found.event for found in matching.matches}
    dates = Counter(day.date or _date(day, talks) for day in recap.days)
    days = tuple(_dated(_day(day, talks), _date(day, talks), dates) for day in recap.days)
    dated = {old.line or 1 for old, new in zip(recap.days, days, strict=True) if new.date and not old.date}
    kept = [one for one in recap.findings if one.rule != "no-date" or one.line not in dated]
    enriched = replace(recap, days=days)
    found = findings.of(recap, enriched, matching)
    return replace(enriched, findings=tuple(sorted([*kept, *found], key=lambda finding: finding.line)))


def as_written(recap: Recap) -> Recap:
    """Return the recap without what a schedule added before."""
    dated = {finding.line for finding in recap.findings if finding.rule == findings.DATE}
    days = (
        replace(
            day,
            date=None if (day.line or 1) in dated else day.date,
            sessions=tuple(_as_written(session) for session in day.sessions),
        )
        for day in recap.days
    )
    kept = (finding for finding in recap.findings if finding.rule not in findings.RULES)
    return replace(recap, days=tuple(days), findings=tuple(kept))


def _as_written(session: Session) -> Session:
    """Undo what `added` tells: each field once, and each of the last links."""
    names = [one.field for one in session.added if one.source.startswith(SOURCE)]
    if not names:
        return session
    empty: dict[str, Any] = {name: () if name == "speakers" else None for name in names}
    empty["links"] = session.links[: len(session.links) - names.count("links")]
    others = (one for one in session.added if not one.source.startswith(SOURCE))
    return replace(session, **empty, added=tuple(others))


def _day(day: Day, talks: Mapping[int, ScheduleEvent]) -> Day:
    filled = (_filled(one, talks[one.number]) if one.number in talks else one for one in day.sessions)
    return replace(day, sessions=tuple(filled))


def _filled(session: Session, event: ScheduleEvent) -> Session:
    source = SOURCE + event.source
    said: dict[str, Any] = {
        name: getattr(event, name) for name in FIELDS if getattr(event, name) and not getattr(session, name)
    }
    starts_at = session.starts_at or event.starts_at
    # An end belongs to its start: the author may have seen the talk at another time.
    if event.ends_at and not session.ends_at and starts_at == event.starts_at:
        said["ends_at"] = event.ends_at
    more = tuple(_more_links(session, event))
    added = tuple(Provenance(field=name, source=source) for name in (*said, *["links" for _ in more]))
    said["links"] = (*session.links, *more)
    return replace(session, **said, added=(*session.added, *added)) if added else session


def _more_links(session: Session, event: ScheduleEvent) -> Iterator[Link]:
    """Yield slides, video and code of kinds that the author links to nowhere."""
    own = (*session.links, *([Link(label="", url=session.url)] if session.url else []))
    kinds, addresses = {links.kind(link) for link in own}, {link.url for link in own}
    for link in event.links:
        if links.kind(link) in LINKS and links.kind(link) not in kinds and link.url not in addresses:
            addresses.add(link.url)
            yield link


def _date(day: Day, talks: Mapping[int, ScheduleEvent]) -> dt.date | None:
    """Return the date on which all known talks of a day were."""
    dates = {talks[session.number].date for session in day.sessions if session.number in talks}
    return dates.pop() if len(dates) == 1 else None


def _dated(day: Day, date: dt.date | None, dates: Counter[dt.date | None]) -> Day:
    """Fill in a missing date; one that another day has too is in doubt."""
    return replace(day, date=date) if date and day.label and not day.date and dates[date] == 1 else day
