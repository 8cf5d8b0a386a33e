"""`cnddigest plan`: the Parts and the moments they go out."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import click

from cnddigest.cli import moments, options, replay_plan
from cnddigest.errors import WrongUse
from cnddigest.serial import identity
from cnddigest.serial.model import MAIN

if TYPE_CHECKING:
    from cnddigest.usecases.report import PlannedPart, SerialPlan

EPOCH = 1970  # a year for what has none
HEADS = ("Part", "Goes out", "Sessions", "", "Title")


@click.command("plan", epilog="Example: cnddigest plan --serial cndt2022")
@options.serial
@click.option("--ics", is_flag=True, help="Write an iCalendar file.")
@click.option("--for", "address", metavar="ADDRESS", help="As this person has them, in the run that they follow.")
@replay_plan.asked
@options.shared()
def command(
    request: options.Request, serial: str | None, address: str | None, *, ics: bool, replay: bool, **said: str
) -> None:
    """Show the Parts and the moments they go out."""
    if ics and request.as_json:
        raise WrongUse("two formats at once: --ics and --json", hint="choose one")
    if ics and replay:
        raise WrongUse("a timeline is not written as a calendar file: --ics", hint="leave out --ics or --replay")
    if address and replay:
        raise WrongUse("two timelines at once: --for and --replay", hint="choose one")
    if replay:
        replay_plan.show(request, serial, said)
        return
    replay_plan.refuse_alone(said)
    settings = request.settings()
    serial = options.known_serial(settings, serial)
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        if address:
            found = opened.plan_for(options.address(address), serial=serial, now=request.now)
            runs, plans = [run for run, _ in found], tuple(plan for _, plan in found)
        else:
            plans = opened.plan(serial=serial, now=request.now)
            runs = [MAIN for _ in plans]
    if ics:
        request.terminal.data(_calendar(plans, runs, settings.publication.base_url))
    elif request.as_json:
        request.terminal.document(wire(plans))
    else:
        _show(request, plans)


def wire(plans: Sequence["SerialPlan"]) -> dict[str, object]:
    """Return the shape of `plan --json`."""
    return {"schema": "cnddigest/plan/1", "serials": [_serial(plan) for plan in plans]}


def _serial(plan: "SerialPlan") -> dict[str, object]:
    held = {"held_at": moments.wire(plan.held_at)} if plan.held_at else {}
    return {
        **held,
        "serial": plan.serial,
        "title": plan.title,
        "timezone": plan.timezone,
        "start": plan.start,
        "parts": [_part(part) for part in plan.parts],
    }


def _part(part: "PlannedPart") -> dict[str, object]:
    return {
        "number": part.number,
        "id": part.id,
        "title": part.title,
        "day": part.day,
        "sessions": list(part.sessions),
        "release_at": moments.wire(part.release_at),
        "released_at": moments.wire(part.released_at),
    }


def _calendar(plans: Sequence["SerialPlan"], runs: Sequence[str], base_url: str) -> bytes:
    """Return the plan as iCalendar, titles included: it is its author who asks."""
    from cnddigest.feed.calendar import Event, calendar

    if len(plans) != 1:
        names = ", ".join(plan.serial for plan in plans)
        raise WrongUse(f"one calendar for several serials: {names}", hint="choose one with --serial")
    (plan,), (run,) = plans, runs
    events = [
        Event(
            number=part.number,
            name=part.id,
            release_at=part.release_at,
            stamped_at=part.release_at,
            title=part.title,
        )
        for part in plan.parts
        if part.released_at or not plan.held_at
    ]
    year = plan.parts[0].release_at.year if plan.parts else EPOCH  # a run may be paused before its first Part
    tag = identity.tag(urlsplit(base_url).hostname or "", year, plan.serial)
    return calendar(events, tag=tag, run=run, title=plan.title, total=len(plan.parts))


def _show(request: options.Request, plans: Sequence["SerialPlan"]) -> None:
    for number, plan in enumerate(plans):
        out = sum(1 for part in plan.parts if part.released_at)
        if number:
            request.terminal.line()
        request.terminal.line(f"{plan.serial}  {plan.title}")
        held = ", held: nothing comes out" if plan.held_at else ""
        request.terminal.line(f"{out} of {len(plan.parts)} out, times of {plan.timezone}{held}")
        request.terminal.line()
        styles = [_style(part, request.now) for part in plan.parts]
        request.terminal.columns(HEADS, _rows(plan, request.now), right=(0, 2), styles=styles)


def _rows(plan: "SerialPlan", now: dt.datetime) -> Iterator[tuple[str, ...]]:
    zone = ZoneInfo(plan.timezone)
    coming = next((part.number for part in plan.parts if not part.released_at), None)
    for part in plan.parts:
        is_held = plan.held_at is not None and part.released_at is None
        when = "held" if is_held else moments.local(part.release_at, zone)
        state = "" if is_held else _state(part, now, coming=part.number == coming)
        yield str(part.number), when, str(len(part.sessions)), state, part.title


def _state(part: "PlannedPart", now: dt.datetime, *, coming: bool) -> str:
    if part.released_at:
        return "out"
    if part.release_at <= now:
        return "due"
    return moments.distance(now, part.release_at) if coming else ""


def _style(part: "PlannedPart", now: dt.datetime) -> str:
    if part.released_at:
        return "dim"
    return "yellow" if part.release_at <= now else ""
