"""Coming in: `GET/POST /subscribe`, `/confirm/<token>`, and `POST /replay` for a feed without an address."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import BaseRoute

from cnddigest.audience import replay
from cnddigest.audience.address import BadAddress, parse
from cnddigest.audience.model import Subscription, SubscriptionStatus, spoken
from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import Schedule, pinned
from cnddigest.errors import RecordAway
from cnddigest.rendering import visits
from cnddigest.rendering.words import Words
from cnddigest.rendering.zones import zones
from cnddigest.serial.model import Serial
from cnddigest.usecases import joining, subscribe
from cnddigest.usecases.report import NextLine
from cnddigest.usecases.survey import next_of
from cnddigest.web import mint, person
from cnddigest.web.clerk import Clerk
from cnddigest.web.desk import Gone, Visit, route

SETTINGS = ("start", "every", "at", "per", "timezone")
PUBLIC, OWN = "next", "beginning"


def routes(clerk: Clerk) -> list[BaseRoute]:
    """Return the ways in."""
    return [
        route("/subscribe", clerk, get=form, post=join),
        route("/confirm/{token:token}", clerk, get=question, post=agree),
        route("/replay", clerk, get=form, post=feed),
    ]


# The form


def form(visit: Visit) -> Response:
    """Show a Serial's form; where none is named, what there is to choose from."""
    serial = _serial(visit, visit.query.get("serial", ""))
    return _form(visit, serial) if serial else _choice(visit)


def _choice(visit: Visit, *, status: int = HTTPStatus.OK) -> Response:
    """Ask which Serial is meant; an address that was written already goes with the answer."""
    words, there = visit.counter.words(visit.language), _published(visit)
    if not there:
        raise RecordAway("nothing was published yet")
    return visit.show(
        "choose",
        title=words.text("Subscribe"),
        status=status,
        address=visit.form.get("address", "")[:400],
        tongue=_tongue(visit, words),
        offers=[_offer(visit, words, each) for each in there],
    )


def _offer(visit: Visit, words: Words, serial: Serial) -> dict[str, object]:
    """Return what there is to know of a Serial before one chooses it."""
    coming = next_of(visit.counter.store, serial.slug)
    return {
        "masthead": visit.counter.masthead(serial.slug),
        "pace": mint.paced(words, pinned(Replay(), serial.cadence)),
        "coming": coming is not None,
        "moment": _moment(visit, words, serial, coming),
    }


def _form(visit: Visit, chosen: Serial, *, wrong: str = "", sentence: str = "") -> Response:
    """Show the form with what was said already; `wrong` names the field that can't be taken, `sentence` says why."""
    counter, said = visit.counter, visit.form
    words = counter.words(visit.language)
    wanted = pinned(replay.legible(said), chosen.cadence)
    coming = next_of(counter.store, chosen.slug)
    return visit.show(
        "subscribe",
        title=words.text("Subscribe"),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        masthead=counter.masthead(chosen.slug),
        has_others=len(_published(visit)) > 1,
        address=said.get("address", ""),
        run=said.get("run", OWN) if coming else OWN,
        coming=coming is not None,
        moment=_moment(visit, words, chosen, coming),
        settings=wanted,
        paces=visits.paces(words, wanted.every),
        zones=zones(words, wanted.timezone),
        tongue=_tongue(visit, words),
        wrong=wrong,
        sentence=sentence,
    )


def _moment(visit: Visit, words: Words, serial: Serial, coming: NextLine | None) -> str:
    """Return when the next Part comes out, `""` where nobody can say: nothing is left, or the publisher holds it."""
    if coming is None or visit.counter.store.will(serial.slug).held_at:
        return ""
    return words.there(serial.cadence.timezone).when(coming.release_at)


def _tongue(visit: Visit, words: Words) -> str:
    """Return the language in which we write to whoever sends the form: that of the page it is on."""
    return spoken(visit.form.get("language", "")) or visit.language or words.language


def _published(visit: Visit) -> list[Serial]:
    return [each for each in visit.counter.serials if visit.counter.store.serial(each.slug)]


def _serial(visit: Visit, slug: str) -> Serial | None:
    """Return a Serial that was published by now; the only one needs no name, None for the name of none."""
    there = _published(visit)
    if not slug and len(there) == 1:
        return there[0]
    return next((each for each in there if each.slug == slug), None)


def _settings(said: Mapping[str, str], serial: Serial) -> Replay | None:
    """Return the settings that a form says, None where they make no sense."""
    try:
        found = replay.read(**{"start": replay.NOW} | {name: said.get(name, "") for name in SETTINGS})
    except ValueError:
        return None
    return pinned(found, serial.cadence)


