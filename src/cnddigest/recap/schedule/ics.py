"""Schedules as iCalendar files (RFC 5545): the home of icalendar."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cnddigest.recap.names import is_name
from cnddigest.recap.schedule import fields, times
from cnddigest.recap.schedule.model import ScheduleEvent

if TYPE_CHECKING:
    from icalendar import Calendar, Component

SOURCE = "ics"
BEGIN = re.compile(r"\s{0,100}BEGIN:VCALENDAR\b", re.IGNORECASE)
MOST_LINES = 400_000  # content lines; a large conference has 20,000
DEEPEST = 8  # components inside components; a calendar has three levels
BREAKS = {"break", "breaks", "lunch", "service", "coffee", "休憩", "昼休み"}
# What a library raises that reads bytes somebody else wrote.
NONSENSE = (ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError)


def events(text: str, zone: dt.tzinfo) -> Iterator[ScheduleEvent] | None:
    """Yield the talks of a calendar; None for a text that is none."""
    from icalendar import Calendar

    if not BEGIN.match(text) or text.count("\n") > MOST_LINES or _depth(text) > DEEPEST:
        return None
    try:
        found = Calendar.from_ical(text)
    except NONSENSE:
        return None
    return _of_calendar(found, zone)


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in re.finditer(r"^(BEGIN|END):", text, re.IGNORECASE | re.MULTILINE):
        depth += 1 if match[1].upper() == "BEGIN" else -1
        deepest = max(deepest, depth)
    return deepest


def _of_calendar(calendar: "Calendar", zone: dt.tzinfo) -> Iterator[ScheduleEvent]:
    zone = times.zone(_said(calendar, "X-WR-TIMEZONE"), zone)
    for component in calendar.walk("VEVENT"):
        title = _said(component, "SUMMARY")
        categories = {name.casefold() for name in _categories(component)}
        if title and not categories & BREAKS and _said(component, "STATUS").upper() != "CANCELLED":
            yield _event(component, title, zone)


def _event(component: "Component", summary: str, zone: dt.tzinfo) -> ScheduleEvent:
    title, speakers = _parted(summary)
    name = _said(component, "UID")
    at, ends = _time(component, "DTSTART", zone), _time(component, "DTEND", zone)
    date = at if isinstance(at, dt.date) and not isinstance(at, dt.datetime) else None
    starts = at if isinstance(at, dt.datetime) else None
    return ScheduleEvent(
        source=SOURCE,
        id=name or summary,
        title=title,
        also_titled=summary if title != summary else None,
        keys=(name,) if name else (),
        url=fields.address(_said(component, "URL")),
        date=times.conference_day(starts) if starts else date,
        starts_at=times.written(starts),
        ends_at=times.written(ends) if isinstance(ends, dt.datetime) and starts else None,
        # The place may go on with house and town: `Boiler Room, Old Pumping Station`.
        room=_said(component, "LOCATION").partition(",")[0].strip() or None,
        speakers=speakers,
    )


def _parted(summary: str) -> tuple[str, tuple[str, ...]]:
    """Part `Title - Speaker, Speaker, Company`: the last of several names is the company."""
    title, dash, tail = summary.rpartition(" - ")
    names = [name.strip() for name in tail.split(",")]
    people = tuple(name for name in (names[:-1] or names) if is_name(name))
    return (title.strip(), people) if dash and people and title.strip() else (summary, ())


def _time(component: "Component", name: str, zone: dt.tzinfo) -> dt.date | None:
    try:
        at = getattr(component.get(name), "dt", None)
        return times.local(at, zone) if isinstance(at, dt.datetime) else at if isinstance(at, dt.date) else None
    except NONSENSE:
        return None


def _categories(component: "Component") -> Iterator[str]:
    for value in _listed(component.get("CATEGORIES")):
        yield from map(str, _listed(getattr(value, "cats", value)))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _said(component: "Component", name: str) -> str:
    value = component.get(name)
    first = value[0] if isinstance(value, list) and value else value
    return fields.text(str(first)) if isinstance(first, str) else ""
