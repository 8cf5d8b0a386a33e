"""Schedules as pretalx and frab write them, JSON and XML: days of rooms of events."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from cnddigest.recap.model import Link
from cnddigest.recap.schedule import fields, times
from cnddigest.recap.schedule.fields import Record
from cnddigest.recap.schedule.model import ScheduleEvent

if TYPE_CHECKING:
    from lxml.etree import _Element

SOURCE = "frab"
KEYS = ("guid", "code", "id", "slug")  # `guid` is the only one that never repeats


def is_json(document: Record) -> bool:
    """Say whether a JSON document is a schedule.json."""
    return bool(fields.record(fields.record(document.get("schedule")).get("conference")).get("days"))


def from_json(document: Record, zone: dt.tzinfo) -> Iterator[ScheduleEvent]:
    """Yield the talks of a schedule.json."""
    schedule = fields.record(document.get("schedule"))
    conference = fields.record(schedule.get("conference"))
    zone = times.zone(fields.text(conference.get("time_zone_name")), zone)
    base = fields.address(schedule.get("base_url")) or ""
    for day in fields.records(conference.get("days")):
        for room, rows in fields.record(day.get("rooms")).items():
            for row in fields.records(rows):
                yield from _event(row, day, room, zone, base)


def from_xml(data: bytes, zone: dt.tzinfo) -> Iterator[ScheduleEvent] | None:
    """Yield the talks of a schedule.xml; None for bytes that are none.

    Entities stay unread and no other file is opened, so a few kilobytes can't become gigabytes.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    return _of_root(root, zone) if root.tag == "schedule" else None


def _of_root(root: "_Element", zone: dt.tzinfo) -> Iterator[ScheduleEvent]:
    zone = times.zone(_said(root, "conference/time_zone_name"), zone)
    base = fields.address(_said(root, "conference/base_url")) or ""
    for day in root.iterfind("day"):
        for room in day.iterfind("room"):
            for event in room.iterfind("event"):
                yield from _event(_row(event), _attributes(day), room.get("name") or "", zone, base)


def _row(event: "_Element") -> Record:
    """Return an event of the XML as the JSON has it."""
    row = _attributes(event)
    row |= {child.tag: child.text or "" for child in event if isinstance(child.tag, str) and not len(child)}
    row["persons"] = [{"name": person.text or ""} for person in event.iterfind("persons/person")]
    for name, of in (("links", "link"), ("attachments", "attachment")):
        found = event.iterfind(f"{name}/{of}")
        row[name] = [{"url": link.get("href"), "title": link.text or ""} for link in found]
    return row


def _attributes(element: "_Element") -> dict[str, object]:
    return {str(name): value for name, value in element.items()}


def _said(element: "_Element", path: str) -> str:
    return fields.text(element.findtext(path))


def _event(row: Record, day: Record, room: str, zone: dt.tzinfo, base: str) -> Iterator[ScheduleEvent]:
    title = fields.text(row.get("title"))
    if not title:
        return
    at = times.moment(row.get("date"), zone)
    clock = times.clock(row.get("start")) or (at.time() if at else None)
    date = times.day(day.get("date")) or (times.conference_day(at) if at else None)
    index = fields.text(day.get("index"))
    keys = fields.texts(row.get(key) for key in KEYS)
    starts = dt.datetime.combine(date or dt.date(2000, 1, 1), clock) if clock else None
    people = fields.records(row.get("persons"))
    yield ScheduleEvent(
        source=SOURCE,
        id=keys[0] if keys else title,
        title=title,
        keys=keys,
        url=_address(row.get("url"), base),
        date=date,
        # A day runs from four to four: its number is right where an event's own date is not.
        day=int(index) if index.isdecimal() and len(index) < 4 else None,
        starts_at=times.written(clock),
        ends_at=times.end(starts, times.length(row.get("duration"))),
        room=fields.perhaps(room) or fields.perhaps(row.get("room")),
        track=fields.perhaps(row.get("track")),
        language=fields.language(row.get("language")),
        speakers=fields.texts(fields.text(one.get("public_name")) or one.get("name") for one in people),
        links=tuple(_links(row, base)),
    )


def _links(row: Record, base: str) -> Iterator[Link]:
    for link in (*fields.records(row.get("links")), *fields.records(row.get("attachments"))):
        if url := _address(link.get("url"), base):
            yield Link(label=fields.text(link.get("title")) or url, url=url)


def _address(value: object, base: str) -> str | None:
    try:
        return fields.address(urljoin(base, value)) if isinstance(value, str) and value.strip() else None
    except ValueError:
        return None
