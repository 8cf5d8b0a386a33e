"""When a Serial releases: wall clock, weekdays and intervals turned into moments.

The only place that knows wall clock. A cadence moment is one instant per allowed local date. Summer time neither
doubles nor drops one: a wall time that a date does not have moves forward to the first that it has, one that it
has twice means the first. A date that a zone never had (Apia, 2011-12-30) has no moment.
"""

import datetime as dt

from cnddigest.errors import BadConfiguration
from cnddigest.serial.model import Cadence, Every

SECOND = dt.timedelta(seconds=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE_DAY = dt.timedelta(days=1)
SEARCHED_DAYS = 3653  # ten years: a cadence that allows no date in them allows none
WORKDAYS = (0, 1, 2, 3, 4)  # Monday is 0


def whole(instant: dt.datetime) -> dt.datetime:
    """Return an aware instant in UTC, cut to whole seconds; never later than it was."""
    return instant.astimezone(dt.UTC).replace(microsecond=0)


def on(cadence: Cadence, date: dt.date) -> dt.datetime | None:
    """Return the instant at which `at` comes on a local date, None where the zone never had that date."""
    zone = cadence.timezone
    wall = dt.datetime.combine(date, cadence.at.replace(microsecond=0, tzinfo=None))
    first = wall.replace(tzinfo=zone, fold=0).astimezone(dt.UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    jump = _jump(cadence, wall)
    # A gap that runs up to midnight leaves no later time on that date: its last second then.
    candidates = (jump, jump - SECOND)
    return next((moment for moment in candidates if local_date(cadence, moment) == date), None)


def local_date(cadence: Cadence, moment: dt.datetime) -> dt.date:
    """Return the calendar day of an instant where the Serial lives."""
    try:
        return moment.astimezone(cadence.timezone).date()
    except OverflowError as error:  # the calendar begins with the year 1 and ends with 9999
        raise _never(cadence) from error


def first_from(cadence: Cadence, date: dt.date) -> dt.datetime:
    """Return the first cadence moment on `date` or later.

    Raises BadConfiguration where the cadence allows no date within ten years.
    """
    return _search(cadence, date, dt.datetime.min.replace(tzinfo=dt.UTC))


def following(cadence: Cadence, moment: dt.datetime) -> dt.datetime:
    """Return the first cadence moment strictly after an instant; for days or an interval, that much later.

    An interval is absolute time, days are dates; where they fall on a skipped date, as many are added again.
    """
    if isinstance(cadence.every, dt.timedelta):
        return _after_interval(cadence, cadence.every, moment)
    if isinstance(cadence.every, int):
        return _after_days(cadence, cadence.every, moment, moment)
    return _search(cadence, local_date(cadence, moment), moment)


def counted(cadence: Cadence, moment: dt.datetime, *, not_before: dt.datetime) -> dt.datetime:
    """Return the first cadence moment strictly after an instant, counted from it, that comes at another one or later.

    Days and intervals keep their step: it comes later by as many again.
    """
    if isinstance(cadence.every, int):
        return _after_days(cadence, cadence.every, moment, max(moment, not_before - SECOND))
    if not isinstance(cadence.every, dt.timedelta):
        return following(cadence, max(moment, not_before - SECOND))
    skipped = max(0, -((moment - not_before) // cadence.every) - 1)
    return following(cadence, moment + skipped * cadence.every)


def next_date(cadence: Cadence, moment: dt.datetime, *, days: int = 1) -> dt.datetime:
    """Return the first cadence moment on a local date at least `days` after that of `moment`."""
    if days > SEARCHED_DAYS:
        raise _never(cadence)
    try:
        return first_from(cadence, local_date(cadence, moment) + days * ONE_DAY)
    except OverflowError as error:
        raise _never(cadence) from error


def so_long_after(cadence: Cadence, moment: dt.datetime, span: dt.timedelta) -> dt.datetime:
    """Return the instant so much later, or the first cadence moment from then on where its date is skipped.

    The instant itself where the span is over.
    """
    if span <= dt.timedelta(0):
        return moment
    try:
        later = moment + span
    except OverflowError as error:
        raise _never(cadence) from error
    date = local_date(cadence, later)
    return first_from(cadence, date) if date in cadence.skip else later


def _after_days(cadence: Cadence, days: int, moment: dt.datetime, after: dt.datetime) -> dt.datetime:
    """Return the first cadence moment after an instant whose date is some steps of so many days from another one's."""
    first = local_date(cadence, moment)
    steps = max(1, (local_date(cadence, after) - first).days // days)
    try:
        return _search(cadence, first + steps * days * ONE_DAY, after, stride=days)
    except OverflowError as error:
        raise _never(cadence) from error


def _search(cadence: Cadence, date: dt.date, after: dt.datetime, *, stride: int = 1) -> dt.datetime:
    try:
        for n in range(SEARCHED_DAYS):
            day = date + n * stride * ONE_DAY
            moment = on(cadence, day) if _allows(cadence, day) else None
            if moment is not None and moment > after:
                return moment
    except OverflowError as error:
        raise _never(cadence) from error
    raise _never(cadence)


def _allows(cadence: Cadence, date: dt.date) -> bool:
    if date in cadence.skip:
        return False
    if cadence.every == "weekday":
        return date.weekday() in WORKDAYS
    return not isinstance(cadence.every, tuple) or date.weekday() in cadence.every


def _after_interval(cadence: Cadence, interval: dt.timedelta, moment: dt.datetime) -> dt.datetime:
    if interval < SECOND:
        raise BadConfiguration(f"interval is too short: {interval.total_seconds():g} s", hint="one second at least")
    try:
        moment = whole(moment + interval)
        while (date := local_date(cadence, moment)) in cadence.skip:
            steps = (_next_midnight(cadence, date) - moment) // interval
            moment = whole(moment + max(1, steps) * interval)
    except OverflowError as error:
        raise _never(cadence) from error
    return moment


def _next_midnight(cadence: Cadence, date: dt.date) -> dt.datetime:
    """Return an instant by which `date` is over, or nearly so where clocks change in that night."""
    return dt.datetime.combine(date + ONE_DAY, dt.time(0), cadence.timezone).astimezone(dt.UTC)


def _jump(cadence: Cadence, wall: dt.datetime) -> dt.datetime:
    """Return the instant at which the clocks leap over a wall time that does not exist (PEP 495)."""
    late = wall.replace(tzinfo=cadence.timezone, fold=0).astimezone(dt.UTC)
    early = wall.replace(tzinfo=cadence.timezone, fold=1).astimezone(dt.UTC)
    before = early.astimezone(cadence.timezone).utcoffset()
    while late - early > SECOND:
        middle = whole(early + (late - early) / 2)
        if middle.astimezone(cadence.timezone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def _never(cadence: Cadence) -> BadConfiguration:
    return BadConfiguration(
        f"cadence allows no release within ten years: {_said(cadence.every)}",
        hint="see `every`, `skip` and `start` of [serials.NAME.cadence]",
    )


def _said(every: Every) -> str:
    """Return the rhythm as an author wrote it."""
    if isinstance(every, tuple):
        return ",".join(WEEKDAYS[day] for day in every)
    if isinstance(every, int):
        return f"{every}d"
    return every if isinstance(every, str) else f"{every.total_seconds():g} s"
