"""Replays: what each person's own run brings next, worked out from the public Parts when it is asked for.

subscription (settings, course) + public Parts ──ahead──> calendar, feed
                                               ──reached──> Deliveries, in the record
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cnddigest.audience import replay as settings
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription, SubscriptionStatus, begun
from cnddigest.audience.replay import Advanced, Replay, Turn
from cnddigest.audience.schedule import Schedule
from cnddigest.errors import CndDigestError, WrongUse
from cnddigest.ports.audience import Audience
from cnddigest.ports.record import Store
from cnddigest.serial import replay
from cnddigest.serial.model import Publication
from cnddigest.serial.replay import Course, Rhythm, Step
from cnddigest.usecases import about
from cnddigest.usecases.report import SerialPlan

CHUNK = 500  # Replays in one transaction: a flush to the disk is spread over them, and a kill costs no more
# A run that waits for a Part which is late, or whose settings allow no date, is looked at again after so long.
WAITING = dt.timedelta(minutes=10)


class Public:
    """What is public, read once from the record for as many Replays as ask."""

    def __init__(self, store: Store, publication: Publication) -> None:
        """Read nothing yet."""
        self._store = store
        self._cadences = {serial.slug: serial.cadence for serial in publication.serials}
        self._steps: dict[str, tuple[Step, ...]] = {}

    def steps(self, serial: str) -> tuple[Step, ...]:
        """Return what a Replay has to know of a Serial's Parts; none before it was first read."""
        if serial not in self._steps:
            self._steps[serial] = tuple(self._read(serial))
        return self._steps[serial]

    def _read(self, serial: str) -> Iterator[Step]:
        state = self._store.serial(serial)
        headlines = list(self._store.headlines(serial)) if state else []
        is_held = bool(self._store.will(serial).held_at)
        for headline, place in zip(headlines, about.places(state, headlines), strict=True):
            yield Step(
                release_at=headline.release_at,
                is_out=headline.released_at is not None,
                is_held=is_held,
                days=place.days,
                after=place.after,
            )

    def has(self, serial: str) -> bool:
        """Say whether the publication has a Serial of this name."""
        return serial in self._cadences

    def rhythm(self, serial: str, wanted: Replay) -> Rhythm:
        """Return what settings mean for a Serial; raises KeyError for one that the publication has no more."""
        return settings.rhythm(wanted, self._cadences[serial])


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A Part in a person's calendar: when it comes, and since when it is there, None if it is still to come."""

    part: int
    release_at: dt.datetime
    released_at: dt.datetime | None


def advance(audience: Audience, public: Public, *, now: dt.datetime) -> int:
    """Queue the Issues of all Replays that are due; return how many brought a Part.

    Safe to kill and to run twice at once: how far a run has come and what it brings are one transaction.
    """
    advanced = 0
    before: list[Turn] = []
    while (turns := audience.turns(now=now, count=CHUNK)) and turns != before:  # else they would be the same for ever
        advanced += audience.advance([_advanced(public, turn, now) for turn in turns], now=now)
        before = turns
    return advanced


def _advanced(public: Public, turn: Turn, now: dt.datetime) -> Advanced:
    try:
        rhythm, steps = public.rhythm(turn.serial, turn.settings), public.steps(turn.serial)
        course = replay.reached(turn.course, rhythm, steps, now)
        following = replay.next_at(course, rhythm, steps)
    except (KeyError, CndDigestError):  # its Serial is gone, or its pace allows no date: that may be mended one day
        return Advanced(turn=turn, course=turn.course, next_at=now + WAITING)
    if following is not None and following <= now:  # the public Part is late
        following = now + WAITING
    return Advanced(turn=turn, course=course, next_at=following)


def calendar(public: Public, subscription: Subscription, *, now: dt.datetime) -> tuple[Date, ...]:
    """Return a run's Parts, those that are there and those to come; none of one that did not begin or is not its own.

    A Part that was skipped is not among them. Nothing is to come while it is paused or the publisher holds,
    after it has ended, and of a Serial that the publication has no more.
    """
    course, wanted = subscription.course, subscription.replay
    if course is None or wanted is None:
        return ()
    if subscription.status is not SubscriptionStatus.ACTIVE or not public.has(subscription.serial):
        return _there(course)
    rhythm, steps = public.rhythm(subscription.serial, wanted), public.steps(subscription.serial)
    return dates(replay.reached(course, rhythm, steps, now), rhythm, steps)


def foreseen(public: Public, schedule: Schedule, *, now: dt.datetime) -> tuple[Date, ...]:
    """Return the calendar of a timeline that its address carries."""
    rhythm, steps = public.rhythm(schedule.serial, schedule.settings), public.steps(schedule.serial)
    return dates(replay.reached(schedule.course, rhythm, steps, now), rhythm, steps)


def dates(course: Course, rhythm: Rhythm, steps: Sequence[Step]) -> tuple[Date, ...]:
    """Return the calendar of a run that has come as far as it is due."""
    ahead = enumerate(replay.ahead(course, rhythm, steps), course.position + 1)
    return (*_there(course), *(Date(part=number, release_at=moment, released_at=None) for number, moment in ahead))


