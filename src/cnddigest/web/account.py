"""A person's own pages: `/unsubscribe/<token>`, `/preferences/<token>` and `/pace/<token>`.

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
from cnddigest.rendering import visits
from cnddigest.rendering.visits import Pace
from cnddigest.rendering.words import Words
from cnddigest.rendering.zones import zones
from cnddigest.usecases import leaving, pace, subscribe
from cnddigest.usecases.replays import Wish
from cnddigest.web import pages
from cnddigest.web.clerk import Clerk
from cnddigest.web.desk import Gone, Visit, route

PACE = ("every", "at", "per", "timezone")


def routes(clerk: Clerk) -> list[BaseRoute]:
    """Return the ways to a person's own pages."""
    return [
        route("/unsubscribe/{token:token}", clerk, get=leave, post=left),
        route("/preferences/{token:token}", clerk, get=preferences, post=prefer),
        route("/preferences/{token:token}/data.json", clerk, get=data),
        route("/pace/{token:token}", clerk, get=offered, post=followed),
    ]


# Leaving


def leave(visit: Visit) -> Response:
    """Ask whether they want to leave."""
    return _leave(visit, _of(visit, visit.tokens.read("unsubscribe", visit.token)))


def left(visit: Visit) -> Response:
    """Let them go, at one click of their mail program (RFC 8058) or of our page; or take that back."""
    number = visit.tokens.read("unsubscribe", visit.token)
    if number is None:
        raise Gone
    counter = visit.counter
    if "undo" in visit.form:
        leaving.undo(counter.office.audience, number, now=counter.now)
        counter.nudge()
    else:
        subscribe.unsubscribe(counter.office.audience, counter.tokens, visit.token)
    listener = counter.office.audience.listener(number)
    if listener is None:  # erased long ago: they are not subscribed, which is what they want
        words = counter.words(visit.language)
        return visit.say(
            words.text("You have unsubscribed"), words.text("Nothing more will be sent to you."), status=HTTPStatus.OK
        )
    return _leave(visit, listener)


def _leave(visit: Visit, listener: Listener) -> Response:
    words = _words(visit, listener)
    found = listener.subscription
    has_left = found.status is SubscriptionStatus.ENDED
    return visit.show(
        "leave",
        title=_leaving(words, has_left=has_left, undone="undo" in visit.form),
        language=listener.subscriber.language,
        masthead=visit.counter.masthead(found.serial),
        address=listener.subscriber.address,
        left=has_left,
        undoable=leaving.is_undoable(found),
        settings=_pinned(visit, found),
        undo_done="undo" in visit.form,
        ways=visit.ways(listener),
    )


def _leaving(words: Words, *, has_left: bool, undone: bool) -> str:
    if has_left:
        return words.text("You have unsubscribed")
    return words.text("Manage your subscription") if undone else words.text("Unsubscribe")


# Preferences


def preferences(visit: Visit) -> Response:
    """Show a person's own page."""
    return _preferences(visit, _of(visit, visit.tokens.read("preferences", visit.token)))


def _preferences(visit: Visit, listener: Listener, *, wrong: str = "") -> Response:
    counter, found = visit.counter, listener.subscription
    words = _words(visit, listener)
    serial = counter.serial(found.serial)
    if serial is None:
        raise Gone
    wanted = pinned(found.replay or Replay(), serial.cadence)
    return visit.show(
        "preferences",
        title=words.text("Manage your subscription"),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        language=listener.subscriber.language,
        masthead=counter.masthead(found.serial),
        listener=listener,
        status_word=found.status.value,
        undoable=leaving.is_undoable(found),
        **_pace(words, found, wanted),
        **_calendar(visit, words, found),
        next_is_out=_next_is_out(visit, found),
        tongues=visits.tongues([counter.words(each) for each in LANGUAGES], words.language),
        ways=visit.ways(listener),
        wrong=wrong,
        sentence=words.text("This pace can't be set.") if wrong else "",
        said=_said(words, visit.query.get("done", "")),
    )


def _next_is_out(visit: Visit, found: Subscription) -> bool:
    """Say whether the Part that comes next in a run is public: no run goes ahead of that."""
    steps = visit.counter.public.steps(found.serial)
    dates = visit.counter.opened.calendar(found, now=visit.counter.now)
    position = max([found.position, *(date.part for date in dates if date.released_at)])
    return position < len(steps) and steps[position].is_out


def _pace(words: Words, found: Subscription, wanted: Replay) -> dict[str, object]:
    """Return what the page says of a pace, and its fields."""
    own = found.replay is not None
    return {
        "own": own,
        "paused": own and wanted.paused,
        "pace": visits.pace(words, Pace(every=wanted.every, at=wanted.at, timezone=wanted.timezone, per=wanted.per)),
        "settings": wanted,
        "paces": visits.paces(words, wanted.every),
        "zones": zones(words, wanted.timezone),
    }


