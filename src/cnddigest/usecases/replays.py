"""Replays: what each person's own run brings next, worked out from the public Parts when it is asked for.

subscription (settings, course) + public Parts ──ahead──> calendar, feed
                                               ──reached──> Deliveries, in the record
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from cnddigest.audience import replay as settings
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription, SubscriptionStatus
from cnddigest.audience.replay import Advanced, Replay, Turn
from cnddigest.errors import CndDigestError, WrongUse
from cnddigest.ports.audience import Audience
from cnddigest.ports.record import Store
from cnddigest.serial import replay
from cnddigest.serial.model import Publication
from cnddigest.serial.replay import Course, Rhythm, Step
from cnddigest.usecases import about

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
        held = about.held(state) if state else ()
        for headline in self._store.headlines(serial) if state else ():
            days, slot = held[headline.number - 1] if headline.number <= len(held) else (1, None)
            is_out = headline.released_at is not None
            yield Step(release_at=headline.release_at, is_out=is_out, days=days, slot=slot)

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
    while turns := audience.turns(now=now, count=CHUNK):
        advanced += audience.advance([_advanced(public, turn, now) for turn in turns], now=now)
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

    A Part that was skipped is not among them. Nothing is to come while it is paused.
    """
    course, wanted = subscription.course, subscription.replay
    if course is None or wanted is None:
        return ()
    rhythm, steps = public.rhythm(subscription.serial, wanted), public.steps(subscription.serial)
    course = replay.reached(course, rhythm, steps, now)
    there = [
        Date(part=number, release_at=moment, released_at=moment)
        for number, moment in enumerate(course.moments, 1)
        if moment is not None
    ]
    ahead = replay.ahead(course, rhythm, steps)
    return (*there, *(Date(part=n, release_at=at, released_at=None) for n, at in enumerate(ahead, course.position + 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wishes of their own run: one of these.

    `settings` turns the pace into another one. `jump` is the number of the Part that comes next.
    """

    pause: bool = False
    resume: bool = False
    bring: bool = False
    restart: bool = False
    jump: int | None = None
    settings: Callable[[Replay], Replay] | None = None


def change(audience: Audience, public: Public, number: int, wish: Wish, *, now: dt.datetime) -> Listener | None:
    """Do what somebody wishes; what is out stays as it was, and what is due by now goes out first.

    Raises WrongUse for a Subscription without a run of its own, and for a Part that can't be next.
    """
    return audience.change(number, lambda before: _changed(before, public, wish, now), now=now)


def _changed(before: Subscription, public: Public, wish: Wish, now: dt.datetime) -> Subscription:
    if before.replay is None:
        raise WrongUse("it follows the public run, which has one pace for all", hint="give it a run: --start now")
    wanted = wish.settings(before.replay) if wish.settings else before.replay
    if wish.pause or wish.resume:
        wanted = replace(wanted, paused=wish.pause)
    after = replace(before, replay=wanted)
    if before.course is None:
        return after
    rhythm, steps = public.rhythm(before.serial, before.replay), public.steps(before.serial)
    course = replay.reached(before.course, rhythm, steps, now)
    if wish.restart or (wish.jump is not None and wish.jump <= course.position):
        return _restarted(replace(after, course=course), wish.jump or 1, now)
    course = _moved(course, rhythm, steps, wish, now)
    active = after.status is SubscriptionStatus.ACTIVE and not wanted.paused
    return replace(after, course=course, position=course.position, next_at=now if active else None)


def _moved(course: Course, rhythm: Rhythm, steps: Sequence[Step], wish: Wish, now: dt.datetime) -> Course:
    if wish.bring:
        if course.position >= len(steps) or not steps[course.position].is_out:
            raise WrongUse("no further part is out")
        return replay.brought(course, rhythm, now)
    if wish.jump is not None:
        if wish.jump > len(steps):
            raise WrongUse(f"there is no such part: {wish.jump}", hint=f"parts are numbered 1 to {len(steps)}")
        return replay.jumped(course, wish.jump, now)
    return course if wish.pause else replay.changed(course, now)


def _restarted(before: Subscription, first: int, now: dt.datetime) -> Subscription:
    """Return it in a new run: what comes again has other names, so that no reader takes it for read."""
    base, _, count = before.run.partition(".")
    fresh = replay.jumped(Course(began_at=now), first, now) if first > 1 else Course(began_at=now)
    return replace(
        before,
        run=f"{base}.{int(count or 1) + 1}",
        course=fresh,
        position=fresh.position,
        next_at=now if before.status is SubscriptionStatus.ACTIVE else None,
    )
