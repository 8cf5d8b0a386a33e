"""Leaving, taking it back, and what is kept of a person until then."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from cnddigest.audience.address import parse
from cnddigest.audience.enrolment import Enrolment, Listener
from cnddigest.audience.model import Ended, Subscriber, Subscription, SubscriptionStatus, begun
from cnddigest.audience.tokens import Tokens
from cnddigest.delivery.model import Traced
from cnddigest.errors import WrongUse
from cnddigest.ports.audience import Audience
from cnddigest.ports.mail import Ledger
from cnddigest.usecases import subscribe


def is_undoable(found: Subscription) -> bool:
    """Say whether a person may take back that they left: they agreed once, and nothing but their own click ended it."""
    return found.reason is Ended.UNSUBSCRIBED and found.consent is not None


def undo(audience: Audience, number: int, *, now: dt.datetime) -> Listener | None:
    """Make a Subscription active again that its person ended; the consent it had stands. Raises WrongUse for others."""
    return audience.change(number, lambda before: _undone(before, now), now=now)


def _undone(before: Subscription, now: dt.datetime) -> Subscription:
    if before.status is SubscriptionStatus.ACTIVE:
        return before
    if not is_undoable(before):
        raise WrongUse("this subscription can't be taken up again", hint="subscribe anew")
    return begun(replace(before, status=SubscriptionStatus.ACTIVE, reason=None), now)


def speak(audience: Audience, listener: Listener, language: str, *, now: dt.datetime) -> None:
    """Write to a person in another language from now on."""
    address = parse(listener.subscriber.address, smtputf8=True)
    audience.enrol([Enrolment(address=address, serial=listener.subscription.serial, language=language)], now=now)


def erase(audience: Audience, tokens: Tokens, listener: Listener, *, now: dt.datetime) -> None:
    """Forget a person in every byte of the record."""
    address = parse(listener.subscriber.address, smtputf8=True)
    subscribe.remove(audience, tokens, address, erase=True, now=now)


def kept(audience: Audience, ledger: Ledger, person: Subscriber) -> dict[str, Any]:
    """Return all that is kept of a person, in words that a program can read, too."""
    found = audience.person(person.key)
    order = audience.suppression(person.key)
    deliveries = [each for one in found for each in ledger.received(one.subscription.number)]
    return {
        "schema": "cnddigest/person/1",
        "address": person.address,
        "name": person.name,
        "language": person.language,
        "since": _wire(person.created_at),
        "suppressed": order.reason if order else None,
        "subscriptions": [_subscription(each.subscription) for each in found],
        "deliveries": [_delivery(each) for each in deliveries],
        "bounces": [
            {"at": _wire(fact.at), "kind": fact.kind.value, "code": fact.code} for fact in audience.bounces(person.key)
        ],
    }


def _subscription(found: Subscription) -> dict[str, Any]:
    consent = found.consent
    return {
        "serial": found.serial,
        "status": found.status.value,
        "reason": found.reason.value if found.reason else None,
        "run": found.run,
        "position": found.position,
        "had": [_wire(at) if at else None for at in found.course.moments] if found.course else None,
        "next_at": _wire(found.next_at) if found.next_at else None,
        "asked_at": _wire(found.asked_at),
        "consent": {"at": _wire(consent.at), "source": consent.source, "text": consent.text} if consent else None,
        "replay": asdict(found.replay) if found.replay else None,
    }


def _delivery(found: Traced) -> dict[str, Any]:
    return {
        "serial": found.serial,
        "run": found.run if found.part else None,
        "part": found.part,
        "about": "issue" if found.part else found.run,
        "address": found.address,
        "status": found.status.value,
        "at": _wire(found.at),
        "attempts": found.attempts,
        "reply": found.reply or None,
    }


def _wire(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
