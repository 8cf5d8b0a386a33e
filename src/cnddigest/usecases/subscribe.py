"""Joining and leaving: the verbs behind forms, links, lists and commands."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from cnddigest.audience.address import Address
from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolled, Enrolment, Listener, Outcome
from cnddigest.audience.model import Ended, SubscriptionStatus, SuppressionReason, spoken
from cnddigest.audience.rows import Rejected, Row
from cnddigest.audience.tokens import Tokens
from cnddigest.errors import WrongUse
from cnddigest.ports.audience import Audience
from cnddigest.usecases.shop import Progress

CHUNK = 1000  # rows in one transaction: a flush to the disk is spread over them, and a kill costs no more
BY_MAIL = "confirmed by mail"
PENDING, ENDED = SubscriptionStatus.PENDING, SubscriptionStatus.ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a list. `suppressed` counts those taken in who get no Issue: a standing order forbids it.

    `strange` are languages without texts: whoever wants one of them gets the publication's.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    asked: int = 0
    suppressed: int = 0
    strange: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a list is taken in by: the Serials there are, the one for rows that name none, and the moment.

    `parts` tells how many Parts a Serial has; it is asked only for rows that begin behind some.
    """

    serials: tuple[str, ...]
    serial: str | None
    now: dt.datetime
    parts: Callable[[str], int]

    @property
    def default(self) -> str:
        """Return the Serial of rows that name none, `""` where they must."""
        return self.serial or (self.serials[0] if len(self.serials) == 1 else "")


def add(audience: Audience, tokens: Tokens, entry: Enrolment, *, now: dt.datetime) -> tuple[Enrolled, bool]:
    """Take one person in by somebody's explicit word; return whether they are asked by mail.

    Who has not consented is, unless the address was asked as often as it may be.
    """
    (enrolled,) = audience.enrol(recall(audience, tokens, [entry], now), now=now)
    pending = enrolled.subscription.status is PENDING
    return enrolled, pending and audience.ask(enrolled.subscription.number, now=now)


def take_in(
    audience: Audience, tokens: Tokens, rows: Iterable[Row | Rejected], rules: Rules, *, progress: Progress
) -> Imported:
    """Take a list in, row by row; who has not consented and is new is asked by mail.

    Doing it twice changes nothing; killed anywhere, doing it again mends it. What can't be taken is listed, the rest
    goes in.
    """
    counts: Counter[Outcome] = Counter()
    rejected: list[Rejected] = []
    strange: set[str] = set()
    asked = suppressed = done = 0
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        placed = [row if isinstance(row, Rejected) else _placed(row, rules) for row in chunk if not _is_order(row)]
        rejected += [each for each in placed if isinstance(each, Rejected)]
        entries = [each for each in placed if isinstance(each, Enrolment)]
        strange |= {each.language for each in entries if each.language and not spoken(each.language)}
        enrolled = audience.enrol(recall(audience, tokens, entries, rules.now), now=rules.now)
        _suppress_rows(audience, chunk, rules.now)
        counts.update(each.outcome for each in enrolled)
        suppressed += sum(bool(each.suppressed) and each.subscription.status is not ENDED for each in enrolled)
        # A list is nobody's own word: it asks no one who is suppressed.
        new = [each.subscription for each in enrolled if each.outcome is Outcome.ADDED and not each.suppressed]
        asked += audience.ask_all([each.number for each in new if each.status is PENDING], now=rules.now)
        done += len(chunk)
        progress("taking in", done, 0)
    return Imported(
        added=counts[Outcome.ADDED],
        updated=counts[Outcome.UPDATED],
        unchanged=counts[Outcome.UNCHANGED],
        asked=asked,
        suppressed=suppressed,
        strange=tuple(sorted(strange)),
        rejected=tuple(rejected),
    )


def _is_order(row: Row | Rejected) -> bool:
    """Say whether a row is a standing order and nothing else: no Serial of ours, as our own export writes it."""
    return isinstance(row, Row) and bool(row.suppressed) and not row.serial and row.reason is Ended.REMOVED


def _suppress_rows(audience: Audience, rows: Iterable[Row | Rejected], now: dt.datetime) -> None:
    orders: dict[str, list[str]] = {}
    for row in rows:
        if isinstance(row, Row) and row.suppressed:
            orders.setdefault(row.suppressed, []).append(row.address.key)
    for reason, keys in orders.items():
        audience.suppress(keys, reason=reason, now=now)


def _placed(row: Row, rules: Rules) -> Enrolment | Rejected:
    """Return what a row asks for, in a Serial there is."""
    serial = row.serial or rules.default
    if problem := _misplaced(row, serial, rules):
        return Rejected(line=row.line, address=row.address.display, reason=problem)
    return Enrolment(
        address=row.address,
        serial=serial,
        name=row.name,
        language=row.language,
        consent=row.consent if row.status is SubscriptionStatus.ACTIVE else None,
        position=row.position or None,
        replay=row.replay,
        left=row.reason,
    )


