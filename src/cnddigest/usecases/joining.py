"""Joining by a form: anybody may write any address into it.

So the answer is the same for every address, nothing that is known of a person changes, and their mailbox is where they
learn how things stand.
"""

import datetime as dt
from dataclasses import dataclass

from cnddigest.audience.address import Address
from cnddigest.audience.allowance import Allowance
from cnddigest.audience.enrolment import Enrolment, Listener
from cnddigest.audience.model import SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.tokens import Tokens
from cnddigest.ports.audience import Audience
from cnddigest.ports.limits import Limits
from cnddigest.usecases.subscribe import recall

# A hall full of people behind one address subscribes within minutes; a flood does not stop after forty.
OF_NETWORK = Allowance(burst=40, every=dt.timedelta(minutes=1))
OF_ADDRESS = Allowance(burst=3, every=dt.timedelta(hours=8))
GOOGLE = ("gmail.com", "googlemail.com")
# What is done with the link of a message needs no guarding from its owner, but from a program gone wild.
OF_LINKS = Allowance(burst=120, every=dt.timedelta(seconds=2))

# A script on the page asks while somebody types, and a hall of people sits behind one address.
OF_SEARCHES = Allowance(burst=120, every=dt.timedelta(seconds=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wrote into the form; without `replay` they follow the public run from its next Part on."""

    address: Address
    serial: str
    language: str = ""
    replay: Replay | None = None


def ask(  # noqa: PLR0913  who, by which names, whose buckets, what for, from where, and when
    audience: Audience, tokens: Tokens, limits: Limits, asked: Asked, *, network: str, now: dt.datetime
) -> bool:
    """Write to the address that somebody gave, if that may be; False where so many come from that network.

    Who is not subscribed is asked to confirm, who is gets the way to their own page.
    """
    if not allowed(limits, tokens, "subscribe", network, OF_NETWORK, now=now):
        return False
    name = tokens.hidden(f"subscribe|{asked.serial}|{mailbox(asked.address)}")
    if limits.take([(name, OF_ADDRESS)], now=now):
        audience.ask(_number(audience, tokens, asked, now), now=now)
    return True


def mailbox(address: Address) -> str:
    """Return one name for all addresses that most likely lead to one mailbox: only a bucket is called so.

    What stands behind a plus is a tag at nearly every host (RFC 5233), and Google reads no dots. Where that is not so
    two people share a bucket, and the second asks some hours later.
    """
    local, _, host = address.key.rpartition("@")
    local = local.partition("+")[0] or local
    return f"{local.replace('.', '')}@gmail.com" if host in GOOGLE else f"{local}@{host}"


def _number(audience: Audience, tokens: Tokens, asked: Asked, now: dt.datetime) -> int:
    """Return the number of the Subscription that was asked for; one that is active stays as it is."""
    person = audience.person(asked.address.key)
    known = next((each.subscription for each in person if each.subscription.serial == asked.serial), None)
    if known and known.status is SubscriptionStatus.ACTIVE:
        return known.number
    entry = Enrolment(
        address=asked.address,
        serial=asked.serial,
        language="" if _reads_already(person) else asked.language,
        replay=asked.replay,
        public=asked.replay is None,
        afresh=True,
    )
    (enrolled,) = audience.enrol(recall(audience, tokens, [entry], now), now=now)
    return enrolled.subscription.number


def _reads_already(person: list[Listener]) -> bool:
    """Say whether something comes to a person in a language of theirs; who only asked has said none but this."""
    return any(each.subscription.status is SubscriptionStatus.ACTIVE for each in person)


def allowed(  # noqa: PLR0913  whose buckets, by which names, what for, and when
    limits: Limits, tokens: Tokens, what: str, who: str, allowance: Allowance, *, now: dt.datetime
) -> bool:
    """Take one out of the bucket of a network, or of a person; False where it is empty."""
    return limits.take([(tokens.hidden(f"{what}|{who}"), allowance)], now=now)
