"""How fast mail may leave: one rate for the relay, others for single domains, slower where the far side asks for it."""

import datetime as dt
from dataclasses import dataclass, replace

RELAY = ""  # the name of the relay's own pace; every other name is a domain
PAUSE = dt.timedelta(minutes=5)  # nothing leaves for a domain that said "too much"
QUIET = dt.timedelta(minutes=10)  # so long without a complaint, and the rate grows again
GROWTH = 0.1  # of the full rate, each time
SLOWEST = 1 / 64  # of the full rate
UNASKED = 10.0  # messages a second to a domain that has no rate of its own and said "too much"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The state of one rate: when the next message may leave, and which part of the full rate is borne now."""

    next_at: dt.datetime
    factor: float = 1.0
    changed_at: dt.datetime


def taken(pace: Pace, per_second: float, now: dt.datetime) -> tuple[dt.datetime, Pace]:
    """Return when the next message may leave, and the pace after that."""
    pace = _grown(pace, now)
    leave_at = max(now, pace.next_at)
    return leave_at, replace(pace, next_at=leave_at + dt.timedelta(seconds=1 / (per_second * pace.factor)))


def slowed(pace: Pace, now: dt.datetime) -> Pace:
    """Return the pace after the far side said "too much": half of it, and a pause first."""
    pace = _grown(pace, now)
    factor = max(pace.factor / 2, SLOWEST)
    return replace(pace, factor=factor, next_at=max(pace.next_at, now + PAUSE), changed_at=now)


def _grown(pace: Pace, now: dt.datetime) -> Pace:
    if pace.factor >= 1 or now <= pace.changed_at:
        return pace
    steps = (now - pace.changed_at) // QUIET
    factor = min(pace.factor + GROWTH * steps, 1.0)
    return replace(pace, factor=factor, changed_at=pace.changed_at + steps * QUIET)
