"""How `subscribers` shows people: the shapes of its JSON, and lines for a terminal."""

import datetime as dt
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from cnddigest.cli import moments, options
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.audience.address import Address
    from cnddigest.audience.enrolment import Listener
    from cnddigest.audience.replay import Replay
    from cnddigest.audience.rows import Row
    from cnddigest.wiring import Opened

LINKS = ("confirm", "unsubscribe", "preferences", "rss", "atom", "json")


def replay(said: dict[str, str]) -> "Replay | None":
    """Return the settings of a Replay that the options name; raises WrongUse for one that makes no sense."""
    from cnddigest.audience import replay as replays

    names = ("start", "every", "at", "per", "timezone")
    given = [name for name in names if said[name]]
    if not said["replay"]:
        if given:
            raise WrongUse(f"--{given[0]} needs --replay")
        return None
    try:
        return replays.read(**{name: said[name] for name in names})
    except ValueError as error:
        raise WrongUse(str(error)) from error


def language(text: str) -> str:
    """Return the tag of a language that there are texts in, `""` for none; raises WrongUse."""
    from cnddigest.audience.model import LANGUAGES, spoken
    from cnddigest.config.addresses import language as read
    from cnddigest.config.kinds import Unfit

    try:
        found = read(text) if text else ""
    except Unfit as unfit:
        raise WrongUse(f"{unfit.problem}: {unfit.shown}", hint=unfit.hint) from unfit
    if found and not spoken(found):
        raise WrongUse(f"there are no texts in this language: {found}", hint=f"there is {', '.join(LANGUAGES)}")
    return found


def rows(opened: "Opened", serial: str | None) -> Iterator["Row"]:
    """Yield everybody as rows of a file."""
    from cnddigest.audience.address import parse
    from cnddigest.audience.rows import Row

    for listener in opened.office.people.listeners(serial):
        subscription = listener.subscription
        yield Row(
            address=parse(listener.subscriber.address, smtputf8=True),
            name=listener.subscriber.name,
            serial=subscription.serial,
            language=listener.subscriber.language,
            status=subscription.status,
            reason=subscription.reason,
            suppressed=listener.suppressed,
            consent=subscription.consent,
            position=opened.office.people.position(listener),
            replay=subscription.replay,
        )
    if serial is None:
        yield from _orders(opened)


def _orders(opened: "Opened") -> Iterator["Row"]:
    """Yield the standing orders not to mail that are about nobody who is known: they must go along too."""
    from cnddigest.audience.address import BadAddress, parse
    from cnddigest.audience.model import Ended, SubscriptionStatus
    from cnddigest.audience.rows import Row

    for order in opened.office.people.orders():
        with suppress(BadAddress):  # of who was erased, only a keyed hash is left
            yield Row(
                address=parse(order.key, smtputf8=True),
                status=SubscriptionStatus.ENDED,
                reason=Ended.REMOVED,
                suppressed=order.reason,
            )


def listed(opened: "Opened", serial: str | None) -> Iterator[dict[str, Any]]:
    """Yield the lines of `subscribers list --json`."""
    for listener in opened.office.people.listeners(serial):
        yield {"address": listener.subscriber.address, **_subscription(opened, listener)}


def _subscription(opened: "Opened", listener: "Listener") -> dict[str, Any]:
    subscription, consent = listener.subscription, listener.subscription.consent
    return {
        "serial": subscription.serial,
        "status": subscription.status.value,
        "run": subscription.run,
        "position": opened.office.people.position(listener),
        "consent": {"at": moments.wire(consent.at), "source": consent.source, "text": consent.text}
        if consent
        else None,
    }


def row(opened: "Opened", listener: "Listener", zone: dt.tzinfo) -> tuple[str, ...]:
    """Return a line for a terminal."""
    subscription, consent = listener.subscription, listener.subscription.consent
    status = subscription.status.value
    if listener.suppressed:
        status += f", suppressed: {listener.suppressed}"
    said = f"{moments.local(consent.at, zone)}, {consent.source}" if consent else ""
    return listener.subscriber.address, subscription.serial, status, str(opened.office.people.position(listener)), said


