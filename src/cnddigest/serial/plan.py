"""The Plan: which Part goes out at which moment, what is due, and what moves after an outage.

    ingest    moments(parts, cadence, done=…)            planned moments of all Parts not out, into the record
    tick      due(planned, counts, cadence, now)         which of them go out now, dated how
              later(planned, counts, cadence, due)       when the others go out then
    --all     all_now(counts, now)                       all of them, now
    reading   upcoming(planned, counts, cadence, now)    what due and later will say, for plans and calendars

`planned` and `counts` are the moments and numbers of sessions of the Parts not yet out, in order, from the record:
only `moments` needs the text. Instants are aware UTC in whole seconds. A Part's moment is later than that of the
Part before it by a second for each of its sessions at least, so that sessions can be dated a second apart.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from cnddigest.serial.cadence import ONE_DAY, SECOND, first_from, following, local_date, next_date, whole
from cnddigest.serial.model import Cadence, Part


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

    `parts` are all Parts of the Serial in order; `done` are the moments of those that are out, so the first
    `len(done)` of them. With a start date, Part 1 comes on the first allowed date from it on. Without, it comes
    `now` (until there is a first publish, ask again at each run), whatever `at`, `every` and `skip` say, and
    Part 2 on a later date. Every other Part follows from the one before, so that an edit of the cadence moves
    only what is not out; a start date that lies ahead holds back what is not out.

    `known` is how many Parts the record had before this reading: a new one is not planned in the past. Without
    it, or before the first publish, none is new.
    Raises BadConfiguration where the cadence allows no date within ten years.
    """
    planned = [whole(moment) for moment in done]
    if parts and not planned:
        planned.append(_opening(cadence, whole(started_at or now)))
    for n in range(len(planned), len(parts)):
        moment = _next(cadence, planned[-1], part=n + 1, days=_days_between(parts[n - 1], parts[n], cadence))
        if done and known is not None and n >= known and moment < whole(now):
            moment = following(cadence, whole(now) - SECOND)
        planned.append(max(moment, planned[-1] + _room(len(parts[n].sessions))))
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
    With `every = "original"`, the Parts of one conference day share a cadence moment and go out together.
    """
    now = whole(now)
    ready = sum(1 for _ in takewhile(lambda moment: moment <= now, planned))
    if cadence.catch_up == "all" or not ready:
        return tuple(planned[:ready])
    together = _sharing_a_moment(planned[:ready], cadence)
    if _comes_after(cadence, planned[together - 1]) > now:
        return tuple(planned[:together])
    return all_now(counts[:together], now, not_before=planned[0])


def later(
    planned: Sequence[dt.datetime], counts: Sequence[int], cadence: Cadence, released: Sequence[dt.datetime]
) -> tuple[dt.datetime, ...]:
    """Return the moments of the Parts that stay, once the first of `planned` went out at `released`.

    They are as planned where those went out as planned. Else they follow from the last of them, with the same
    gaps for `every = "original"`.
    """
    count = len(released)
    if not count or tuple(released) == tuple(planned[:count]):
        return tuple(planned[count:])
    moved = [whole(released[-1])]
    for n in range(count, len(planned)):
        days = (local_date(cadence, planned[n]) - local_date(cadence, planned[n - 1])).days
        moment = _next(cadence, moved[-1], part=None, days=days)
        moved.append(max(moment, moved[-1] + _room(counts[n])))
    return tuple(moved[1:])


def upcoming(
    planned: Sequence[dt.datetime], counts: Sequence[int], cadence: Cadence, now: dt.datetime
) -> tuple[dt.datetime, ...]:
    """Return the moments at which all Parts not yet out will go out, if a publish comes now and on time after."""
    first = due(planned, counts, cadence, now)
    return first + later(planned, counts, cadence, first)


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


def held(parts: Sequence[Part], cadence: Cadence) -> Iterator[tuple[int, dt.time | None]]:
    """Yield when each Part was held: the days since the Part before, 0 for the first, and its first session's hour."""
    before: Part | None = None
    for part in parts:
        starts_at = next((session.starts_at for session in part.sessions), None)
        yield _days_between(before, part, cadence) if before else 0, _clock(starts_at)
        before = part


def _clock(text: str | None) -> dt.time | None:
    try:
        return dt.time.fromisoformat(text.zfill(5)) if text else None
    except ValueError:
        return None  # as written: `25:30` is after midnight, and no hour of a day


def _opening(cadence: Cadence, started_at: dt.datetime) -> dt.datetime:
    return started_at if cadence.start is None else first_from(cadence, cadence.start)


def _next(cadence: Cadence, previous: dt.datetime, *, part: int | None, days: int) -> dt.datetime:
    """Return the cadence moment of a Part after the one before it; `days` is their gap at the conference."""
    if cadence.every == "original":
        moment = next_date(cadence, previous, days=days) if days else previous
    elif part == 2 and cadence.start is None and not isinstance(cadence.every, (int, dt.timedelta)):
        moment = next_date(cadence, previous)
    else:
        moment = following(cadence, previous)
    if cadence.start is not None and local_date(cadence, moment) < cadence.start:
        return first_from(cadence, cadence.start)
    return moment


def _comes_after(cadence: Cadence, moment: dt.datetime) -> dt.datetime:
    return next_date(cadence, moment) if cadence.every == "original" else following(cadence, moment)


def _sharing_a_moment(planned: Sequence[dt.datetime], cadence: Cadence) -> int:
    """Return how many of the first Parts, all due, belong to one cadence moment."""
    if cadence.every != "original":
        return 1
    dates = [local_date(cadence, moment) for moment in planned]
    return next((n for n, (one, other) in enumerate(pairwise(dates), 1) if one != other), len(dates))


def _days_between(part: Part, following_part: Part, cadence: Cadence) -> int:
    """Return the days from one Part to the next at the conference, 0 within a day, 1 where dates are unknown."""
    one, other = part.chapters[0], following_part.chapters[0]
    if one.date and other.date:
        return max(0, (other.date - one.date) // ONE_DAY)
    return 1 if cadence.parts == "day" or one.label != other.label else 0
