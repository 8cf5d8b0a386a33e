"""Joining: what somebody asks for a person, and what comes of it."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from cnddigest.audience.address import Address
from cnddigest.audience.consent import Consent
from cnddigest.audience.model import (
    Ended,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    asked,
    confirmed,
    ended,
    published,
)
from cnddigest.audience.replay import Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A person as a form, a command or a list names them, for one Serial.

    With `consent` they are active at once, without it pending; `left` says that the list itself knows they left.
    `afresh` is the person's own or the publisher's explicit word: it brings back who had left, which a list never does.
    `public` says that they follow the public run from now on: a run of their own that they had is over.
    None and `""` are "not said": what is known stays.
    """

    address: Address
    serial: str
    name: str = ""
    language: str = ""
    consent: Consent | None = None
    position: int | None = None
    replay: Replay | None = None
    left: Ended | None = None
    afresh: bool = False
    public: bool = False

    @property
    def status(self) -> SubscriptionStatus:
        """Return where a new Subscription begins."""
        if self.left:
            return SubscriptionStatus.ENDED
        return SubscriptionStatus.ACTIVE if self.consent else SubscriptionStatus.PENDING


class Outcome(StrEnum):
    """What an Enrolment changed."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A Subscriber and one Subscription of theirs, as lists show them. `suppressed` is why no mail goes there."""

    subscriber: Subscriber
    subscription: Subscription
    suppressed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What came of an Enrolment. `suppressed` is why no Issue goes there all the same."""

    outcome: Outcome
    subscription: Subscription
    suppressed: str = ""


def merged(known: Subscription, wanted: Enrolment, *, now: dt.datetime) -> Subscription:
    """Return a Subscription after an Enrolment: nobody who left comes back unless asked afresh, no consent is lost.

    How far a person's own run has come is for that run to say.
    """
    found = replace(
        known,
        position=known.position if wanted.position is None or known.course else wanted.position,
        replay=wanted.replay or known.replay,
    )
    if wanted.public:
        found = published(found)
    if wanted.left:
        return ended(found, wanted.left)
    if known.status is SubscriptionStatus.ENDED and not wanted.afresh:
        return found
    if wanted.consent:
        return confirmed(found, wanted.consent)
    return asked(found, at=now) if wanted.afresh else found