def shown(request: options.Request, opened: "Opened", address: "Address") -> dict[str, Any]:
    """Return the shape of `subscribers show --json`; raises WrongUse for a stranger."""
    from cnddigest.usecases import subscribe

    found = subscribe.known(opened.office.audience, address)
    return {
        "schema": "cnddigest/subscription/1",
        "address": found[0].subscriber.address,
        **({"suppressed": found[0].suppressed} if found[0].suppressed else {}),
        **_lifted(opened, address),
        "subscriptions": [
            {
                **_subscription(opened, each),
                "position": opened.office.people.position(each, now=request.now),
                "replay": _replay(each.subscription.replay),
                **_held(opened.held_at(each.subscription.serial)),
                "calendar": [
                    {
                        "part": part.part,
                        "release_at": moments.wire(part.release_at),
                        "released_at": moments.wire(part.released_at),
                    }
                    for part in opened.calendar(each.subscription, now=request.now)
                ],
                "links": opened.office.people.links(each),
            }
            for each in found
        ],
    }


def _lifted(opened: "Opened", address: "Address") -> dict[str, Any]:
    found = opened.office.audience.lifted(address.key)
    shown = [{"at": moments.wire(each.at), "was": each.reason, "reason": each.why} for each in found]
    return {"lifted": shown} if shown else {}


def _held(held_at: dt.datetime | None) -> dict[str, Any]:
    return {"held_at": moments.wire(held_at)} if held_at else {}


def nobody() -> dict[str, Any]:
    """Return the same shape for somebody who is long gone."""
    return {"schema": "cnddigest/subscription/1", "address": None, "subscriptions": []}


def _replay(found: "Replay | None") -> dict[str, Any] | None:
    if found is None:
        return None
    names = ("start", "every", "at", "per", "timezone", "paused")
    return {name: getattr(found, name) for name in names}


def asked(opened: "Opened") -> str:
    """Return the words that a person says yes to."""
    return str(opened.words.text("Confirm your subscription"))


def tell(request: options.Request, found: dict[str, Any], suppressed: str) -> None:
    """Show one person on a terminal."""
    terminal, publication = request.terminal, request.settings().publication
    zones = {each.slug: each.cadence.timezone.key for each in publication.serials}
    terminal.line(f"{found['address']}, suppressed: {suppressed}" if suppressed else found["address"])
    for each in found.get("lifted", ()):
        when = moments.local(dt.datetime.fromisoformat(each["at"]), publication.timezone)
        terminal.line(f"suppression lifted {when}, was {each['was']}: {each['reason']}")
    for each in found["subscriptions"]:
        terminal.line()
        terminal.line(f"{each['serial']}: {each['status']}, position {each['position']}")
        if each["consent"]:
            when = moments.local(dt.datetime.fromisoformat(each["consent"]["at"]), publication.timezone)
            terminal.line(f"  agreed {when}: {each['consent']['source']}")
        if each["replay"]:
            terminal.line(f"  {_pace(each['run'], each['replay'])}")
        for name, link in each["links"].items():
            if link:
                terminal.line(f"  {name}: {link}")
        own = each["replay"]["timezone"] if each["replay"] else ""
        zone = own or zones.get(each["serial"], publication.timezone.key)
        if "held_at" in each:
            since = moments.local(dt.datetime.fromisoformat(each["held_at"]), ZoneInfo(zone))
            terminal.line(f"  held since {since}: no more parts come out")
        if each["calendar"]:
            _tell_calendar(request, each["calendar"], ZoneInfo(zone))


def _pace(run: str, replay: dict[str, Any]) -> str:
    """Return a Replay's settings in words; what it leaves open is the Serial's."""
    words = [f"own run {run}", f"from {replay['start']}"]
    words += [f"every {replay['every']}"] if replay["every"] else []
    words += [f"at {replay['at']}"] if replay["at"] else []
    words += [f"{replay['per']} parts at a time"] if replay["per"] > 1 else []
    return ", ".join([*words, *(["paused"] if replay["paused"] else [])])


def _tell_calendar(request: options.Request, calendar: list[dict[str, Any]], zone: ZoneInfo) -> None:
    coming = next((part["part"] for part in calendar if not part["released_at"]), None)
    rows = []
    for part in calendar:
        moment = dt.datetime.fromisoformat(part["release_at"])
        away = moments.distance(request.now, moment) if part["part"] == coming else ""
        rows.append((str(part["part"]), moments.local(moment, zone), "out" if part["released_at"] else away))
    request.terminal.columns(("Part", f"Times of {zone.key}", ""), rows, right=[0])
