"""The only place that asks the time."""

import datetime as dt


def now() -> dt.datetime:
    """Return this moment in UTC, in whole seconds: feeds know no finer ones."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def exact() -> dt.datetime:
    """Return this moment in UTC to the microsecond: for rates, of which a second holds many turns."""
    return dt.datetime.now(dt.UTC)
