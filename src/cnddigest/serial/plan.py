"""The Plan: which Part goes out at which moment, what is due, and what moves after an outage.

    ingest    moments(parts, cadence, done=…)            planned moments of all Parts not out, into the record
    tick      due(planned, counts, cadence, now)         which of them go out now, dated how
              later(planned, counts, cadence, due, …)    when the others go out then
    --all     all_now(counts, now)                       all of them, now
    by hand   behind(planned, counts, last)              the others stay, behind the one that was brought out
    reading   upcoming(planned, counts, cadence, now, …) what due and later will say, for plans and calendars

`planned` and `counts` are the moments and numbers of sessions of the Parts not yet out, in order, and `places` where
they stand in their conference, from the record: only `moments` needs the text. Instants are aware UTC in whole
seconds. A Part's moment is later than that of the Part before it by a second for each of its sessions at least, so
that sessions can be dated a second apart.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cnddigest.serial.cadence import SECOND, first_from, following, local_date, next_date, so_long_after, whole
from cnddigest.serial.conference import Place, held, places_of
from cnddigest.serial.model import ORIGINAL, Cadence, Part


def moments(  # noqa: PLR0913 - each is another fact of the file or the record
    parts: Sequence[Part],
    cadence: Cadence,
    *,
    now: dt.datetime,
    started_at: dt.datetime | None = None,
    done: Sequence[dt.datetime] = (),
    known: int | None = None,
) -> tuple[dt.datetime, ...]:
    """Return the planned moments of all Parts not yet out.

    `parts` are all Parts of the Serial in order; `done` are the planned moments of those that are out, so
    the first `len(done)` of them. With a start date, Part 1 comes on the first allowed date from it on. Without, it
    comes `now` (until there is a first publish, ask again at each run), whatever `at`, `every` and `skip` say, and
    Part 2 on a later date. Every other Part follows from the one before, so that an edit of the cadence moves
    only what is not out; a start date that lies ahead holds back what is not out.

    `known` is how many Parts the record had before this reading: a new one is not planned in the past. Without
    it, or before the first publish, none is new.
    Raises BadConfiguration where the cadence allows no date within ten years.
    """
    planned = [whole(moment) for moment in done]
    if parts and not planned:
        planned.append(_opening(cadence, whole(started_at or now)))
    run: _Run | None = None
    for n, (part, place) in enumerate(zip(parts, places_of(held(parts, cadence)), strict=True)):
        room = _room(len(part.sessions))
        if n == len(planned) and run:
            moment = run.next(cadence, place, part=n + 1)
            if done and known is not None and n >= known and moment < whole(now):
                moment = following(cadence, whole(now) - SECOND)
            planned.append(max(moment, planned[-1] + room))
        run = run.after(planned[n], place, room) if run else _Run.begun(planned[n], place)
    return tuple(planned[len(done) :])


def due(
    planned: Sequence[dt.datetime], counts: Sequence[int], cadence: Cadence, now: dt.datetime
) -> tuple[dt.datetime, ...]:
    """Return the moments of the Parts that go out now: those of the first so many of `planned`.

    Catching up with "all", every Part whose moment has come goes out, dated at it.

    With "one", each cadence moment brings one Part. A Part is on time until the next cadence moment after its own
    comes: woken minutes late, it goes out dated as planned and nothing moves. Once that next moment has come, it
    is overdue: it goes out dated now, and all later ones move behind it (see `later`). So after an outage one
    Part goes out at once, and the next one at the next cadence moment after now.
    With `every = "original"`, the Parts of one conference day share a cadence moment and go out together, unless
    their sessions began at different times: each time that is known is a cadence moment then.
    """
    now = whole(now)
    ready = sum(1 for _ in takewhile(lambda moment: moment <= now, planned))
    if cadence.catch_up == "all" or not ready:
        return tuple(planned[:ready])
    together = _sharing_a_moment(planned[:ready], counts, cadence)
    if _comes_after(planned, together, cadence) > now:
        return tuple(planned[:together])
    return all_now(counts[:together], now, not_before=planned[0])


def later(
    planned: Sequence[dt.datetime],
    counts: Sequence[int],
    cadence: Cadence,
    released: Sequence[dt.datetime],
    places: Sequence[Place],
) -> tuple[dt.datetime, ...]:
    """Return the moments of the Parts that stay, once the first of `planned` went out at `released`.

    They are as planned where those went out as planned. Else they follow from the last of them, with the same
    gaps for `every = "original"`.
    """
    count = len(released)
    if not count or tuple(released) == tuple(planned[:count]):
        return tuple(planned[count:])
    moved = [whole(moment) for moment in released]
    run = _Run.begun(moved[0], places[0])
    for n in range(1, len(planned)):
        room = _room(counts[n])
        if n >= count:
            moved.append(max(run.next(cadence, places[n], part=None), moved[-1] + room))
        run = run.after(moved[n], places[n], room)
    return tuple(moved[count:])


def upcoming(
    planned: Sequence[dt.datetime],
    counts: Sequence[int],
    cadence: Cadence,
    now: dt.datetime,
    places: Sequence[Place],
) -> tuple[dt.datetime, ...]:
    """Return the moments at which all Parts not yet out will go out, if a publish comes now and on time after."""
    first = due(planned, counts, cadence, now)
    return first + later(planned, counts, cadence, first, places)


def behind(planned: Sequence[dt.datetime], counts: Sequence[int], last: dt.datetime | None) -> tuple[dt.datetime, ...]:
    """Return the moments of the first Parts, which come behind one that went out at `last`.

    Those that it overtook follow as closely as their sessions allow; the others stay.
    """
    moved: list[dt.datetime] = []
    for moment, count in zip(planned, counts, strict=False):
        moved.append(max(moment, last + _room(count)) if last else moment)
        last = moved[-1]
    return tuple(moved)


def all_now(
    counts: Sequence[int], now: dt.datetime, *, not_before: dt.datetime | None = None
) -> tuple[dt.datetime, ...]:
    """Return moments for Parts that all go out now: a second for each session, the last one now.

    `counts` are their numbers of sessions. None is earlier than `not_before`, the last release's moment: where
    there is too little room, the first ones share it.
    """
    moment = whole(now)
    moments = [moment]
    for count in reversed(counts[1:]):
        moment -= _room(count)
        moments.append(moment)
    return _not_before(moments[::-1][: len(counts)], not_before)


def session_moments(
    release_at: dt.datetime, count: int, *, not_before: dt.datetime | None = None
) -> tuple[dt.datetime, ...]:
    """Return the dates of a Part's sessions: a second apart in reading order, the last at the Part's moment.

    None is earlier than `not_before`, the date of the session before, unless the Part's moment is: where there is
    too little room, some share it.
    """
    end = whole(release_at)
    dates = [end - (count - 1 - n) * SECOND for n in range(count)]
    return _not_before(dates, None if not_before is None else min(end, not_before))


def _not_before(moments: Iterable[dt.datetime], bound: dt.datetime | None) -> tuple[dt.datetime, ...]:
    return tuple(moments) if bound is None else tuple(max(moment, whole(bound)) for moment in moments)


def _room(sessions: int) -> dt.timedelta:
    return max(1, sessions) * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """Where a run stands at one of its Parts, so that the next one follows from it.

    `began_at` is when the conference day of this Part began in the run: as if it had, where an outage or an edit moved
    this Part away from its hour.
    """

    moment: dt.datetime
    began_at: dt.datetime

    @classmethod
    def begun(cls, moment: dt.datetime, place: Place) -> "_Run":
        """Return it at a Part that follows from none."""
        return cls(moment=moment, began_at=moment - place.after)

    def after(self, moment: dt.datetime, place: Place, room: dt.timedelta) -> "_Run":
        """Return it at the next Part, which came, or is to come, at this moment; those behind it move along."""
        if place.days or moment > max(self.began_at + place.after, self.moment + room):
            return _Run.begun(moment, place)
        return _Run(moment=moment, began_at=self.began_at)

    def next(self, cadence: Cadence, place: Place, *, part: int | None) -> dt.datetime:
        """Return the cadence moment of the next Part, `part` being its number where it may be the second."""
        if cadence.every == ORIGINAL:
            moment = self._as_held(cadence, place)
        elif part == 2 and cadence.start is None and not isinstance(cadence.every, (int, dt.timedelta)):
            moment = next_date(cadence, self.moment)
        else:
            moment = following(cadence, self.moment)
        if cadence.start is not None and local_date(cadence, moment) < cadence.start:
            return first_from(cadence, cadence.start)
        return moment

    def _as_held(self, cadence: Cadence, place: Place) -> dt.datetime:
        if not place.days:
            return so_long_after(cadence, self.moment, self.began_at + place.after - self.moment)
        moment = next_date(cadence, self.began_at, days=place.days)
        # A day that began late in the evening may last until after the next one would begin.
        return moment if moment > self.moment else following(cadence, self.moment)


def _opening(cadence: Cadence, started_at: dt.datetime) -> dt.datetime:
    return started_at if cadence.start is None else first_from(cadence, cadence.start)


def _comes_after(planned: Sequence[dt.datetime], together: int, cadence: Cadence) -> dt.datetime:
    """Return the cadence moment after that of the first Parts, so many of which share one."""
    moment = planned[together - 1]
    if cadence.every != ORIGINAL:
        return following(cadence, moment)
    return min([next_date(cadence, moment), *planned[together : together + 1]])


def _sharing_a_moment(planned: Sequence[dt.datetime], counts: Sequence[int], cadence: Cadence) -> int:
    """Return how many of the first Parts, all due, belong to one cadence moment.

    They follow as closely as their sessions allow.
    """
    if cadence.every != ORIGINAL:
        return 1
    apart = (n for n in range(1, len(planned)) if planned[n] - planned[n - 1] > _room(counts[n]))
    return next(apart, len(planned))