def _calendar(visit: Visit, words: Words, found: Subscription) -> dict[str, object]:
    """Return what came and what comes, in the person's own time zone; `lap` and `position` tell an old page."""
    counter = visit.counter
    clock = words.there(counter.opened.zone(found))
    calendar = counter.opened.calendar(found, now=counter.now)
    dates = [
        {
            "part": date.part,
            "moment": clock.moment(date.release_at),
            "at": date.release_at,
            "out": bool(date.released_at),
        }
        for date in calendar
    ]
    position = max((date.part for date in calendar if date.released_at), default=found.position)
    return {"dates": dates, "zone": clock.zone(), "lap": found.run, "position": position}


SAID: Mapping[str, Callable[[Words], str]] = {
    "next": lambda words: words.text("The next part is on its way."),
    "pause": lambda words: words.text("Paused. Nothing comes until you resume."),
    "resume": lambda words: words.text("Resumed."),
    "jump": lambda words: words.text("The part you chose comes next."),
    "restart": lambda words: words.text("It starts over from part 1."),
    "pace": lambda words: words.text("Your new pace is set."),
    "language": lambda words: words.text("From now on, we write to you in this language."),
    "undo": lambda words: words.text("You are subscribed again."),
    "old": lambda words: words.text(
        "A new part has come since that page was shown. Press again if you still want this."
    ),
}


DEEDS: Mapping[str, Wish] = {
    "next": Wish(bring=True),
    "pause": Wish(pause=True),
    "resume": Wish(resume=True),
    "restart": Wish(restart=True),
}


def _said(words: Words, done: str) -> str:
    return SAID[done](words) if done in SAID else ""


def prefer(visit: Visit) -> Response:
    """Do what a button of that page says, and show the page anew."""
    number = visit.tokens.read("preferences", visit.token)
    listener = _of(visit, number)
    deed = visit.form.get("do", "")
    counter, audience = visit.counter, visit.counter.office.audience
    if deed == "erase":
        return _erase(visit, listener)
    if deed == "undo":
        leaving.undo(audience, listener.subscription.number, now=counter.now)
    elif deed == "language" and (language := spoken(visit.form.get("language", ""))):
        leaving.speak(audience, listener, language, now=counter.now)
    elif _is_old(visit, listener):
        deed = "old"
    else:
        try:
            wish = _wish(visit.form)
        except ValueError:
            return _preferences(visit, listener, wrong="pace")
        counter.office.replays.change(listener.subscription.number, wish, now=counter.now)
    counter.nudge()
    return _back(visit, f"./{visit.token}", deed)


def _back(visit: Visit, place: str, deed: str) -> Response:
    """Lead to a person's own page, which says what was done; in the language of this one, unless that was the wish."""
    said = {"done": deed if deed in SAID else "", "lang": "" if deed == "language" else visit.asked}
    query = urlencode({name: value for name, value in said.items() if value})
    return pages.elsewhere(f"{place}?{query}" if query else place)


def _is_old(visit: Visit, listener: Listener) -> bool:
    """Say whether the run has moved on since the page was made: pressing a button twice does it once."""
    form = visit.form
    if form.get("do") not in ("next", "restart", "jump"):
        return False
    dates = visit.counter.opened.calendar(listener.subscription, now=visit.counter.now)
    had = max((date.part for date in dates if date.released_at), default=listener.subscription.position)
    return form.get("seen") != f"{listener.subscription.run} {had}"


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
    words = _words(visit, listener)
    if visit.form.get("sure") != "yes":
        return _preferences(visit, listener)
    counter = visit.counter
    leaving.erase(counter.office.audience, counter.tokens, listener, now=counter.now)
    sentence = words.text("Your address and everything stored about you have been erased.")
    return visit.say(words.text("Your data has been erased"), sentence, status=HTTPStatus.OK)


def data(visit: Visit) -> Response:
    """Hand out all that is kept of a person, as a file (GDPR, article 20)."""
    listener = _of(visit, visit.tokens.read("preferences", visit.token))
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
    wanted = offer.listener.subscription.replay
    if offer.control.wish == "contents" or (offer.control.wish == "pause" and wanted and wanted.paused):
        return pages.elsewhere(f"../{visit.ways(offer.listener)['preferences']}#calendar")
    words = _words(visit, offer.listener)
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
        waits=offer.control.wish == "next" and not _next_is_out(visit, offer.listener.subscription),
        ways=visit.ways(offer.listener),
    )


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
    done = control.wish if control.wish in SAID else "pace"
    return _back(visit, f"../{visit.ways(listener)['preferences']}", done)


def _pinned(visit: Visit, found: Subscription) -> Replay | None:
    serial = visit.counter.serial(found.serial)
    return pinned(found.replay, serial.cadence) if found.replay and serial else None


def _of(visit: Visit, number: int | None) -> Listener:
    """Return whose page it is."""
    listener = visit.counter.office.audience.listener(number) if number is not None else None
    if listener is None:
        raise Gone
    return listener


def _words(visit: Visit, listener: Listener) -> Words:
    return visit.counter.words(visit.asked, listener.subscriber.language, visit.language)
