"""Holding a Serial back, letting it go on, and bringing its next Part out ahead of time.

Each is a fact in the record; the next publish acts on it, whoever runs it.
"""

import datetime as dt
from dataclasses import replace

from cnddigest.errors import WrongUse
from cnddigest.ports.record import Store, Will

BRIEFLY = 5.0  # seconds to wait for a publish that is under way: it decides by what was wished before it


def hold(store: Store, slug: str, *, now: dt.datetime) -> bool:
    """Let nothing come out from now on; return whether that is new."""
    with store.publishing(wait=BRIEFLY):
        before = store.will(slug)
        if before.held_at:
            return False
        store.keep_will(slug, Will(held_at=now))
    return True


def release_hold(store: Store, slug: str) -> bool:
    """Let it go on: what is overdue comes one by one. Return whether it was held."""
    with store.publishing(wait=BRIEFLY):
        before = store.will(slug)
        if not before.held_at:
            return False
        store.keep_will(slug, replace(before, held_at=None, eases=True))
    return True


def bring_forward(store: Store, slug: str, number: int) -> bool:
    """Let the next Part come out at the next publish, held or not; False where that Part is out already.

    Raises WrongUse for one that is not the next, or of a Serial that has not begun: its first publish brings it.
    """
    with store.publishing(wait=BRIEFLY):
        totals = store.totals(slug)
        if 1 <= number <= totals.released_parts:
            return False
        if number != totals.released_parts + 1 or number > totals.parts:
            raise WrongUse(f"not the next part: {number}", hint="see `cnddigest plan`")
        store.keep_will(slug, replace(store.will(slug), ahead=number))
    return True
