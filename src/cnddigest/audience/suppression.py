"""When facts about returned mail become a standing order not to mail an address."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.model import Subscription, Suppression, SuppressionReason

SOFT_LIMIT = 5  # so many soft Bounces …
SOFT_DAYS = dt.timedelta(days=14)  # … within this time suppress
BARE_LIMIT = 2  # so many refusals in these words only: the first may be a relay's bad day
BARE = frozenset({"550", "551", "553"})  # RFC 5321 4.2.3: about the mailbox, unless a gateway says otherwise


# Orders that no new yes lifts: the mailbox is gone, or mail to it costs everybody's; only the publisher can take them
# back, where one was a mistake. The rest end as a person confirms.
LASTING = frozenset({SuppressionReason.HARD_BOUNCE.value, SuppressionReason.COMPLAINT.value})


def forbids(order: Suppression, asked: Subscription) -> bool:
    """Say whether an order outlives that this Subscription's person confirms."""
    return order.reason in LASTING or order.at > asked.asked_at


class Action(StrEnum):
    """What a fact leads to."""

    NONE = "none"  # nothing happens to the person
    COUNTED = "counted"  # kept, and weighed with what comes
    SUPPRESSED = "suppressed"  # no more mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What was said about one address, and when."""

    kind: Kind
    code: str = ""
    at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What follows, and why; `reason` is given exactly where the address is suppressed."""

    action: Action
    reason: SuppressionReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A standing order that the publisher took back, and why."""

    reason: str
    suppressed_at: dt.datetime
    at: dt.datetime
    why: str


def rule(fact: Fact, earlier: Iterable[Fact] = ()) -> Ruling:
    """Return what follows from a fact, given what was kept about the same address before.

    Which facts are there decides, not the order in which they were read: soft ones suppress when any `SOFT_DAYS` held
    `SOFT_LIMIT` of them.
    """
    if fact.kind is Kind.COMPLAINT:
        return Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.COMPLAINT)
    if fact.kind is Kind.HARD:
        return Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.HARD_BOUNCE)
    if fact.kind is not Kind.SOFT:
        return Ruling(action=Action.NONE)
    facts = [known for known in chain(earlier, [fact]) if known.kind is Kind.SOFT]
    if sum(known.code in BARE for known in facts) >= BARE_LIMIT:
        return Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.HARD_BOUNCE)
    if _crowded(sorted(known.at for known in facts)):
        return Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.SOFT_BOUNCE)
    return Ruling(action=Action.COUNTED)


def _crowded(moments: list[dt.datetime]) -> bool:
    """Say whether any `SOFT_LIMIT` of these, in order, lie within `SOFT_DAYS`."""
    return any(last - first < SOFT_DAYS for first, last in zip(moments, moments[SOFT_LIMIT - 1 :], strict=False))
