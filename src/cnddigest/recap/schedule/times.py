"""Times of a schedule as the conference's own wall clock, however they are written."""

import datetime as dt
import re
import unicodedata
from zoneinfo import ZoneInfo

DAY_BEGINS = dt.timedelta(hours=4)  # frab's rule: what begins before four belongs to the evening before
LONGEST_TALK = dt.timedelta(hours=24)

_DATE = re.compile(r"(?<!\d)(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2})(?!\d)")
_CLOCK = re.compile(r"(?<![\d:+-])(\d{1,2}) ?[:時] ?(\d{2})(?!\d)")
_HOUR = re.compile(r"(?<!\d)(\d{1,2}) ?時(?! ?\d)")
_HALF = re.compile(r"\b([ap])\.?m\b|(午前|午後)", re.IGNORECASE)
_OFFSET = re.compile(r"\d{2}(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,4})(?: ?(?:min|minutes?|分))?")
_SPAN = re.compile(r"(?:(\d{1,2}):)??(\d{1,2}):(\d{2})(?::00)?")
LONGEST = 60  # characters of a written time


def moment(value: object, zone: dt.tzinfo) -> dt.datetime | None:
    """Return a date with its time as wall clock, without a zone; None where either is missing.

    A time with an offset is wall clock already, a time in UTC is brought to `zone`.
    """
    date, time = day(value), clock(value)
    if not date or time is None:
        return None
    at = dt.datetime.combine(date, time)
    return _moved(at, zone) if _is_utc(_plain(value)) else at


def local(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Do the same for a parsed time."""
    offset = at.utcoffset()
    wall = at.replace(tzinfo=None)
    return _moved(wall, zone) if offset is not None and not offset and str(at.tzinfo) == "UTC" else wall


def day(value: object) -> dt.date | None:
    """Return the date in `2026-05-08 …`, `2026/5/8`, `2026年5月8日`."""
    found = _DATE.search(_plain(value))
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def clock(value: object) -> dt.time | None:
    """Return the time in `… 09:30`, `9:30 pm`, `9時30分`, `午後3時`."""
    written = _plain(value)
    found = _CLOCK.search(written)
    hour = int(found[1]) if found else _only_hour(written)
    if hour is None:
        return None
    half = _HALF.search(written)
    if half and hour <= 12:
        hour = hour % 12 + 12 * ((half[1] or "").lower() == "p" or half[2] == "午後")
    try:
        return dt.time(hour, int(found[2]) if found else 0)
    except ValueError:
        return None


def _only_hour(written: str) -> int | None:
    found = _HOUR.search(written)
    return int(found[1]) if found else None


def length(value: object) -> dt.timedelta | None:
    """Return how long `01:30`, `0:01:30`, `40` or `40 min` is; None for what is no length of a talk."""
    written = str(value) if isinstance(value, int) and not isinstance(value, bool) else _plain(value)
    if found := _SPAN.fullmatch(written):
        span = dt.timedelta(days=int(found[1] or 0), hours=int(found[2]), minutes=int(found[3]))
    elif found := _MINUTES.fullmatch(written):
        span = dt.timedelta(minutes=int(found[1]))
    else:
        return None
    return span if dt.timedelta() < span < LONGEST_TALK else None


def end(at: dt.datetime | None, span: dt.timedelta | None) -> str | None:
    """Return when a talk ends."""
    try:
        return written(at + span) if at and span else None
    except OverflowError:
        return None


def written(at: dt.datetime | dt.time | None) -> str | None:
    """Return a time as a Session has it, `HH:MM`."""
    return at.strftime("%H:%M") if at else None


def conference_day(at: dt.datetime) -> dt.date:
    """Return the day of the conference: a talk after midnight belongs to the evening before."""
    return (at - DAY_BEGINS).date() if at.year > dt.MINYEAR else at.date()


def zone(name: str, otherwise: dt.tzinfo) -> dt.tzinfo:
    """Return the zone of that name, `otherwise` where there is none."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (KeyError, ValueError, OSError):
        return otherwise


def _plain(value: object) -> str:
    found = unicodedata.normalize("NFKC", value[: LONGEST + 1]).strip() if isinstance(value, str) else ""
    return found if len(found) <= LONGEST else ""


def _is_utc(written: str) -> bool:
    found = _OFFSET.search(written)
    return found is not None and found[1].upper().replace(":", "") in {"Z", "+0000", "-0000"}


def _moved(at: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    try:
        return at.replace(tzinfo=dt.UTC).astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return at
