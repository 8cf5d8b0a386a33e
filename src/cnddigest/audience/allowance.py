"""How often strangers may ask for something: a bucket that fills again, kept as one moment (GCRA).

now ──────────────|───── free_at          while free_at - now is under (burst - 1) * every, one more may come
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`burst` at once, and then one `every` so long."""

    burst: int
    every: dt.timedelta


def taken(free_at: dt.datetime | None, allowance: Allowance, now: dt.datetime) -> dt.datetime | None:
    """Return when the bucket is full again after one more; None where it is empty.

    `free_at` is that moment as it was before, None for whoever comes for the first time.
    """
    since = max(free_at or now, now)
    if since - now > allowance.burst * allowance.every:
        since = now  # no bucket is emptier than empty: the clock was set back, which is nobody's fault out there
    return None if since - now > (allowance.burst - 1) * allowance.every else since + allowance.every
