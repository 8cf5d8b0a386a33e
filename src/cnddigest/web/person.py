"""Whose page it is, how far they are, and in which language they are spoken to."""

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription
from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import pinned
from cnddigest.rendering.agenda import Agenda, Day
from cnddigest.rendering.words import Words
from cnddigest.web.desk import Gone, Visit


def of(visit: Visit, number: int | None) -> Listener:
    """Return whose page it is; raises Gone for nobody's."""
    listener = visit.counter.office.audience.listener(number) if number is not None else None
    if listener is None:
        raise Gone
    return listener


def words(visit: Visit, listener: Listener) -> Words:
    """Return the texts in the language that a link asks for, else in theirs, with the clock of their run."""
    found = visit.counter.words(visit.asked, listener.subscriber.language, visit.language)
    return found.there(visit.counter.opened.zone(listener.subscription))


def agenda(visit: Visit, found: Subscription) -> Agenda:
    """Return what came and what comes; what the publisher holds back has no moment."""
    dates = visit.counter.opened.calendar(found, now=visit.counter.now)
    return Agenda(days=[Day(part=date.part, at=date.release_at, out=bool(date.released_at)) for date in dates])


def is_held(visit: Visit, found: Subscription, known: Agenda) -> bool:
    """Say whether the publisher holds back what is still to come."""
    counter = visit.counter
    last = known.latest.part if known.latest else found.position
    return counter.opened.held_at(found.serial) is not None and last < counter.masthead(found.serial).parts


def had(found: Subscription, known: Agenda) -> int:
    """Return the number of the last Part that a run of their own has had, or has gone past, by now."""
    if found.replay is None:
        return 0
    latest = known.latest
    return max(found.position, found.course.position if found.course else 0, latest.part if latest else 0)


def next_is_out(visit: Visit, found: Subscription, position: int) -> bool:
    """Say whether the Part behind that one is public: no run goes ahead of it."""
    steps = visit.counter.public.steps(found.serial)
    return position < len(steps) and steps[position].is_out


def settings(visit: Visit, found: Subscription) -> Replay | None:
    """Return the settings of a run of their own, with nothing left open; None without one."""
    serial = visit.counter.serial(found.serial)
    return pinned(found.replay, serial.cadence) if found.replay and serial else None
