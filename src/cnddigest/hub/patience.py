"""How often a far server that does not answer is asked again, and when that is given up."""

import datetime as dt

MINUTE = dt.timedelta(minutes=1)
# After each failure; the next one gives up. A day in all: a reader that is away for longer asks by itself again.
PAUSES = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 240 * MINUTE, 480 * MINUTE, 720 * MINUTE)
MOST = len(PAUSES) + 1
CLAIMED = MINUTE  # for so long a try belongs to whoever began it; a killed one is made again after that
LONGEST = PAUSES[-1]  # what waits for longer waits for a clock that was set back


def again_at(attempts: int, now: dt.datetime) -> dt.datetime | None:
    """Return when to ask again after that many tries, None when it is given up."""
    return now + PAUSES[attempts - 1] if attempts < MOST else None
