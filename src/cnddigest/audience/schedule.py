"""A Replay for somebody without an account: all that its timeline follows from, as one line of text.

    cndt2022|1764115200|now|mon,thu|08:00|2|Asia/Tokyo

Serial, the second in which it was asked for, and the settings, none left open: a later change of the Serial's own
cadence moves nothing of what was read. A last `|7` says that seven Parts were had elsewhere: it goes on behind them.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, replace

from cnddigest.audience import replay
from cnddigest.audience.replay import WEEKDAYS, Replay, opened
from cnddigest.serial.model import Cadence
from cnddigest.serial.replay import Course

LONGEST = 240  # octets: a slug of 40, a zone of 122, weekdays; only a rhythm like `1m1m1m…` would be longer
RUN_DIGITS = 8  # hexadecimal: two timelines of one Serial in one reader have different names
MINUTE = dt.timedelta(minutes=1)

_TEXT = re.compile(r"([a-z0-9-]{1,40})\|(\d{1,11})((?:\|[^|]*){5})(?:\|([1-9]\d{0,5}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Which Serial, since when, and how; `had` Parts were had elsewhere, from the first one on."""

    serial: str
    began_at: dt.datetime
    settings: Replay
    had: int = 0

    @property
    def run(self) -> str:
        """Return the name of the run, which follows from all that it says: `s1f0c9a2e`."""
        return "s" + hashlib.sha256(written(self).encode()).hexdigest()[:RUN_DIGITS]

    @property
    def course(self) -> Course:
        """Return how far it has come, as far as anybody knows: it has begun."""
        return opened(self.had, self.settings, self.began_at)


def pinned(settings: Replay, own: Cadence) -> Replay:
    """Return settings in which nothing is left open; `own` is the Serial's Cadence as it is now."""
    return replace(
        settings,
        every=settings.every or _every(own),
        at=settings.at or f"{own.at:%H:%M}",
        timezone=settings.timezone or own.timezone.key,
    )


def written(schedule: Schedule) -> str:
    """Return it as text."""
    settings = schedule.settings
    began = int(schedule.began_at.timestamp())
    names = (settings.start, settings.every, settings.at, settings.per, settings.timezone)
    had = [str(schedule.had)] if schedule.had else []
    return "|".join([schedule.serial, str(began), *map(str, names), *had])


def read(text: str) -> Schedule | None:
    """Return what `written` wrote, None for anything else: a zone may have gone since."""
    found = _TEXT.fullmatch(text) if len(text) <= LONGEST else None
    if not found:
        return None
    start, every, at, per, timezone = found[3][1:].split("|")
    try:
        settings = replay.read(start=start, every=every, at=at, per=per, timezone=timezone)
        schedule = Schedule(
            serial=found[1],
            began_at=dt.datetime.fromtimestamp(int(found[2]), dt.UTC),
            settings=settings,
            had=int(found[4] or 0),
        )
    except (ValueError, OverflowError, OSError):
        return None
    return schedule if written(schedule) == text else None


def _every(own: Cadence) -> str:
    """Return the Serial's own rhythm as a Replay writes it; `""` for one in seconds, which it can't."""
    if isinstance(own.every, str):
        return own.every
    if isinstance(own.every, int):
        return f"{own.every}d"
    if isinstance(own.every, dt.timedelta):
        return "" if own.every % MINUTE else f"{own.every // MINUTE}m"
    return ",".join(WEEKDAYS[day] for day in own.every)
