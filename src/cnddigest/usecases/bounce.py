"""Bounce: read what came back, keep it as facts, and stop mailing whom they speak of."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cnddigest.audience.address import BadAddress, parse
from cnddigest.audience.bounces.model import Bounce, Kind, Verdict
from cnddigest.audience.bounces.reading import read
from cnddigest.audience.bounces.verdicts import verdict
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.suppression import Action, Fact
from cnddigest.audience.tokens import Tokens
from cnddigest.delivery.model import Attempt, Key, Stage
from cnddigest.ports.audience import Audience
from cnddigest.ports.mail import Ledger

COUNTED = frozenset({Kind.HARD, Kind.SOFT, Kind.COMPLAINT})  # kinds that are facts about a person
ABOUT_READER = frozenset({Stage.RECIPIENT, Stage.DATA, Stage.DOT})  # answers there are about one reader


@dataclass(frozen=True, slots=True, kw_only=True)
class BounceLine:
    """What one returned message said, and what followed.

    `address`, `serial` and `part` are those of the Delivery it names, None where it names nobody. `ours` says that our
    mail or our standing was refused, not the person.
    """

    source: str
    kind: Kind
    code: str
    action: Action
    address: str | None = None
    serial: str | None = None
    part: int | None = None
    ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What reading returned mail works with. `issue_of` finds which Issue to a Subscription has a Message-ID."""

    audience: Audience
    ledger: Ledger
    tokens: Tokens
    now: dt.datetime
    issue_of: Callable[[Listener, str], int | None] = lambda _, __: None


def take_back(desk: Desk, source: str, data: bytes) -> Iterator[BounceLine]:
    """Yield what a returned message says and what followed; reading it twice changes nothing.

    Whoever has no token of ours in the message is not touched, whatever else it says: anyone can write that.
    """
    yield from follow(desk, source, read(data, desk.tokens))


def follow(desk: Desk, source: str, bounces: Iterable[Bounce]) -> Iterator[BounceLine]:
    """Yield what came back and what followed, one by one; each is recorded when it is yielded."""
    for bounce in bounces:
        meant = _meant(desk, bounce)
        line = BounceLine(
            source=source,
            kind=bounce.verdict.kind,
            code=bounce.verdict.code,
            action=Action.NONE,
            ours=bounce.verdict.ours,
        )
        yield _followed(desk, bounce, meant, line) if meant else line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """Whom a Bounce is about: one Subscription or, where only the address is known, all of a person's."""

    listeners: tuple[Listener, ...]
    issue: int | None = None


def _meant(desk: Desk, bounce: Bounce) -> _Meant | None:
    """Return whom a token names; an address and the Message-ID of ours only where they are vouched for."""
    if bounce.name:
        listener = desk.audience.listener(bounce.name.subscription)
        return _Meant(listeners=(listener,), issue=bounce.name.issue) if listener else None
    if not bounce.vouched:
        return None
    try:
        found = desk.audience.person(parse(bounce.recipient, smtputf8=True).key)
    except BadAddress:
        return None
    for listener in found if bounce.message_id else ():
        issue = desk.issue_of(listener, bounce.message_id)
        if issue is not None:
            return _Meant(listeners=(listener,), issue=issue)
    return _Meant(listeners=tuple(found)) if found else None


def _followed(desk: Desk, bounce: Bounce, meant: _Meant, line: BounceLine) -> BounceLine:
    name = desk.ledger.issue(meant.issue) if meant.issue is not None else None
    one = meant.listeners[0]
    serial = one.subscription.serial if len(meant.listeners) == 1 else None
    line = replace(
        line,
        address=one.subscriber.address,
        serial=name.serial if name else serial,
        part=name.part if name else None,
    )
    if meant.issue is not None and bounce.verdict.kind is Kind.HARD:
        delivery = Key(issue=meant.issue, subscription=one.subscription.number)
        desk.ledger.bounced(delivery, reply=bounce.diagnostic or bounce.verdict.code, now=desk.now)
    at = min(bounce.returned_at or desk.now, desk.now)
    return replace(line, action=_ruled(desk, meant.listeners, bounce.verdict, at, bounce.digest))


def _ruled(desk: Desk, listeners: Sequence[Listener], verdict: Verdict, at: dt.datetime, digest: str) -> Action:
    """Keep a fact about a person, once, and do what follows from all there are."""
    if verdict.kind not in COUNTED:
        return Action.NONE
    fact = Fact(kind=verdict.kind, code=verdict.code, at=at)
    ends = [listener.subscription.number for listener in listeners]
    ruling = desk.audience.note_bounce(listeners[0].subscriber.key, fact, digest=digest, ends=ends, now=desk.now)
    return ruling.action if ruling else Action.NONE


def refused(desk: Desk, attempts: Iterable[Attempt]) -> None:
    """Treat what a far side refused for good as if it had come back: the same facts, the same rules."""
    for attempt in attempts:
        listener = desk.audience.listener(attempt.key.subscription)
        if listener is None or attempt.stage not in ABOUT_READER:
            continue
        reply = attempt.reply
        said = verdict("failed", reply.enhanced, f"{reply.code} {reply.enhanced} {reply.text}")
        digest = f"refused {attempt.key.issue} {attempt.key.subscription} {desk.now.isoformat()}"
        _ruled(desk, [listener], said, desk.now, digest)
