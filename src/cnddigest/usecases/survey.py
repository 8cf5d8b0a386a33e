"""Tell how things stand and what comes: the plan and the status, from the record."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace

from cnddigest.ports.hub import Failing
from cnddigest.ports.record import Headline, SerialState, Store
from cnddigest.ports.watch import Health
from cnddigest.serial import plan
from cnddigest.serial.model import Publication, Serial
from cnddigest.usecases import about
from cnddigest.usecases.problem import Kind, Problem
from cnddigest.usecases.report import MailStatus, NextLine, PlannedPart, SerialPlan, SerialStatus, Status

SILENT = dt.timedelta(minutes=3)  # a scheduler knocks every minute, and a large build may hold one up
STUCK = dt.timedelta(minutes=15)  # mail that is due waits no longer where somebody sends it


def plans(store: Store, publication: Publication, *, serial: str | None, now: dt.datetime) -> tuple[SerialPlan, ...]:
    """Return all Parts with the moments at which they go out, if a publish comes now and on time after."""
    return tuple(
        _plan(store, publication, each, state, now)
        for each in publication.serials
        if serial in (None, each.slug) and (state := store.serial(each.slug))
    )


def status(store: Store, publication: Publication, *, now: dt.datetime) -> Status:
    """Return how far each Serial has come."""
    return Status(
        now=now,
        serials=tuple(
            SerialStatus(
                serial=each.slug,
                title=about.masthead(publication, state).title,
                total=(totals := store.totals(each.slug)).parts,
                released=totals.released_parts,
                held_at=(held_at := store.will(each.slug).held_at),
                next=None if held_at else next_of(store, each.slug),
            )
            for each in publication.serials
            if (state := store.serial(each.slug))
        ),
    )


def mailed(
    found: Status,
    audience: Mapping[str, Mapping[str, int]],
    account: Mapping[str, Mapping[str, int]],
    doubted: Mapping[str, int],
) -> Status:
    """Return a status with what is known of mail; what somebody must decide or mend is a problem."""
    serials = tuple(
        replace(
            each,
            mail=MailStatus(**audience.get(each.serial, {}), deliveries=account.get(each.serial, {})),
        )
        for each in found.serials
    )
    doubts = [
        Problem(kind=Kind.DOUBTED, count=count, name=each.serial)
        for each in serials
        if (count := each.mail.deliveries.get("in_doubt", 0))
    ]
    repeats = [
        Problem(kind=Kind.REPEATED, count=count, name=each.serial)
        for each in serials
        if (count := doubted.get(each.serial, 0))
    ]
    return replace(found, serials=serials, problems=(*found.problems, *doubts, *repeats))


def watched(found: Status, health: Health | None) -> Status:
    """Return a status with how the scheduler is: one that is silent, or can't do its work, is a problem."""
    if health is None or not health.holder or health.knocked_at is None:
        return replace(found, scheduler=health)
    problems = [*found.problems]
    if found.now - health.knocked_at > SILENT:
        problems.append(Problem(kind=Kind.SILENT, since=health.knocked_at))
    if health.problem:
        problems.append(Problem(kind=Kind.FAILING, detail=health.problem))
    return replace(found, problems=tuple(problems), scheduler=health)


def stuck(found: Status, since: dt.datetime | None) -> Status:
    """Return a status with mail that nobody sends: a scheduler that runs says itself why it can't."""
    runs = found.scheduler is not None and found.scheduler.holder
    if since is None or runs or found.now - since < STUCK:
        return found
    return replace(found, problems=(*found.problems, Problem(kind=Kind.STUCK, since=since)))


def faults(health: Health | None, *, now: dt.datetime) -> tuple[str, ...]:
    """Return what is wrong with a scheduler, in words that strangers may read; none is with one that does not run."""
    if health is None or not health.holder or health.knocked_at is None:
        return ()
    found = []
    if now - health.knocked_at > SILENT:
        found.append("the scheduler is silent")
    if health.problem:
        found.append("the scheduler could not do its work")
    return tuple(found)


def announced(found: Status, failing: Iterable[Failing]) -> Status:
    """Return a status with the hubs that could not be told of feeds: somebody may have to mend an address."""
    problems = [
        Problem(
            kind=Kind.ABANDONED if each.is_over else Kind.DEAF, count=each.feeds, name=each.hub, detail=each.problem
        )
        for each in failing
    ]
    return replace(found, problems=(*found.problems, *problems))


def next_line(store: Store, publication: Publication, *, punctual: bool = False) -> NextLine | None:
    """Return the earliest Part of any Serial that is not out; what is held comes at no moment.

    With `punctual`, those alone that are to come at theirs: not what a hold that is over has delayed.
    """
    wills = {serial.slug: store.will(serial.slug) for serial in publication.serials}
    coming = [
        line
        for slug, will in wills.items()
        if not will.held_at and not (punctual and will.eases) and (line := next_of(store, slug))
    ]
    return min(coming, key=lambda line: (line.release_at, line.serial), default=None)


def next_of(store: Store, slug: str) -> NextLine | None:
    """Return the Part of a Serial that comes next."""
    totals = store.totals(slug)
    if totals.released_parts == totals.parts:
        return None
    number = totals.released_parts + 1
    (headline,) = store.headlines(slug, first=number, last=number)
    return NextLine(serial=slug, part=number, release_at=headline.release_at)


def _plan(store: Store, publication: Publication, serial: Serial, state: SerialState, now: dt.datetime) -> SerialPlan:
    headlines = list(store.headlines(serial.slug))
    waiting = [one for one in headlines if one.released_at is None]
    will = store.will(serial.slug)
    cadence = replace(serial.cadence, catch_up="one") if will.eases else serial.cadence
    planned = [one.planned_at or one.release_at for one in waiting]
    counts = [len(one.sessions) for one in waiting]
    places = about.places(state, waiting)
    moments = tuple(planned) if will.held_at else plan.upcoming(planned, counts, cadence, now, places)
    moments = plan.behind(moments, counts, max((one.release_at for one in headlines if one.released_at), default=None))
    moved = dict(zip((one.number for one in waiting), moments, strict=True))
    return SerialPlan(
        serial=serial.slug,
        title=about.masthead(publication, state).title,
        timezone=serial.cadence.timezone.key,
        start=serial.cadence.start.isoformat() if serial.cadence.start else "first-publish",
        held_at=will.held_at,
        parts=tuple(_part(one, moved.get(one.number, one.release_at)) for one in headlines),
    )


def _part(headline: Headline, release_at: dt.datetime) -> PlannedPart:
    return PlannedPart(
        number=headline.number,
        id=f"part-{headline.number}",
        title=headline.title,
        day=headline.day,
        sessions=tuple(session.id for session in headline.sessions),
        release_at=release_at,
        released_at=headline.released_at,
    )
