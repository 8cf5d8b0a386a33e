"""Instants as the terminal shows them, and as JSON does."""

import datetime as dt

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STEPS = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


def wire(moment: dt.datetime | None) -> str | None:
    """Return an instant as JSON shows it: `2026-11-24T23:00:00Z`, None for none."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def local(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """Return an instant as wall clock, `Wed 2026-11-25 08:00`; seconds only where there are any."""
    there = moment.astimezone(zone)
    clock = there.strftime("%H:%M:%S" if there.second else "%H:%M")
    return f"{WEEKDAYS[there.weekday()]} {there:%Y-%m-%d} {clock}"


def distance(now: dt.datetime, moment: dt.datetime) -> str:
    """Return how far away a moment is: `in 14 hours`, `now`, `3 days ago`."""
    seconds = (moment - now).total_seconds()
    for size, unit in STEPS:
        count = round(abs(seconds) / size)
        if count and abs(seconds) >= size:
            text = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"in {text}" if seconds > 0 else f"{text} ago"
    return "now"