def _there(course: Course) -> tuple[Date, ...]:
    moments = enumerate(course.moments, 1)
    return tuple([Date(part=number, release_at=at, released_at=at) for number, at in moments if at is not None])


def own_plan(plan: SerialPlan, subscription: Subscription, dates: Iterable[Date]) -> SerialPlan:
    """Return a Serial's plan with the moments of one person's run, of those Parts alone that it has."""
    if subscription.replay is None:
        return plan
    parts = {part.number: part for part in plan.parts}
    return replace(
        plan,
        timezone=subscription.replay.timezone or plan.timezone,
        start=subscription.replay.start,
        parts=tuple(
            replace(parts[date.part], release_at=date.release_at, released_at=date.released_at)
            for date in dates
            if date.part in parts
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wishes of their own run: one of these.

    `settings` turns the pace into another one; with `own`, and with a pause, it gives a run to who follows the public
    one. `jump` is the number of the Part that comes next.
    """

    pause: bool = False
    resume: bool = False
    bring: bool = False
    restart: bool = False
    jump: int | None = None
    settings: Callable[[Replay], Replay] | None = None
    own: bool = False

    @property
    def moves(self) -> bool:
        """Say whether it is about which Part comes next, and so needs a run that is under way."""
        return self.bring or self.restart or self.jump is not None

    def wanted(self, known: Replay) -> Replay:
        """Return a run's settings after it; beginning again ends a pause."""
        found = self.settings(known) if self.settings else known
        if self.pause or self.resume or self.restart:
            found = replace(found, paused=self.pause)
        return found


def change(audience: Audience, public: Public, number: int, wish: Wish, *, now: dt.datetime) -> Listener | None:
    """Do what somebody wishes; what is out stays as it was, and what is due by now goes out first.

    Raises WrongUse for a Subscription that has ended or has no run of its own, and for a Part that can't be next.
    """
    return audience.change(number, lambda before: changed(before, public, wish, now), now=now)


def changed(before: Subscription, public: Public, wish: Wish, now: dt.datetime) -> Subscription:
    """Return a Subscription after a wish, as `change` keeps it; raises WrongUse."""
    if before.status is SubscriptionStatus.ENDED:
        raise WrongUse("this subscription has ended", hint="take them in again with `cnddigest subscribers add`")
    if before.replay is None:
        return _parted(before, public, wish, now)
    wanted = wish.wanted(before.replay)
    if before.course is None:
        if wish.moves:
            raise WrongUse("their own run has not begun: they did not confirm yet")
        return replace(before, replay=wanted)
    if wanted == before.replay and not wish.moves:
        return before
    run, course = _moved(before, before.course, public, wish, now)
    next_at = None if wanted.paused else now
    return replace(before, run=run, replay=wanted, course=course, position=course.position, next_at=next_at)


def _parted(before: Subscription, public: Public, wish: Wish, now: dt.datetime) -> Subscription:
    """Return who followed the public run with one of their own; a pause leaves it behind the Parts that are out."""
    if not (wish.own or wish.pause):
        raise WrongUse("it follows the public run, which has one pace for all", hint="give it a run: --start now")
    had = sum(step.is_out for step in public.steps(before.serial)) if wish.pause else before.position
    return begun(replace(before, replay=wish.wanted(Replay()), position=had), now)


def _moved(before: Subscription, course: Course, public: Public, wish: Wish, now: dt.datetime) -> tuple[str, Course]:
    """Return the run that goes on, and how far it has come."""
    if not public.has(before.serial):
        raise WrongUse(f"no such serial: {before.serial}")
    rhythm, steps = public.rhythm(before.serial, before.replay or Replay()), public.steps(before.serial)
    course = replay.reached(course, rhythm, steps, now)
    if wish.restart or (wish.jump is not None and wish.jump <= course.position):
        return settings.again(before.run), _anew(wish.jump or 1, now)
    return before.run, _stepped(course, rhythm, steps, wish, now)


def _stepped(course: Course, rhythm: Rhythm, steps: Sequence[Step], wish: Wish, now: dt.datetime) -> Course:
    if wish.bring:
        if course.position >= len(steps):
            raise WrongUse("no part is left", hint="begin again with --restart")
        if not steps[course.position].is_out:
            raise WrongUse(f"the next part is not out yet: {course.position + 1}", hint="see `cnddigest plan`")
        return replay.brought(course, rhythm, now)
    if wish.jump is not None:
        if wish.jump > len(steps):
            raise WrongUse(f"there is no such part: {wish.jump}", hint=f"parts are numbered 1 to {len(steps)}")
        return replay.jumped(course, wish.jump, now)
    return course if wish.pause else replay.changed(course, now)


def _anew(first: int, now: dt.datetime) -> Course:
    course = Course(began_at=now)
    return replay.jumped(course, first, now) if first > 1 else course
