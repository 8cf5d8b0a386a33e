"""The date of each day of a recap: what its label says, else its place in the event."""

import datetime as dt
from collections.abc import Sequence

from cnddigest.recap.dates import Span
from cnddigest.recap.days import DayMark
from cnddigest.recap.draft import DraftDay

FEWEST_WITH_EVE = 3  # labels: an eve and two days, else the eve may as well stand before the dates


def dates(days: Sequence[DraftDay], event: Span | None, *, year: int | None) -> list[dt.date | None]:
    """Return the date of each day, None where the text does not say; `year` is for dates without one."""
    if not event:
        return [day.mark.date.on(year) if day.mark and day.mark.date else None for day in days]
    marks = [day.mark for day in days if day.mark]
    zeroth = any(mark.number == 0 for mark in marks) and len(event.days) >= len(days)
    zeroth = zeroth or _holds_eve(marks, len(event.days))
    return [_date(day.mark, event, alone=len(days) == 1, first=0 if zeroth else 1) for day in days]


def _date(mark: DayMark | None, event: Span, *, alone: bool, first: int) -> dt.date | None:
    """Look a day up in the event. An event of which one date is known says nothing of several days."""
    if mark and mark.date:
        return mark.date.on(event.first.year)
    if mark and mark.weekday is not None:
        on = [date for date in event.days if date.weekday() == mark.weekday]
        return on[0] if len(on) == 1 else None
    if event.first == event.last:
        return event.first if alone and (not mark or mark.number in (None, 1)) else None
    return _placed(mark, event, first) if mark else None


def _holds_eve(marks: Sequence[DayMark], length: int) -> bool:
    """Say whether an event's dates include the eve: eve, first day and last are as many labels as it has days."""
    last = any(mark.word == "last" or mark.number == length - 1 for mark in marks)
    return any(mark.word == "eve" for mark in marks) and last and len(marks) == length >= FEWEST_WITH_EVE


def _placed(mark: DayMark, event: Span, first: int) -> dt.date | None:
    """Return day `n` of an event whose days count from `first`, or its first, last day or eve."""
    if mark.number is None and mark.word == "last":
        return event.last
    number = mark.number if mark.number is not None else {"first": 1, "eve": 0}.get(mark.word or "")
    if number is None:
        return None
    place = number - first
    return event.first + dt.timedelta(days=place) if -1 <= place < len(event.days) else None
