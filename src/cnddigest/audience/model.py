"""Who listens: Subscribers, their Subscriptions, and the standing orders not to mail somebody.

    ┌────────── asked again ──────────┐
    v                                 │
pending ──confirm──> active ──leave──> ended
    └──────── never confirmed ─────────^
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cnddigest.audience.consent import Consent
from cnddigest.audience.replay import Replay, again, opened
from cnddigest.serial.model import MAIN
from cnddigest.serial.replay import Course, changed

LANGUAGES = ("ja", "en")  # those in which there are interface texts: src/cnddigest/locale


def spoken(tag: str) -> str:
    """Return the language of the texts that somebody with this tag reads, `""` where there are none in it."""
    first = tag.replace("_", "-").partition("-")[0].lower()
    return first if first in LANGUAGES else ""


class SubscriptionStatus(StrEnum):
    """Where a Subscription stands."""

    PENDING = "pending"  # somebody asked for it; the person did not confirm yet
    ACTIVE = "active"  # gets what is released
    ENDED = "ended"  # gets nothing; it is kept to say why


class Ended(StrEnum):
    """Why a Subscription ended."""

    UNSUBSCRIBED = "unsubscribed"  # the person left
    EXPIRED = "expired"  # nobody confirmed in time
    REMOVED = "removed"  # the publisher took it away
    BOUNCED = "bounced"  # the address does not exist, or refuses for good
    COMPLAINT = "complaint"  # the person called it spam


# Every move a Subscription may make. From ended to active only with fresh consent.
SUBSCRIPTION_MOVES: Mapping[SubscriptionStatus, frozenset[SubscriptionStatus]] = {
    SubscriptionStatus.PENDING: frozenset({SubscriptionStatus.ACTIVE, SubscriptionStatus.ENDED}),
    SubscriptionStatus.ACTIVE: frozenset({SubscriptionStatus.ENDED}),
    SubscriptionStatus.ENDED: frozenset({SubscriptionStatus.PENDING, SubscriptionStatus.ACTIVE}),
}


class SuppressionReason(StrEnum):
    """Why an address gets no mail from any Serial; a publisher may give words of their own instead."""

    UNSUBSCRIBED = "unsubscribed"  # asked never to be written to again
    HARD_BOUNCE = "hard_bounce"  # there is no such mailbox
    SOFT_BOUNCE = "soft_bounce"  # came back too often in too short a time
    COMPLAINT = "complaint"  # called it spam
    MANUAL = "manual"  # the publisher's order


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person with an address.

    `address` is as shown, `key` its normal form: two spellings of one mailbox have the same (see `audience.address`).
    `language` is a tag as in BCP 47, `""` for the publication's. `number` is the record's and is never used again.
    """

    number: int
    address: str
    key: str
    name: str = ""
    language: str = ""
    created_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A person's link to a Serial.

    `run` is `main`, or the name of the person's own run; `replay` are that run's settings, `course` is how far it has
    come, None before it began, and `next_at` the moment at which to look at it again. `position` counts the Parts the
    person had. `reason` is given exactly where `status` is ended. `asked_at` is when it last became pending, or
    began.
    """

    number: int
    subscriber: int
    serial: str
    run: str = MAIN
    status: SubscriptionStatus = SubscriptionStatus.PENDING
    reason: Ended | None = None
    position: int = 0
    replay: Replay | None = None
    course: Course | None = None
    next_at: dt.datetime | None = None
    consent: Consent | None = None
    asked_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """A standing order not to mail an address; it outlives the Subscriber.

    `key` is the address's normal form, or a keyed hash of it once the person was erased (see `audience.tokens`).
    """

    key: str
    reason: str
    at: dt.datetime


def begun(subscription: Subscription, now: dt.datetime) -> Subscription:
    """Return a Subscription with its own run, under way if it is active; one on the main run as it is.

    The Parts that were had elsewhere are none of this run's, and the next one comes at the next moment of its pace.
    So it does where a run goes on: what its pace would have brought meanwhile is not brought all at once.
    """
    if not subscription.replay:
        return subscription
    run = f"r{subscription.number}" if subscription.run == MAIN else subscription.run
    found = replace(subscription, run=run)
    if found.status is not SubscriptionStatus.ACTIVE:
        return found
    course = changed(found.course, now) if found.course else opened(found.position, subscription.replay, now)
    return replace(found, course=course, next_at=None if subscription.replay.paused else now)


def anew(subscription: Subscription) -> Subscription:
    """Return it as if its own run had never begun: whoever left and asks again wants all Parts, from the first one.

    The Parts come under the names of another lap, or no reader would show them, and no message would be sent twice.
    """
    if subscription.course is None:
        return subscription
    return replace(subscription, run=again(subscription.run), course=None, position=0, next_at=None)


def published(subscription: Subscription) -> Subscription:
    """Return it on the public run; how far its own had come is none of that one's."""
    position = 0 if subscription.course else subscription.position
    return replace(subscription, run=MAIN, replay=None, course=None, position=position, next_at=None)


def may_move(old: SubscriptionStatus, new: SubscriptionStatus) -> bool:
    """Say whether a Subscription may go from one status to another."""
    return new in SUBSCRIPTION_MOVES[old]


def asked(subscription: Subscription, *, at: dt.datetime) -> Subscription:
    """Return it pending, as from that moment: somebody asked for it, perhaps again. An active one stays active."""
    if subscription.status is SubscriptionStatus.ACTIVE:
        return subscription
    return replace(subscription, status=SubscriptionStatus.PENDING, reason=None, asked_at=at)


def confirmed(subscription: Subscription, consent: Consent) -> Subscription:
    """Return it active with the person's word; the first word an active one was given stays."""
    if subscription.status is SubscriptionStatus.ACTIVE and subscription.consent:
        return subscription
    return replace(subscription, status=SubscriptionStatus.ACTIVE, reason=None, consent=consent)


def ended(subscription: Subscription, reason: Ended) -> Subscription:
    """Return it ended; one that had ended before keeps its first reason."""
    if subscription.status is SubscriptionStatus.ENDED:
        return subscription
    return replace(subscription, status=SubscriptionStatus.ENDED, reason=reason, next_at=None)
