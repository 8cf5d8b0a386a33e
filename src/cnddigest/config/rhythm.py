"""Values about time: zones, wall clock, rhythms, durations and rates."""

import datetime as dt
import re
import unicodedata
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cnddigest.config.addresses import host
from cnddigest.config.kinds import Kind, Unfit, date, did_you_mean, filled, string
from cnddigest.config.model import Rate

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FIRST_PUBLISH = "first-publish"
MINUTE = dt.timedelta(minutes=1)
LONGEST = dt.timedelta(days=3660)  # ten years: longer waits are typing errors
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2999, 12, 31)  # feeds write years with four digits
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Abbreviations people try; the IANA names say which summer time is meant.
ABBREVIATIONS = {"JST": "Asia/Tokyo", "KST": "Asia/Seoul", "GMT+9": "Asia/Tokyo", "CET": "Europe/Berlin"}

CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
DURATION = re.compile(r"(?:\d{1,6}[dhms])+")
DAYS = re.compile(r"\d+d")
RATE = re.compile(r"(\d{1,7})/([smh])")


def timezone(value: object) -> ZoneInfo:
    """Return a time zone of the IANA database, also on systems that bring none."""
    name = filled(value)
    try:
        # Names beside the database (localtime, posixrules) mean another zone on each machine.
        if name[:1].isupper() and name != "Factory":
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    known = ABBREVIATIONS.get(name.upper())
    zones = sorted(found for found in available_timezones() if found[:1].isupper() and found != "Factory")
    hint = f"did you mean {known}?" if known else did_you_mean(name, zones)
    raise Unfit("unknown time zone", value, hint=hint or 'write it like "Asia/Tokyo"')


def clock(value: object) -> dt.time:
    """Return a time of day, written `"08:00"` or as a TOML local time, in whole minutes."""
    if isinstance(value, dt.time):
        value = value.isoformat()
    found = CLOCK.fullmatch(_narrow(value)) if isinstance(value, str) else None
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unfit("not a time of day", value, hint='write hours and minutes from "00:00" to "23:59"')
    return dt.time(int(found[1]), int(found[2]))


def start(value: object) -> dt.date | None:
    """Return the first day, None for the moment of the first publish."""
    if value == FIRST_PUBLISH:
        return None
    try:
        found = date(value)
    except Unfit:
        hint = f'write "{FIRST_PUBLISH}", or a date: "2026-12-01"'
        raise Unfit("neither a date nor the first publish", value, hint=hint) from None
    if not EARLIEST <= found <= LATEST:
        raise Unfit("a date before 1970 or after 2999", value)
    return found


def slices(value: object) -> str | int:
    """Return how a recap is cut: by day, by session, or so many sessions at once."""
    if value in ("day", "session"):
        return string(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise Unfit("not a way to cut a recap", value, hint='choose "day", "session" or a number from 1 on, without quotes')


def every(value: object) -> str | int | tuple[int, ...] | dt.timedelta:
    """Return the rhythm: a word, the weekdays in order (0 is Monday), so many days, or an interval from a minute on."""
    if isinstance(value, list):
        return _weekdays(value)
    hint = 'choose "day", "weekday", "original", weekdays as in ["mon", "thu"], days as in "2d", or a time as in "90m"'
    if not isinstance(value, str):
        raise Unfit("not a rhythm", value, hint=hint)
    if value in ("day", "weekday", "original"):
        return value
    if value in WEEKDAYS:
        raise Unfit("weekdays stand in a list", value, hint=f'write ["{value}"]')
    if not DURATION.fullmatch(_narrow(value)):
        raise Unfit("not a rhythm", value, hint=hint)
    length = interval(value)
    return length.days if DAYS.fullmatch(_narrow(value)) else length


def interval(value: object) -> dt.timedelta:
    """Return a length of time from a minute to ten years."""
    length = duration(value)
    if length < MINUTE:
        raise Unfit("an interval of less than a minute", value, hint='the shortest is "1m"')
    return length


def duration(value: object) -> dt.timedelta:
    """Return a length of time: `"90m"`, `"1h30m"`, `"3d"`."""
    text = _narrow(value) if isinstance(value, str) else ""
    if not DURATION.fullmatch(text):
        raise Unfit("not a length of time", value, hint='write it like "90m", "2h" or "3d"')
    seconds = sum(int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+)([dhms])", text))
    if not 0 < seconds <= LONGEST.total_seconds():
        raise Unfit("not between a second and ten years", value)
    return dt.timedelta(seconds=seconds)


def rate(value: object) -> Rate:
    """Return a speed limit: `"100/s"`, `"30/m"`."""
    found = RATE.fullmatch(_narrow(value)) if isinstance(value, str) else None
    if not found or int(found[1]) < 1:
        raise Unfit("not a rate", value, hint='write it like "100/s" or "30/m"')
    return Rate(count=int(found[1]), seconds=UNITS[found[2]])


def rates(value: object) -> tuple[tuple[str, Rate], ...]:
    """Return a speed limit for each domain."""
    if not isinstance(value, dict):
        raise Unfit("not a table of rates", value, hint='write { "example.org" = "2/s" }')
    return tuple((host(domain), rate(limit)) for domain, limit in value.items())


def _weekdays(value: list[object]) -> tuple[int, ...]:
    for item in value:
        if item not in WEEKDAYS:
            raise Unfit("not a weekday", item, hint="choose from " + ", ".join(f'"{day}"' for day in WEEKDAYS))
    if not value:
        raise Unfit("no weekday", "[]", hint='write them like ["mon", "thu"]')
    if len(set(map(str, value))) < len(value):
        raise Unfit("the same weekday twice", ", ".join(map(str, value)))
    return tuple(sorted(WEEKDAYS.index(str(item)) for item in value))


def _narrow(text: str) -> str:
    """Return a text with full-width digits and colons as ASCII ones: Japanese keyboards write both."""
    return unicodedata.normalize("NFKC", text).strip()


TIMEZONE = Kind(words="IANA time zone", read=timezone)
CLOCK_TIME = Kind(words='time of day, `"HH:MM"`', read=clock)
START = Kind(words='"first-publish" or a date', read=start)
SLICES = Kind(words='"day", "session" or a number', read=slices)
EVERY = Kind(words='"day", "weekday", "original", a list of weekdays, days or an interval', read=every)
DURATION_KIND = Kind(words="length of time", read=duration)
RATE_KIND = Kind(words="rate", read=rate)
RATES = Kind(words="table of rates", read=rates)
