"""What a person should check in a recap that its conference's schedule was read for."""

from collections.abc import Iterable, Iterator

from cnddigest.recap.model import Day, Finding, Recap
from cnddigest.recap.schedule.matching import Doubt, Match, Matching
from cnddigest.recap.schedule.model import ScheduleEvent

DATE = "schedule-date"
RULES = frozenset(
    {
        DATE,
        "schedule-unmatched",
        "schedule-ambiguous",
        "schedule-day-differs",
        "schedule-time-differs",
        "schedule-days",
    }
)


def of(before: Recap, after: Recap, matching: Matching) -> Iterator[Finding]:
    """Yield what the schedule could not say, or says differently; `after` is the recap with what it added."""
    yield from map(_ambiguous, matching.ambiguous)
    yield from map(_unmatched, matching.unmatched)
    days = {session.number: day for day in after.days for session in day.sessions}
    for found in matching.matches:
        yield from _day_differs(found, days[found.session.number])
        yield from _time_differs(found)
    for old, new in zip(before.days, after.days, strict=True):
        if new.date and not old.date:
            message = f"date of a day comes from the schedule: {new.label}, {new.date.isoformat()}"
            yield Finding(rule=DATE, severity="info", line=new.line or 1, message=message)
    yield from _days(after, matching)


def _ambiguous(doubt: Doubt) -> Finding:
    message = f"several talks of the schedule may be this one: {doubt.session.title}: {_named(doubt.candidates)}"
    if len(doubt.candidates) == 1:
        message = f"a talk of the schedule may be this one: {doubt.session.title}: {_named(doubt.candidates)}"
    return Finding(rule="schedule-ambiguous", severity="warning", line=doubt.session.line, message=message)


def _unmatched(doubt: Doubt) -> Finding:
    nearest = f"; nearest are: {_named(doubt.candidates)}" if doubt.candidates else ""
    message = f"schedule has no such talk: {doubt.session.title}{nearest}"
    return Finding(rule="schedule-unmatched", severity="info", line=doubt.session.line, message=message)


def _named(events: Iterable[ScheduleEvent]) -> str:
    return "; ".join(" ".join(filter(None, (event.title, _when(event)))) for event in events)


def _when(event: ScheduleEvent) -> str:
    facts = (event.date.isoformat() if event.date else None, event.starts_at, event.room)
    return f"({', '.join(known)})" if (known := [fact for fact in facts if fact]) else ""


def _day_differs(found: Match, day: Day) -> Iterator[Finding]:
    """Name a talk that the schedule has on another day; days without dates are compared by their numbers."""
    event = found.event
    if not day.label:
        return
    if day.date and event.date:
        differ, theirs = day.date != event.date, event.date.isoformat()
    else:
        differ, theirs = event.day is not None and day.number != event.day, f"day {event.day}"
    if differ:
        message = f"schedule has this talk on another day: {found.session.title}: {day.label}, not {theirs}"
        yield Finding(rule="schedule-day-differs", severity="warning", line=found.session.line, message=message)


def _time_differs(found: Match) -> Iterator[Finding]:
    ours, theirs = found.session.starts_at, found.event.starts_at
    if ours and theirs and ours != theirs:
        message = f"schedule has another time for this talk: {found.session.title}: {ours}, not {theirs}"
        yield Finding(rule="schedule-time-differs", severity="info", line=found.session.line, message=message)


def _days(recap: Recap, matching: Matching) -> Iterator[Finding]:
    """Say how a recap without days would be parted."""
    if any(day.label for day in recap.days):
        return
    numbers: dict[str, list[int]] = {}
    for found in matching.matches:
        if found.event.date:
            numbers.setdefault(found.event.date.isoformat(), []).append(found.session.number)
    if len(numbers) > 1:
        parts = "; ".join(f"{date}: {_listed(which)}" for date, which in sorted(numbers.items()))
        message = f"by the schedule, the sessions were on {len(numbers)} days: {parts}"
        yield Finding(rule="schedule-days", severity="info", line=1, message=message)


def _listed(numbers: list[int]) -> str:
    """Return numbers with runs as spans: `1-3, 5`."""
    spans: list[list[int]] = []
    for number in sorted(numbers):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
