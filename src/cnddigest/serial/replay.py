"""A Replay: the Parts that are public, once more, at the moments of one person's own timeline.

    state + public Parts ──ahead──> the moments of what this person did not have yet
                         ──reached(now)──> the state in which all that is due is had

Reading a feed and sending mail ask the same two functions, so that both agree at every moment, and neither needs the
other: `reached` returns a new state, which a feed throws away and the record keeps. What was had is never computed
again: a change of pace, a pause or an edit of the zone's rules moves only what is not out.

A Replay never runs ahead of the public run: a Part comes at the first moment of the person's own pace at which the
public one is out, by their own clock, weekdays or interval. What follows it follows from there.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cnddigest.serial.cadence import SECOND, counted, first_from, following, local_date, next_date, so_long_after, whole
from cnddigest.serial.model import ORIGINAL, Cadence

# Clocks are told in minutes, and no interval is shorter: public Parts of one moment are seconds apart, and are one.
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a Replay has to know of a public Part.

    `release_at` is its planned public moment, `is_out` whether it is out; while its Serial `is_held` no Part that is
    not has a moment. At the conference it was held `days` after the Part before, and so long `after` its day began.
    """

    release_at: dt.datetime
    is_out: bool = True
    is_held: bool = False
    days: int = 1
    after: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far a person's own run has come.

    `moments` are those of the Parts that were had, in order, None for one that was skipped. The last step began at
    `step_at` and has brought `in_step` Parts. Nothing is planned before `since`, the moment of the last change.
    """

    began_at: dt.datetime
    moments: tuple[dt.datetime | None, ...] = ()
    step_at: dt.datetime | None = None
    in_step: int = 0
    since: dt.datetime | None = None

    @property
    def position(self) -> int:
        """Return the number of the last Part that was had or skipped."""
        return len(self.moments)

    def gained(self, before: "Course") -> list[int]:
        """Return the numbers of the Parts that the run had after it had come as far as `before`."""
        moments = enumerate(self.moments[before.position :], before.position + 1)
        return [number for number, moment in moments if moment is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a person wants it: a Cadence whose `start` is None for "now", so many Parts at a time, or a pause."""

    cadence: Cadence
    per: int = 1
    paused: bool = False


def ahead(course: Course, rhythm: Rhythm, steps: Sequence[Step]) -> Iterator[dt.datetime]:
    """Yield the moments of the Parts that were not had, as planned; nothing while it is paused, or the publisher holds.

    `steps` are all Parts of the Serial in order. Each moment is later than the one before. Raises BadConfiguration
    where the cadence allows no date within ten years.
    """
    if rhythm.paused:
        return
    for number in range(course.position, len(steps)):
        if steps[number].is_held and not steps[number].is_out:
            return
        course = _after(course, rhythm, steps, number)
        moment = course.moments[-1]
        if moment is not None:
            yield moment


def reached(course: Course, rhythm: Rhythm, steps: Sequence[Step], now: dt.datetime) -> Course:
    """Return the state in which everything is had that is due by `now` and public."""
    if rhythm.paused:
        return course
    for number in range(course.position, len(steps)):
        following_course = _after(course, rhythm, steps, number)
        moment = following_course.moments[-1]
        if not steps[number].is_out or moment is None or moment > now:
            break
        course = following_course
    return course


def next_at(course: Course, rhythm: Rhythm, steps: Sequence[Step]) -> dt.datetime | None:
    """Return the moment of the next Part, None while it is paused or when there is none."""
    return next(ahead(course, rhythm, steps), None)


# What a person may ask for


def changed(course: Course, now: dt.datetime) -> Course:
    """Return it as from now on: what comes next follows from this moment, whatever the pace was."""
    return replace(course, since=whole(now))


def brought(course: Course, rhythm: Rhythm, now: dt.datetime) -> Course:
    """Return it with one more Part, now; the next one comes at the next moment of its pace."""
    last = _last(course)
    moment = max(whole(now), last + SECOND) if last else whole(now)
    return replace(course, moments=(*course.moments, moment), step_at=moment, in_step=rhythm.per)


def jumped(course: Course, number: int, now: dt.datetime) -> Course:
    """Return it with Part `number` as the next one, a later one than was next; those between are skipped."""
    skipped = (None,) * (number - 1 - course.position)
    return replace(course, moments=(*course.moments, *skipped), since=whole(now))


