"""Bounce: read what came back, keep it as facts, and stop mailing whom they speak of."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cnddigest.audience.bounces.model import Bounce, Kind, Verdict
from cnddigest.audience.bounces.reading import read
from cnddigest.audience.bounces.verdicts import verdict
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Ended
from cnddigest.audience.suppression import Action, Fact, Ruling, rule
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
    """What reading returned mail works with."""

    audience: Audience
    ledger: Ledger
    tokens: Tokens
    now: dt.datetime


def take_back(desk: Desk, source: str, data: bytes) -> Iterator[BounceLine]:
    """Yield what a returned message says and what followed; reading it twice changes nothing.

    Whoever has no token of ours in the message is not touched, whatever else it says: anyone can write that.
    """
    for bounce in read(data, desk.tokens):
        listener = desk.audience.listener(bounce.name.subscription) if bounce.name else None
        line = BounceLine(
            source=source,
            kind=bounce.verdict.kind,
            code=bounce.verdict.code,
            action=Action.NONE,
            ours=bounce.verdict.ours,
        )
        yield _followed(desk, bounce, listener, line) if listener else line


def _followed(desk: Desk, bounce: Bounce, listener: Listener, line: BounceLine) -> BounceLine:
    issue = bounce.name.issue if bounce.name else None
    name = desk.ledger.issue(issue) if issue is not None else None
    line = replace(
        line,
        address=listener.subscriber.address,
        serial=name.serial if name else listener.subscription.serial,
        part=name.part if name else None,
    )
    if issue is not None and bounce.verdict.kind is Kind.HARD:
        delivery = Key(issue=issue, subscription=listener.subscription.number)
        desk.ledger.bounced(delivery, reply=bounce.diagnostic or bounce.verdict.code, now=desk.now)
    at = min(bounce.returned_at or desk.now, desk.now)
    return replace(line, action=_ruled(desk, listener, bounce.verdict, at, bounce.digest).action)


def _ruled(desk: Desk, listener: Listener, verdict: Verdict, at: dt.datetime, digest: str) -> Ruling:
    """Keep a fact about a person, once, and do what follows from all there are."""
    key, kind, code = listener.subscriber.key, verdict.kind, verdict.code
    if kind not in COUNTED:
        return Ruling(action=Action.NONE)
    earlier = desk.audience.bounces(key)
    if not desk.audience.note_bounce(key, kind=kind.value, code=code, at=at, digest=digest):
        return Ruling(action=Action.NONE)
    ruling = rule(Fact(kind=kind, code=code, at=at), earlier)
    if ruling.reason:
        desk.audience.suppress([key], reason=ruling.reason.value, now=desk.now)
        why = Ended.COMPLAINT if kind is Kind.COMPLAINT else Ended.BOUNCED
        desk.audience.end(listener.subscription.number, why)
    return ruling


def refused(desk: Desk, attempts: Iterable[Attempt]) -> None:
    """Treat what a far side refused for good as if it had come back: the same facts, the same rules."""
    for attempt in attempts:
        listener = desk.audience.listener(attempt.key.subscription)
        if listener is None or attempt.stage not in ABOUT_READER:
            continue
        reply = attempt.reply
        said = verdict("failed", reply.enhanced, f"{reply.code} {reply.enhanced} {reply.text}")
        digest = f"refused {attempt.key.issue} {attempt.key.subscription} {desk.now.isoformat()}"
        _ruled(desk, listener, said, desk.now, digest)
