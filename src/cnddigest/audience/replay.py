"""The settings of a Replay, a person's own timeline, as they are written in commands and files."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from cnddigest.serial.cadence import whole
from cnddigest.serial.model import Cadence, Every
from cnddigest.serial.replay import Course, Rhythm

NOW = "now"
WORDS = ("day", "weekday", "original")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_PER_STEP = 1000  # Parts at once; more than any recap has days
LONGEST = dt.timedelta(days=3660)  # ten years: longer waits are typing errors
EARLIEST, LATEST = dt.date(1970, 1, 1), dt.date(2999, 12, 31)

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?", re.ASCII)
_INTERVAL = re.compile(r"(?:\d{1,6}[dhm])+", re.ASCII)
_DAYS = re.compile(r"\d{1,6}d", re.ASCII)
_LENGTH = re.compile(r"(\d+)([dhm])", re.ASCII)
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]{0,40}(?:/[A-Za-z0-9_+-]{1,40}){0,2}", re.ASCII)
_MINUTES = {"m": 1, "h": 60, "d": 1440}


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """How a person wants a Serial replayed.

    `start` is `now` or a date, `2026-12-01`; `every` a word, weekdays (`mon,thu`), so many days (`2d`), or an interval
    (`90m`), for which `at` does not count; `at` wall clock, `HH:MM`, in `timezone`; `""` of these three means the
    Serial's own. `per` Parts go out at a time.
    """

    start: str = NOW
    every: str = ""
    at: str = ""
    per: int = 1
    timezone: str = ""
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A Subscription's own run that is to be looked at now, since `next_at`."""

    subscription: int
    serial: str
    run: str
    settings: Replay
    course: Course
    next_at: dt.datetime
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advanced:
    """What came of a Turn: how far the run has come, and when it is looked at again, None for never."""

    turn: Turn
    course: Course
    next_at: dt.datetime | None


def lap(run: str) -> int:
    """Return how often a run has begun: `r7` is the first lap, `r7.2` the second."""
    return int(run.partition(".")[2] or 1)


def again(run: str) -> str:
    """Return the name of the next lap: what comes again has other names, so that no reader takes it for read."""
    return f"{run.partition('.')[0]}.{lap(run) + 1}"


def unused(run: str, had: Iterable[str]) -> str:
    """Return a name for a run that begins: its own one, or that of the lap after those that were had before."""
    last = max(had, key=lap, default="")
    return again(last) if last and lap(run) <= lap(last) else run


def opened(had: int, settings: Replay, now: dt.datetime) -> Course:
    """Return a run that begins now, behind the Parts that were had elsewhere: the next one comes at its pace."""
    if not had:
        return Course(began_at=now)
    return Course(began_at=now, moments=(None,) * had, step_at=whole(now), in_step=settings.per)


def rhythm(settings: Replay, own: Cadence) -> Rhythm:
    """Return what settings mean; `own` is the Serial's Cadence, for all that they leave open.

    What a Serial skips is the publisher's holiday, and nothing to a Replay.
    """
    cadence = replace(
        own,
        start=None if settings.start == NOW else dt.date.fromisoformat(settings.start),
        every=_every(settings.every) if settings.every else own.every,
        at=dt.time.fromisoformat(settings.at) if settings.at else own.at,
        timezone=ZoneInfo(settings.timezone) if settings.timezone else own.timezone,
        skip=frozenset(),
    )
    return Rhythm(cadence=cadence, per=settings.per, paused=settings.paused)


def _every(text: str) -> Every:
    if text in WORDS:
        return text
    if _DAYS.fullmatch(text):
        return int(text[:-1])
    if _INTERVAL.fullmatch(text):
        return dt.timedelta(minutes=_minutes(text))
    return tuple(map(WEEKDAYS.index, text.split(",")))


def read(  # noqa: PLR0913  a Replay has so many settings, each with a word of its own
    *, start: str, every: str = "", at: str = "", per: str = "", timezone: str = "", paused: str = ""
) -> Replay:
    """Return settings in their one spelling; `""` is the default. Raises ValueError with a sentence for people."""
    return Replay(
        start=read_start(start),
        every=read_every(every),
        at=read_at(at),
        per=read_per(per),
        timezone=read_timezone(timezone),
        paused=_narrow(paused) in ("true", "1", "yes"),
    )


def alteration(said: Mapping[str, str]) -> Callable[[Replay], Replay]:
    """Return what changes those settings that are named, and no others; raises ValueError as `read` does."""
    changes: dict[str, Any] = {name: READERS[name](text) for name, text in said.items()}
    return lambda known: replace(known, **changes)


def legible(said: Mapping[str, str]) -> Replay:
    """Return settings with all that can be read of what somebody said, so that they mend the rest alone."""
    found = Replay()
    for name in READERS.keys() & said.keys():
        with suppress(ValueError):
            found = alteration({name: said[name]})(found)
    return found


def read_start(text: str) -> str:
    """Return `now`, or the date on which it begins."""
    text = _narrow(text)
    if text in ("", NOW):
        return NOW
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise _unfit("not a date", text) from None
    if not EARLIEST <= date <= LATEST:
        raise _unfit("date is before 1970 or after 2999", text)
    return date.isoformat()


def read_every(text: str) -> str:
    """Return the rhythm; weekdays in their order, each once."""
    text = _narrow(text)
    if not text or text in WORDS:
        return text
    if _INTERVAL.fullmatch(text):
        return _interval(text)
    days = {day.strip() for day in text.split(",")}
    if not days <= set(WEEKDAYS):
        raise _unfit("not a rhythm", text)
    return ",".join(sorted(days, key=WEEKDAYS.index))


def read_at(text: str) -> str:
    """Return a time of day as `HH:MM`."""
    text = _narrow(text)
    found = _CLOCK.fullmatch(text)
    if text and (not found or int(found[1]) > 23 or int(found[2]) > 59):
        raise _unfit("not a time of day", text)
    return f"{int(found[1]):02}:{found[2]}" if found else ""


def read_per(text: str) -> int:
    """Return how many Parts go out at a time."""
    text = _narrow(text)
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_PER_STEP):
        raise _unfit("not a number of parts", text)
    return int(text)


def read_timezone(text: str) -> str:
    """Return the name of a zone in the IANA database."""
    text = unicodedata.normalize("NFKC", text[:100]).strip()
    if text and not _is_zone(text):
        raise _unfit("unknown time zone", text)
    return text


READERS: Mapping[str, Callable[[str], str | int]] = {
    "start": read_start,
    "every": read_every,
    "at": read_at,
    "per": read_per,
    "timezone": read_timezone,
}


def _is_zone(name: str) -> bool:
    try:
        return bool(_ZONE.fullmatch(name)) and name != "Factory" and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # a folder of zones, `Asia`, is an OSError
        return False


def _interval(text: str) -> str:
    if not dt.timedelta(minutes=1) <= dt.timedelta(minutes=_minutes(text)) <= LONGEST:
        raise _unfit("not between a minute and ten years", text)
    return text


def _minutes(text: str) -> int:
    return sum(int(count) * _MINUTES[unit] for count, unit in _LENGTH.findall(text))


def _narrow(text: str) -> str:
    """Return a text in lower case with ASCII digits and signs: Japanese keyboards write full-width ones too."""
    return unicodedata.normalize("NFKC", text[:1000]).strip().lower()


def _unfit(problem: str, text: str) -> ValueError:
    return ValueError(f"{problem}: {text[:60]}")
