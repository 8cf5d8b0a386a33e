"""Leaving: `/unsubscribe/<token>`, by a mail program's one click or by the page's, and taking it back."""

from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import BaseRoute

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Ended, Subscription, SubscriptionStatus
from cnddigest.audience.replay import NOW
from cnddigest.audience.schedule import Schedule
from cnddigest.rendering.words import Words
from cnddigest.usecases import leaving, subscribe
from cnddigest.web import mint, person
from cnddigest.web.clerk import Clerk
from cnddigest.web.desk import Gone, Visit, route


def routes(clerk: Clerk) -> list[BaseRoute]:
    """Return the way out."""
    return [route("/unsubscribe/{token:token}", clerk, get=leave, post=left)]


def leave(visit: Visit) -> Response:
    """Ask whether they want to leave."""
    return _leave(visit, person.of(visit, visit.tokens.read("unsubscribe", visit.token)))


def left(visit: Visit) -> Response:
    """Let them go, at one click of their mail program (RFC 8058) or of our page; or take that back."""
    number = visit.tokens.read("unsubscribe", visit.token)
    if number is None:
        raise Gone
    if "feed" in visit.form:
        return _feed(visit, person.of(visit, number))
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


def _feed(visit: Visit, listener: Listener) -> Response:
    """Give them a feed that goes on behind what they had by mail, and let them go."""
    words, found, counter = person.words(visit, listener), listener.subscription, visit.counter
    wanted = person.settings(visit, found)
    if wanted is None:
        raise Gone
    settings = replace(wanted, start=NOW, paused=False)
    schedule = Schedule(serial=found.serial, began_at=counter.now, settings=settings, had=_had(visit, found))
    reader = listener.subscriber
    undoable = found.status is SubscriptionStatus.ACTIVE or leaving.is_undoable(found)
    answer = mint.addresses(visit, schedule, words, language=reader.language, left=reader.address, undoable=undoable)
    subscribe.unsubscribe(counter.office.audience, counter.tokens, visit.token)
    return answer


def _had(visit: Visit, found: Subscription) -> int:
    """Return how many Parts they had; none of a run that is through, which may begin again."""
    had = person.had(found, person.agenda(visit, found))
    return had if had < visit.counter.masthead(found.serial).parts else 0


def _leave(visit: Visit, listener: Listener) -> Response:
    words = person.words(visit, listener)
    found = listener.subscription
    masthead = visit.counter.masthead(found.serial)
    return visit.show(
        "leave",
        title=_title(words, found, undone="undo" in visit.form),
        language=listener.subscriber.language,
        masthead=masthead,
        address=listener.subscriber.address,
        left=found.status is SubscriptionStatus.ENDED,
        undoable=leaving.is_undoable(found),
        settings=person.settings(visit, found),
        had=_had(visit, found),
        undo_done="undo" in visit.form,
        ways=visit.ways(listener),
    )


def _title(words: Words, found: Subscription, *, undone: bool) -> str:
    if found.reason is Ended.UNSUBSCRIBED:
        return words.text("You have unsubscribed")
    if found.status is SubscriptionStatus.ENDED:  # no click of theirs: it came back, or was taken away
        return words.text("This subscription has ended")
    return words.text("Manage your subscription") if undone else words.text("Unsubscribe")