# One Part


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    """A Part's own moment, whatever the public run does.

    `since` and `cadence` say from where and how its later moments are counted; without them it has no clock, and comes
    with the public Part. `is_same_step` says that it comes together with the Part before.
    """

    moment: dt.datetime
    since: dt.datetime | None = None
    cadence: Cadence | None = None
    is_same_step: bool = False

    def from_public(self, release_at: dt.datetime, last: dt.datetime | None) -> dt.datetime:
        """Return the first of its moments at which the public Part is out; `last` is that of the Part before."""
        if self.moment >= release_at:
            return self.moment
        if self.cadence is None or release_at - max(self.moment, last or self.moment) < MINUTE:
            return release_at
        return counted(self.cadence, self.since or self.moment, not_before=release_at)


def _after(course: Course, rhythm: Rhythm, steps: Sequence[Step], number: int) -> Course:
    """Return the state in which Part `number` (from 0), the next one, was had too."""
    own, last = _own(course, rhythm, steps, number), _last(course)
    moment = own.from_public(steps[number].release_at, last)
    if last is not None:
        moment = max(moment, last + SECOND)
    moments = (*course.moments, moment)
    if own.is_same_step and moment - max(own.moment, last or own.moment) < MINUTE:
        return replace(course, moments=moments, in_step=course.in_step + 1)
    return replace(course, moments=moments, step_at=moment, in_step=1)


def _own(course: Course, rhythm: Rhythm, steps: Sequence[Step], number: int) -> _Own:
    cadence, last = rhythm.cadence, course.step_at
    if last is None:
        return _opening(course, cadence)
    base = max(last, course.since or last)
    if cadence.start is not None and local_date(cadence, base) < cadence.start:  # a start date ahead holds back
        return _Own(moment=first_from(cadence, cadence.start), cadence=cadence)
    if cadence.every == ORIGINAL:
        return _as_held(course, cadence, steps, number)
    if course.in_step < rhythm.per and not _was_changed(course, last):
        return _together(course, cadence, last)
    if _was_changed(course, last):
        return _Own(moment=following(cadence, base), cadence=cadence)
    return _Own(moment=_next(course, cadence, last), cadence=cadence)


def _together(course: Course, cadence: Cadence, last: dt.datetime) -> _Own:
    return _Own(moment=last + course.in_step * SECOND, since=last, cadence=cadence, is_same_step=True)


def _opening(course: Course, cadence: Cadence) -> _Own:
    """Return the moment of the first Part: at once, or on the start date, which may be over when it began."""
    earliest = whole(max(course.began_at, course.since or course.began_at))
    if cadence.start is None:
        return _Own(moment=earliest)
    moment = first_from(cadence, cadence.start)
    return _Own(moment=moment, cadence=cadence) if moment > earliest else _Own(moment=earliest)


def _next(course: Course, cadence: Cadence, last: dt.datetime) -> dt.datetime:
    """Return the cadence moment after the last step.

    What began "now" did so at any time of day: the next step comes on a later date, as on the public run.
    """
    is_first = sum(1 for moment in course.moments if moment is not None) == course.in_step
    if is_first and cadence.start is None and not isinstance(cadence.every, (int, dt.timedelta)):
        return next_date(cadence, last)
    return following(cadence, last)


def _as_held(course: Course, cadence: Cadence, steps: Sequence[Step], number: int) -> _Own:
    """Return a moment with the conference's own gap to the Part before: days, or hours within one.

    A day begins at the cadence's `at`, as on the public run.
    """
    step, before, last = steps[number], steps[number - 1], course.step_at or course.began_at
    if _was_changed(course, last):
        return _Own(moment=next_date(cadence, course.since or last), cadence=cadence)
    if step.days:
        moment = next_date(cadence, last - before.after, days=step.days)
        # A day that began late in the evening may last until after the next one would begin.
        return _Own(moment=moment if moment > last else following(cadence, last), cadence=cadence)
    if step.after <= before.after:
        return _together(course, cadence, last)
    # The first day began at any time of day: it has gaps, and no clock.
    has_clock = cadence.start is not None or any(each.days for each in steps[1 : number + 1])
    moment = so_long_after(cadence, last, step.after - before.after)
    return _Own(moment=moment, cadence=cadence if has_clock else None)


def _was_changed(course: Course, last: dt.datetime) -> bool:
    return course.since is not None and course.since > last


def _last(course: Course) -> dt.datetime | None:
    """Return the moment of the last Part that was had."""
    return next((moment for moment in reversed(course.moments) if moment is not None), None)