def join(visit: Visit) -> Response:
    """Write to the address, and say the same whoever it is."""
    words = visit.counter.words(visit.language)
    serial = _serial(visit, visit.form.get("serial", ""))
    if serial is None:
        named = visit.form.get("serial")
        return _choice(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY if named else HTTPStatus.OK)
    if not visit.is_ours:
        return _form(
            visit,
            serial,
            wrong="form",
            sentence=words.text("Please check what you entered, and send it from this page."),
        )
    try:
        address = parse(visit.form.get("address", "")[:400])
    except BadAddress:
        return _form(visit, serial, wrong="address", sentence=words.text("This doesn't look like an email address."))
    wanted = _settings(visit.form, serial)
    if wanted is None:
        return _form(visit, serial, wrong="pace", sentence=words.text("This pace can't be set."))
    asked = joining.Asked(
        address=address,
        serial=serial.slug,
        language=_tongue(visit, words),
        replay=None if visit.form.get("run") == PUBLIC else wanted,
    )
    counter = visit.counter
    audience = counter.office.audience
    if not joining.ask(audience, counter.tokens, counter.limits, asked, network=visit.network, now=counter.now):
        return visit.too_many()
    counter.nudge()
    return visit.show("asked", title=words.text("Check your inbox"), address=address.display, serial=serial.slug)


# The answer


def question(visit: Visit) -> Response:
    """Show what would be confirmed, and change nothing: programs follow links, too."""
    return _question(visit, done=False)


def agree(visit: Visit) -> Response:
    """Confirm it; the first Part of a Replay leaves at once."""
    counter = visit.counter
    number = counter.tokens.read_confirm(visit.token, counter.now)
    listener = counter.office.audience.listener(number) if number is not None else None
    if listener is None:
        raise Gone
    words = counter.words(visit.asked, listener.subscriber.language, visit.language)
    text = _agreement(visit, listener.subscription, words.language)
    subscribe.confirm(counter.office.audience, counter.tokens, visit.token, text=text, now=counter.now)
    counter.nudge()
    return _question(visit, done=listener.subscription.status is SubscriptionStatus.PENDING)


def _question(visit: Visit, *, done: bool) -> Response:
    counter = visit.counter
    number = counter.tokens.read_confirm(visit.token, counter.now)
    listener = counter.office.audience.listener(number) if number is not None else None
    if listener is None or listener.subscription.status is SubscriptionStatus.ENDED:
        raise Gone
    words, agenda = person.words(visit, listener), person.agenda(visit, listener.subscription)
    active = listener.subscription.status is SubscriptionStatus.ACTIVE
    return visit.show(
        "confirm",
        title=words.text("You are subscribed") if active else words.text("Confirm your subscription"),
        language=listener.subscriber.language,
        masthead=counter.masthead(listener.subscription.serial),
        address=listener.subscriber.address,
        agreement=_agreement(visit, listener.subscription, words.language),
        active=active,
        done=done,
        own=listener.subscription.replay is not None,
        agenda=agenda,
        when=words.when,
        ways=visit.ways(listener),
    )


def _agreement(visit: Visit, subscription: Subscription, language: str) -> str:
    """Return the words that a person says yes to: they are kept with their consent."""
    counter = visit.counter
    words = counter.words(language)
    title = counter.masthead(subscription.serial).title
    serial = counter.serial(subscription.serial)
    if subscription.replay is None or serial is None:
        return words.text("Send me {title} by email, each part when it comes out.", title=title)
    wanted = pinned(subscription.replay, serial.cadence)
    pace = mint.paced(words, wanted)
    return words.text("Send me {title} by email from the beginning: {pace}.", title=title, pace=pace)


# A feed without an address


def feed(visit: Visit) -> Response:
    """Give somebody the addresses of a timeline that begins now; nothing is kept of it."""
    counter = visit.counter
    words = counter.words(visit.language)
    serial = _serial(visit, visit.form.get("serial", ""))
    if serial is None:
        return _choice(visit, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted = _settings(visit.form, serial)
    if wanted is None:
        return _form(visit, serial, wrong="pace", sentence=words.text("This pace can't be set."))
    try:
        return mint.addresses(visit, Schedule(serial=serial.slug, began_at=counter.now, settings=wanted), words)
    except ValueError:
        return _form(visit, serial, wrong="pace", sentence=words.text("This pace can't be set."))
