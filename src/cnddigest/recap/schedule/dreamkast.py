"""Schedules of Dreamkast, the platform of CloudNative Days: its answers about talks, tracks and speakers."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from cnddigest.recap.links import SLIDES
from cnddigest.recap.model import Link
from cnddigest.recap.schedule import fields, times
from cnddigest.recap.schedule.fields import Record
from cnddigest.recap.schedule.model import ScheduleEvent

SOURCE = "dreamkast"
BREAK = "intermission"  # what a break has as its abstract: there is no other mark of it

TALK = {"startTime", "conferenceDayDate", "conferenceDayId", "showOnTimetable"}
SPEAKER = {"nameKanji", "company", "githubId", "twitterId"}


def is_talks(rows: Sequence[Record]) -> bool:
    """Say whether rows are those of `/api/v1/talks`."""
    return any("title" in row and len(TALK & row.keys()) >= 2 for row in rows)


def is_lookup(rows: Sequence[Record]) -> bool:
    """Say whether rows are those of `/api/v1/tracks` or `/api/v1/speakers`: ids and their names."""
    return bool(rows) and all("id" in row and "name" in row and "title" not in row for row in rows)


def events(talks: Sequence[Record], lookups: Sequence[Sequence[Record]], zone: dt.tzinfo) -> Iterator[ScheduleEvent]:
    """Yield the talks that took place; `lookups` are the rows of further files, which name tracks and speakers."""
    tracks: dict[str, str] = {}
    speakers: dict[str, str] = {}
    for rows in lookups:
        names = speakers if any(SPEAKER & row.keys() for row in rows) else tracks
        names |= {fields.text(row.get("id")): _name(row) for row in rows}
    for talk in talks:
        if _took_place(talk):
            yield _event(talk, tracks, speakers, zone)


def _took_place(talk: Record) -> bool:
    hidden = talk.get("showOnTimetable") is False
    return bool(fields.text(talk.get("title"))) and not hidden and fields.text(talk.get("abstract")) != BREAK


def _event(talk: Record, tracks: Mapping[str, str], speakers: Mapping[str, str], zone: dt.tzinfo) -> ScheduleEvent:
    name = fields.text(talk.get("id"))
    people = (
        _name(one) or speakers.get(fields.text(one.get("id")), "") for one in fields.records(talk.get("speakers"))
    )
    slides = fields.address(talk.get("documentUrl"))
    return ScheduleEvent(
        source=SOURCE,
        id=name,
        title=fields.text(talk.get("title")),
        keys=(name,) if name else (),
        # Times are on a made-up date, 2000-01-01: the day stands in a field of its own.
        date=times.day(talk.get("conferenceDayDate")),
        starts_at=_clock(talk.get("startTime"), zone),
        ends_at=_clock(talk.get("endTime"), zone),
        room=tracks.get(fields.text(talk.get("trackId"))),
        language=fields.language(talk.get("language")),
        level=fields.perhaps(talk.get("talkDifficulty")),
        speakers=fields.texts(people),
        links=(Link(label=SLIDES, url=slides),) if slides else (),
    )


def _clock(value: object, zone: dt.tzinfo) -> str | None:
    return times.written(times.moment(value, zone) or times.clock(value))


def _name(row: Record) -> str:
    return fields.text(row.get("nameKanji")) or fields.text(row.get("name"))
