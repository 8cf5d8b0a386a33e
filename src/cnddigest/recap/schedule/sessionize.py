"""Schedules of Sessionize: its API views of all data, of sessions, and of the grid."""

import datetime as dt
from collections.abc import Iterator, Mapping

from cnddigest.recap.links import VIDEO
from cnddigest.recap.model import Link
from cnddigest.recap.schedule import fields, times
from cnddigest.recap.schedule.fields import Record
from cnddigest.recap.schedule.model import ScheduleEvent

SOURCE = "sessionize"
OUT = {"declined", "cancelled", "withdrawn"}
# What organisers call the category that says it; each makes up their own.
LEVELS = {"level", "session level", "difficulty", "niveau", "レベル", "難易度"}
LANGUAGES = {"language", "session language", "sprache", "langue", "språk", "言語"}
TRACKS = {"track", "トラック"}


def rows(document: object) -> list[Record]:
    """Return the sessions of any view, none for another document."""
    found = fields.records(fields.record(document).get("sessions"))
    for group in fields.records(document):
        found += fields.records(group.get("sessions"))
        for room in fields.records(group.get("rooms")):
            found += fields.records(room.get("sessions"))
    return [row for row in found if "title" in row and "startsAt" in row]


def events(document: object, zone: dt.tzinfo) -> Iterator[ScheduleEvent]:
    """Yield the talks of a view; a service session is a break."""
    whole = fields.record(document)
    speakers = _named(whole, "speakers", "fullName")
    rooms = _named(whole, "rooms", "name")
    categories = list(_categories(whole))
    for row in rows(document):
        is_out = fields.text(row.get("status")).lower() in OUT
        if fields.text(row.get("title")) and row.get("isServiceSession") is not True and not is_out:
            yield _event(row, speakers, rooms, categories, zone)


def _named(whole: Record, name: str, field: str) -> dict[str, str]:
    return {fields.text(row.get("id")): fields.text(row.get(field)) for row in fields.records(whole.get(name))}


def _categories(whole: Record) -> Iterator[tuple[str, dict[str, str]]]:
    for category in fields.records(whole.get("categories")):
        yield fields.text(category.get("title")).casefold(), _named(category, "items", "name")


def _event(
    row: Record,
    speakers: Mapping[str, str],
    rooms: Mapping[str, str],
    categories: list[tuple[str, dict[str, str]]],
    zone: dt.tzinfo,
) -> ScheduleEvent:
    at, ends = times.moment(row.get("startsAt"), zone), times.moment(row.get("endsAt"), zone)
    name, chosen = fields.text(row.get("id")), [fields.text(item) for item in fields.items(row.get("categoryItems"))]
    video = fields.address(row.get("recordingUrl"))

    def said(titles: set[str]) -> str | None:
        known = (items for title, items in categories if title in titles)
        return next((items[item] for items in known for item in chosen if items.get(item)), None)

    return ScheduleEvent(
        source=SOURCE,
        id=name,
        title=fields.text(row.get("title")),
        keys=(name,) if name else (),
        date=times.conference_day(at) if at else None,
        starts_at=times.written(at),
        ends_at=times.written(ends),
        room=rooms.get(fields.text(row.get("roomId"))) or fields.perhaps(row.get("room")),
        track=said(TRACKS),
        language=fields.language(said(LANGUAGES)),
        level=said(LEVELS),
        speakers=fields.texts(_speaker(one, speakers) for one in fields.items(row.get("speakers"))),
        links=(Link(label=VIDEO, url=video),) if video else (),
    )


def _speaker(value: object, names: Mapping[str, str]) -> str:
    """Return a speaker's name: views have the id alone, or a record with the name."""
    return fields.text(value.get("name")) if isinstance(value, Mapping) else names.get(fields.text(value), "")
