"""The ladder of paces that "slower" and "faster" climb, a rung at a time.

12h ── day ── weekday ── mon,wed,fri ── mon,thu ── mon
14     7      5          3              2          1     steps a week
"""

import datetime as dt
from collections.abc import Mapping

from cnddigest.audience.replay import WEEKDAYS
from cnddigest.serial.model import Every

WEEK = dt.timedelta(days=7)
# As settings write them, and how many steps a week each one has, the fastest first.
RUNGS: Mapping[str, float] = {"12h": 14, "day": 7, "weekday": 5, "mon,wed,fri": 3, "mon,thu": 2, "mon": 1}
WORDS: Mapping[str, float] = {"day": 7, "weekday": 5, "original": 7}  # a conference's days follow each other
WEEKLY = "mon"


def slower(every: Every) -> str:
    """Return the next slower rhythm for one of a Cadence, `""` at the end of the ladder.

    Who comes down to one day a week keeps the first of theirs.
    """
    found = next((rung for rung, rate in RUNGS.items() if rate < _rate(every)), "")
    return WEEKDAYS[every[0]] if found == WEEKLY and isinstance(every, tuple) else found


def faster(every: Every) -> str:
    """Return the next faster rhythm for one of a Cadence, `""` at the top of the ladder."""
    return next((rung for rung, rate in reversed(tuple(RUNGS.items())) if rate > _rate(every)), "")


def _rate(every: Every) -> float:
    if isinstance(every, int):
        every = dt.timedelta(days=every)
    if isinstance(every, dt.timedelta):
        return WEEK / every
    return len(every) if isinstance(every, tuple) else WORDS[every]
