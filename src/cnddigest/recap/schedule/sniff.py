"""Which format a schedule is in, by its content: names of files say little."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cnddigest.errors import BadSchedule
from cnddigest.recap.encoding import decoded
from cnddigest.recap.schedule import csv, dreamkast, fields, frab, ics, sessionize
from cnddigest.recap.schedule.fields import Record
from cnddigest.recap.schedule.model import ScheduleEvent
from cnddigest.values import from_json

MAX_BYTES = 16 * 1024 * 1024  # the largest schedule of a conference that is known to us has 6 MiB
MOST_EVENTS = 20_000
MOST_VALUES = 1_000_000  # of a JSON document: each takes 50 bytes and more, whatever it says
KNOWN = "known are Dreamkast, pretalx and frab (JSON, XML), Sessionize, iCalendar and CSV with a title column"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A schedule's file as far as its outer shape is known."""

    path: str
    document: Any = None  # of JSON
    events: Iterator[ScheduleEvent] | None = None  # of anything else

    @property
    def rows(self) -> list[Record]:
        return fields.records(self.document)


def events(files: Sequence[tuple[str, bytes]], zone: dt.tzinfo) -> tuple[ScheduleEvent, ...]:
    """Read the files that form one schedule, given by path and bytes; `zone` is that of times without any.

    Dreamkast says it in up to three files: talks, tracks, speakers. A talk that several files have is there once.
    Raises BadSchedule where a file is in no known format or has no talk.
    """
    opened = [_opened(path, data, zone) for path, data in files]
    lookups = [file.rows for file in opened if dreamkast.is_lookup(file.rows)]
    found: list[ScheduleEvent] = []
    for file in opened:
        if not dreamkast.is_lookup(file.rows):
            found += _once(_events(file, lookups, zone), file.path)
    if lookups and not found:
        hint = "name the file of the talks too: schedule = [talks, tracks, speakers]"
        raise BadSchedule(f"schedule has no talks: {opened[0].path}", hint=hint)
    return _numbered(_distinct(found))


def _opened(path: str, data: bytes, zone: dt.tzinfo) -> _Opened:
    if len(data) > MAX_BYTES:
        raise BadSchedule(f"schedule is larger than {MAX_BYTES // 2**20} MiB: {path}")
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return _Opened(path=path, events=frab.from_xml(data.lstrip(b"\xef\xbb\xbf \t\r\n"), zone))
    decoding = decoded(data)
    text = decoding.text if decoding else ""
    if text.lstrip()[:1] in ("{", "["):
        return _Opened(path=path, document=_json(text))
    return _Opened(path=path, events=ics.events(text, zone) or csv.events(text, zone))


def _json(text: str) -> Any:
    if sum(map(text.count, "[{,")) > MOST_VALUES:
        return None
    try:
        return from_json(text, object)
    except (ValueError, RecursionError):
        return None


def _events(file: _Opened, lookups: Sequence[Sequence[Record]], zone: dt.tzinfo) -> Iterable[ScheduleEvent]:
    found = file.events
    if dreamkast.is_talks(file.rows):
        found = dreamkast.events(file.rows, lookups, zone)
    elif frab.is_json(fields.record(file.document)):
        found = frab.from_json(fields.record(file.document), zone)
    elif sessionize.rows(file.document):
        found = sessionize.events(file.document, zone)
    if found is None:
        raise BadSchedule(f"schedule is in no known format: {file.path}", hint=KNOWN)
    return found


def _once(found: Iterable[ScheduleEvent], path: str) -> list[ScheduleEvent]:
    events = list(itertools.islice(found, MOST_EVENTS + 1))
    if not events:
        raise BadSchedule(f"schedule has no talks: {path}", hint=KNOWN)
    if len(events) > MOST_EVENTS:
        raise BadSchedule(f"schedule has more than {MOST_EVENTS} talks: {path}")
    return events


def _distinct(found: Iterable[ScheduleEvent]) -> Iterator[ScheduleEvent]:
    """Yield each talk once: one title, at one time, in one place."""
    seen = set()
    for event in found:
        place = (event.title, event.date, event.starts_at, event.room)
        if place not in seen:
            seen.add(place)
            yield event


def _numbered(found: Iterable[ScheduleEvent]) -> tuple[ScheduleEvent, ...]:
    """Count the days where the file does not."""
    events = tuple(found)
    dates = sorted({event.date for event in events if event.date})
    number = {date: place for place, date in enumerate(dates, start=1)}
    return tuple(
        replace(event, day=number[event.date]) if event.day is None and event.date else event for event in events
    )
