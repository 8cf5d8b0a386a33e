"""`cnddigest status`: what is out, what comes next, and how the mail stands."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cnddigest.cli import moments, options

if TYPE_CHECKING:
    from cnddigest.ports.watch import Health
    from cnddigest.usecases.report import MailStatus, SerialStatus, Status

LATE = dt.timedelta(minutes=1)  # what comes out within it is on time


@click.command("status", epilog="Example: cnddigest status --json")
@options.shared()
def command(request: options.Request) -> None:
    """Show what is out, what comes next, and how the mail stands."""
    settings = request.settings()
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        status = opened.status(now=request.now)
    if request.as_json:
        request.terminal.document(wire(status))
        return
    for serial in status.serials:
        request.terminal.line(f"{serial.serial}  {serial.title}")
        request.terminal.line(f"  {_progress(serial, status.now, settings.publication.timezone)}")
        for line in _mail(serial.mail):
            request.terminal.line(f"  {line}")
    if status.scheduler:
        request.terminal.line(_scheduler(status.scheduler, status.now))
    for problem in status.problems:
        request.terminal.talk(f"problem: {problem.sentence}")


def wire(status: "Status") -> dict[str, object]:
    """Return the shape of `status --json`."""
    return {
        "schema": "cnddigest/status/1",
        "now": moments.wire(status.now),
        "serials": [_serial(serial) for serial in status.serials],
        "problems": [problem.sentence for problem in status.problems],
    }


def _serial(serial: "SerialStatus") -> dict[str, object]:
    following = serial.next
    held = {"held_at": moments.wire(serial.held_at)} if serial.held_at else {}
    return {
        **held,
        "serial": serial.serial,
        "title": serial.title,
        "parts": {"total": serial.total, "released": serial.released},
        "next": {"part": following.part, "release_at": moments.wire(following.release_at)} if following else None,
        "subscriptions": {name: getattr(serial.mail, name) for name in ("pending", "active", "ended")},
        "replays": serial.mail.replays,
        "deliveries": dict(serial.mail.deliveries),
    }


def _progress(serial: "SerialStatus", now: dt.datetime, zone: dt.tzinfo) -> str:
    if serial.held_at:
        return f"{serial.released} of {serial.total} out, held since {moments.local(serial.held_at, zone)}"
    if not serial.next:
        return f"all {serial.total} out"
    when = moments.local(serial.next.release_at, zone)
    name = serial.next.release_at.astimezone(zone).tzname()
    away = moments.distance(now, serial.next.release_at)
    return f"{serial.released} of {serial.total} out, next part {serial.next.part} on {when} {name} ({away})"


def _scheduler(health: "Health", now: dt.datetime) -> str:
    if not health.holder:
        return "scheduler: stopped"
    if health.knocked_at is None:
        return "scheduler: started"
    words = [f"scheduler: knocked {_ago(now, health.knocked_at)}"]
    words.append(f"next due {moments.distance(now, health.next_at)}" if health.next_at else "nothing is to come")
    if health.lag >= LATE:
        words.append(f"{round(health.lag.total_seconds())} seconds late")
    return ", ".join(words)


def _ago(now: dt.datetime, moment: dt.datetime) -> str:
    found = moments.distance(now, moment)
    return found if found != "now" else "a moment ago"


def _mail(mail: "MailStatus") -> Iterator[str]:
    if mail.active or mail.pending or mail.ended:
        own = f" ({mail.replays} in a run of their own)" if mail.replays else ""
        yield f"{mail.active} listen{own}, {mail.pending} asked to confirm, {mail.ended} left"
    if mail.deliveries:
        counts = (f"{count} {name.replace('_', ' ')}" for name, count in sorted(mail.deliveries.items()))
        yield f"mail: {', '.join(counts)}"
