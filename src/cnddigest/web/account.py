"""A person's own pages: `/preferences/<token>` and `/pace/<token>`.

A GET shows and changes nothing: programs follow every link of a message. The token is the proof: whoever has the
message may do it.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import BaseRoute

from cnddigest.audience import replay
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import LANGUAGES, Subscription, SubscriptionStatus, spoken
from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import pinned
from cnddigest.errors import WrongUse
from cnddigest.rendering import agenda, visits
from cnddigest.rendering.agenda import Standing
from cnddigest.rendering.words import Words
from cnddigest.rendering.zones import zones
from cnddigest.usecases import leaving, pace
from cnddigest.usecases.replays import Wish
from cnddigest.web import mint, pages, person
from cnddigest.web.clerk import Clerk
from cnddigest.web.desk import Gone, Visit, route

PACE = ("every", "at", "per", "timezone")


def routes(clerk: Clerk) -> list[BaseRoute]:
    """Return the ways to a person's own pages."""
    return [
        route("/preferences/{token:token}", clerk, get=preferences, post=prefer),
        route("/preferences/{token:token}/data.json", clerk, get=data),
        route("/pace/{token:token}", clerk, get=offered, post=followed),
    ]


# Preferences


def preferences(visit: Visit) -> Response:
    """Show a person's own page."""
    return _preferences(visit, person.of(visit, visit.tokens.read("preferences", visit.token)))


def _preferences(visit: Visit, listener: Listener, *, wrong: str = "", said: str = "", status: int = 200) -> Response:
    counter, found = visit.counter, listener.subscription
    words = person.words(visit, listener)
    serial = counter.serial(found.serial)
    if serial is None:
        raise Gone
    wanted = pinned(found.replay or Replay(), serial.cadence)
    standing = _standing(visit, words, listener, wanted)
    position = person.had(found, standing.agenda)
    return visit.show(
        "preferences",
        title=words.text("Manage your subscription"),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else status,
        language=listener.subscriber.language,
        masthead=counter.masthead(found.serial),
        listener=listener,
        status_word=found.status.value,
        undoable=leaving.is_undoable(found),
        standing=standing,
        when=words.when,
        moment=words.moment,
        zone=words.zone(),
        lap=found.run,
        position=position,
        next_is_out=person.next_is_out(visit, found, position),
        settings=wanted,
        paces=visits.paces(words, wanted.every),
        zones=zones(words, wanted.timezone),
        tongues=visits.tongues([counter.words(each) for each in LANGUAGES], words.language),
        ways=visit.ways(listener),
        wrong=wrong,
        sentence=words.text("This pace can't be set.") if wrong else "",
        said=said or agenda.notice(words, standing, visit.query.get("done", ""), _number(visit.query.get("part", ""))),
    )