def _misplaced(row: Row, serial: str, rules: Rules) -> str:
    """Return why a row fits into no Serial, `""` where it does; who had all Parts is done, nobody had more."""
    if not serial:
        return "no serial is named"
    if serial not in rules.serials:
        return f"no such serial: {serial[:40]}"
    if row.position and row.position > (parts := rules.parts(serial)):
        return f"position is behind the last of {parts} parts: {row.position}"
    return ""


def confirm(audience: Audience, tokens: Tokens, token: str, *, text: str, now: dt.datetime) -> Listener:
    """Make the Subscription active that a confirmation link names; doing it twice changes nothing.

    `text` is what the person saw when they said yes. Raises WrongUse for a link that was changed or is too old.
    """
    number = tokens.read_confirm(token, now)
    consent = Consent(at=now, source=BY_MAIL, text=text)
    found = audience.confirm(number, consent) if number is not None else None
    if found is None or found.subscription.status is not SubscriptionStatus.ACTIVE:
        raise WrongUse("confirmation link is not valid, or too old", hint="subscribe again to get a new one")
    return found


def unsubscribe(audience: Audience, tokens: Tokens, token: str) -> Listener | None:
    """End the Subscription that an unsubscribe link names; None for somebody who is long gone.

    Raises WrongUse for a link that was changed.
    """
    number = tokens.read("unsubscribe", token)
    if number is None:
        raise WrongUse("unsubscribe link is not valid", hint="use the link of a message as it is")
    return audience.end(number, Ended.UNSUBSCRIBED)


def known(audience: Audience, address: Address) -> list[Listener]:
    """Return all of a person's Subscriptions; raises WrongUse for a stranger."""
    found = audience.person(address.key)
    if not found:
        raise WrongUse(f"nobody has this address: {address.display}", hint="see `cnddigest subscribers list`")
    return found


def one(audience: Audience, address: Address, serial: str | None) -> Listener:
    """Return the Subscription of a person that is meant: that of a Serial, else the only one; raises WrongUse."""
    found = known(audience, address)
    slugs = [each.subscription.serial for each in found]
    if serial is None and len(found) > 1:
        raise WrongUse("no serial is named", hint=f"add --serial NAME: {', '.join(slugs)}")
    if serial not in (None, *slugs):
        raise WrongUse(f"not subscribed to {serial}: {address.display}", hint=f"there is {', '.join(slugs)}")
    return found[slugs.index(serial) if serial else 0]


def speak(audience: Audience, address: Address, serial: str, language: str, *, now: dt.datetime) -> None:
    """Write to a person in another language from now on."""
    audience.enrol([Enrolment(address=address, serial=serial, language=language)], now=now)


def remove(audience: Audience, tokens: Tokens, address: Address, *, erase: bool, now: dt.datetime) -> None:
    """Forget a person; with `erase` in every byte of the record. A Suppression outlives both.

    Raises WrongUse for a stranger.
    """
    hashed = tokens.erased(address.key)
    gone = (
        audience.erase(address.key, address=address.display, hashed=hashed, now=now)
        if erase
        else audience.remove(address.key)
    )
    if not gone:
        raise WrongUse(f"nobody has this address: {address.display}")


def suppress(audience: Audience, address: Address, *, reason: str | None, now: dt.datetime) -> bool:
    """Order that an address is never mailed, known or not; return whether that is new."""
    return bool(audience.suppress([address.key], reason=reason or SuppressionReason.MANUAL.value, now=now))


def lift(audience: Audience, tokens: Tokens, address: Address, *, why: str, now: dt.datetime) -> str:
    """Take back that an address is never mailed; return why that was. Nobody is mailed by it: they can be asked again.

    Raises WrongUse where there is no such order.
    """
    found = audience.lift([address.key, *tokens.erased_forms(address.key)], why=why, now=now)
    if not found:
        raise WrongUse(f"nothing forbids mail to this address: {address.display}")
    return found[0].reason


def recall(audience: Audience, tokens: Tokens, entries: Iterable[Enrolment], now: dt.datetime) -> list[Enrolment]:
    """Return entries; an order that outlived an erased person takes its plain name again when the address is back."""
    found = list(entries)
    hashed = {order.key: order.reason for order in audience.erased_suppressions()}
    for entry in found if hashed else ():
        for form in tokens.erased_forms(entry.address.key):
            if form in hashed:
                audience.suppress([entry.address.key], reason=hashed[form], now=now)
    return found
