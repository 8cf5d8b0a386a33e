"""When a recap's Parts were held: how many days after each other, and at which hours of a day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cnddigest.serial.cadence import ONE_DAY
from cnddigest.serial.model import Cadence, Part

Held = tuple[int, dt.time | None]  # the days since the Part before, and the time of day where it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a Part stands in its conference: `days` from the one before it, and how long `after` its day began.

    A Part is never earlier in its day than the one before. One whose hour nobody knows was with that.
    """

    days: int = 1
    after: dt.timedelta = dt.timedelta(0)


def held(parts: Sequence[Part], cadence: Cadence) -> Iterator[Held]:
    """Yield when each Part was held: the days since the Part before, 0 for the first, and its first session's hour."""
    before: Part | None = None
    for part in parts:
        starts_at = next((session.starts_at for session in part.chapters[0].sessions), None)
        yield _days_between(before, part, cadence) if before else 0, _clock(starts_at)
        before = part


def places_of(known: Iterable[Held]) -> Iterator[Place]:
    """Yield where each Part stands; a day began with the first of its hours that is known."""
    first: dt.time | None = None
    after = dt.timedelta(0)
    for days, slot in known:
        if days:
            first, after = None, dt.timedelta(0)
        first = first or slot
        if first and slot:
            after = max(after, between(first, slot))
        yield Place(days=days, after=after)


def between(earlier: dt.time, later: dt.time) -> dt.timedelta:
    """Return how long it is from one time of a day to another."""
    day = dt.date.min
    return dt.datetime.combine(day, later) - dt.datetime.combine(day, earlier)


def _clock(text: str | None) -> dt.time | None:
    try:
        return dt.time.fromisoformat(text.zfill(5)) if text else None
    except ValueError:
        return None  # as written: `25:30` is after midnight, and no hour of a day


def _days_between(part: Part, following_part: Part, cadence: Cadence) -> int:
    """Return the days from one Part to the next at the conference, 0 within a day, 1 where dates are unknown."""
    one, other = part.chapters[0], following_part.chapters[0]
    if one.date and other.date:
        return max(0, (other.date - one.date) // ONE_DAY)
    return 1 if cadence.parts == "day" or one.label != other.label else 0