def _standing(visit: Visit, words: Words, listener: Listener, wanted: Replay) -> Standing:
    found = listener.subscription
    own, known = found.replay is not None, person.agenda(visit, found)
    return Standing(
        active=found.status is SubscriptionStatus.ACTIVE,
        own=own,
        paused=own and wanted.paused,
        pace=mint.paced(words, wanted),
        agenda=known,
        held=person.is_held(visit, found, known),
        tongue=listener.subscriber.language or visit.counter.settings.publication.language,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


DEEDS: Mapping[str, Wish] = {
    "next": Wish(bring=True),
    "pause": Wish(pause=True),
    "resume": Wish(resume=True),
    "restart": Wish(restart=True),
}
DONE: Mapping[str, str] = {"next": "part", "jump": "part", "restart": "part", "own": "pace"}  # what their notice is of


def prefer(visit: Visit) -> Response:
    """Do what a button of that page says, and show the page anew."""
    listener = person.of(visit, visit.tokens.read("preferences", visit.token))
    deed, part = visit.form.get("do", ""), 0
    counter, audience = visit.counter, visit.counter.office.audience
    if deed == "erase":
        return _erase(visit, listener)
    if deed == "undo":
        leaving.undo(audience, listener.subscription.number, now=counter.now)
    elif deed == "language" and (language := spoken(visit.form.get("language", ""))):
        leaving.speak(audience, listener, language, now=counter.now)
    elif _is_old(visit, listener):
        words = person.words(visit, listener)
        said = words.text("A new part has come since that page was shown. Press again if you still want this.")
        return _preferences(visit, listener, said=said, status=HTTPStatus.CONFLICT)
    else:
        try:
            wish = _wish(visit.form)
        except ValueError:
            return _preferences(visit, listener, wrong="pace")
        part = wish.jump or (1 if wish.restart else _had(visit, listener.subscription) + 1)
        counter.office.replays.change(listener.subscription.number, wish, now=counter.now)
    counter.nudge()
    return _back(visit, f"./{visit.token}", DONE.get(deed, deed), part)


def _back(visit: Visit, place: str, done: str, part: int) -> Response:
    """Lead to a person's own page, which says how it stands; in the language of this one, unless that was the wish."""
    said = {"done": done, "part": part if done == "part" else "", "lang": "" if done == "language" else visit.asked}
    query = urlencode({name: value for name, value in said.items() if value})
    return pages.elsewhere(f"{place}?{query}" if query else place)


def _is_old(visit: Visit, listener: Listener) -> bool:
    """Say whether the run has moved on since the page was made: pressing a button twice does it once."""
    form, found = visit.form, listener.subscription
    if form.get("do") not in ("next", "restart", "jump"):
        return False
    return form.get("seen") != f"{found.run} {_had(visit, found)}"


def _had(visit: Visit, found: Subscription) -> int:
    return person.had(found, person.agenda(visit, found))


def _wish(form: Mapping[str, str]) -> Wish:
    """Return what a button wishes; raises ValueError for what can't be set, WrongUse for no button of ours."""
    deed = form.get("do", "")
    if deed in ("pace", "own"):
        return Wish(settings=replay.alteration({name: form.get(name, "") for name in PACE}), own=deed == "own")
    if deed == "jump":
        return Wish(jump=replay.read_per(form.get("part", "")))
    if deed in DEEDS:
        return DEEDS[deed]
    raise WrongUse("no button of ours")


def _erase(visit: Visit, listener: Listener) -> Response:
    """Forget them in every byte, if they ticked the box."""
    words = person.words(visit, listener)
    if visit.form.get("sure") != "yes":
        return _preferences(visit, listener)
    counter = visit.counter
    leaving.erase(counter.office.audience, counter.tokens, listener, now=counter.now)
    sentence = words.text("Your address and everything stored about you have been erased.")
    return visit.say(words.text("Your data has been erased"), sentence, status=HTTPStatus.OK)


def data(visit: Visit) -> Response:
    """Hand out all that is kept of a person, as a file (GDPR, article 20)."""
    listener = person.of(visit, visit.tokens.read("preferences", visit.token))
    office = visit.counter.office
    found = leaving.kept(office.audience, office.ledger, listener.subscriber)
    headers = {**pages.GUARDS, "content-disposition": 'attachment; filename="subscription.json"'}
    return Response(json.dumps(found, ensure_ascii=False, indent=2), 200, headers, "application/json")


# The links below a message


def offered(visit: Visit) -> Response:
    """Show what a link would do."""
    counter = visit.counter
    try:
        offer = pace.offer(counter.office.audience, counter.public, counter.tokens, visit.token, now=counter.now)
    except WrongUse as error:
        raise Gone from error
    found = offer.listener.subscription
    wanted = found.replay
    if offer.control.wish == "contents" or (offer.control.wish == "pause" and wanted and wanted.paused):
        return pages.elsewhere(f"../{visit.ways(offer.listener)['preferences']}#calendar")
    words, known = person.words(visit, offer.listener), person.agenda(visit, found)
    return visit.show(
        "pace",
        title=TITLES[offer.control.wish](words),
        language=offer.listener.subscriber.language,
        masthead=counter.masthead(offer.listener.subscription.serial),
        address=offer.listener.subscriber.address,
        deed=offer.control.wish,
        every=offer.every,
        rhythm=visits.rhythm(words, offer.every) if offer.every else "",
        is_over=offer.is_over,
        waits=offer.control.wish == "next" and not person.next_is_out(visit, found, person.had(found, known)),
        coming=known.coming,
        when=words.when,
        ways=visit.ways(offer.listener),
    )


FOLLOWED: Mapping[str, str] = {"next": "part", "pause": "pause", "slower": "pace", "faster": "pace", "contents": ""}
TITLES: Mapping[str, Callable[[Words], str]] = {
    "next": lambda words: words.text("Send the next part now"),
    "pause": lambda words: words.text("Pause"),
    "slower": lambda words: words.text("Slow down"),
    "faster": lambda words: words.text("Speed up"),
}


def followed(visit: Visit) -> Response:
    """Do what a link says, and lead to the person's own page."""
    counter = visit.counter
    control = counter.tokens.read_control(visit.token)
    if control is None:
        raise Gone
    every = visit.form.get("every", "")
    listener = pace.follow(
        counter.office.audience, counter.public, counter.tokens, visit.token, every=every, now=counter.now
    )
    counter.nudge()
    return _back(visit, f"../{visit.ways(listener)['preferences']}", FOLLOWED[control.wish], control.part + 1)
