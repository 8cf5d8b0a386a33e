"""The date of each day of a recap: what its label says, else its place in the event."""

import datetime as dt
from collections.abc import Sequence

from cnddigest.recap.dates import Span
from cnddigest.recap.days import DayMark
from cnddigest.recap.draft import DraftDay


def dates(days: Sequence[DraftDay], event: Span | None, *, year: int | None) -> list[dt.date | None]:
    """Return the date of each day, None where the text does not say; `year` is for dates without one."""
    if not event:
        return [day.mark.date.on(year) if day.mark and day.mark.date else None for day in days]
    zeroth = any(day.mark and day.mark.number == 0 for day in days) and len(event.days) >= len(days)
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


def _placed(mark: DayMark, event: Span, first: int) -> dt.date | None:
    """Return day `n` of an event whose days count from `first`, or its first, last day or eve."""
    if mark.number is None:
        return {"first": event.first, "last": event.last, "eve": event.first - dt.timedelta(days=1)}.get(
            mark.word or ""
        )
    place = mark.number - first
    return event.first + dt.timedelta(days=place) if -1 <= place < len(event.days) else None
