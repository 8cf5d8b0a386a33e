"""`cnddigest deliveries`: who got what, person by person."""

import datetime as dt
from typing import TYPE_CHECKING

import click

from cnddigest.cli import moments, options
from cnddigest.delivery.model import Sought, Status

if TYPE_CHECKING:
    from cnddigest.delivery.model import Traced
    from cnddigest.usecases.report import DeliveryLine

SHOWN = [status.value for status in Status if status is not Status.CLAIMED]
HEADS = ("Serial", "Run", "Part", "Status", "Tries", "When", "Address", "The far side said")


@click.command("deliveries", epilog="Example: cnddigest deliveries --part 1")
@options.serial
@click.option("--part", type=click.IntRange(min=1), metavar="N", help="Only this Part's Issue.")
@click.option("--status", type=click.Choice(SHOWN), help="Only those that stand so.")
@click.option("--missed", is_flag=True, help="Only those who should have got it and did not.")
@click.option("--doubted", is_flag=True, help="Only those of whom a try was in doubt: they may have got it twice.")
@options.shared()
def command(
    request: options.Request, serial: str | None, part: int | None, status: str | None, *, missed: bool, doubted: bool
) -> None:
    """Show who got what, person by person.

    One line for each person and Issue, with the far side's words, and whether it was in doubt once.
    """
    settings = request.settings()
    sought = Sought(
        serial=options.known_serial(settings, serial),
        part=part,
        status=Status(status) if status else None,
        missed=missed,
        doubted=doubted,
        issues_only=missed or part is not None,
    )
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        lines = opened.office.account.deliveries(sought, now=request.now)
        if request.as_json:
            request.terminal.stream({"schema": "cnddigest/deliveries/1"}, "deliveries", map(wire, lines))
            return
        rows = [_row(line, settings.publication.timezone) for line in lines]
    if rows:
        request.terminal.columns(HEADS, rows, right=[2, 4])
    else:
        request.terminal.report("nobody")
        if sought.status is Status.IN_DOUBT:
            request.terminal.talk(
                "who was in doubt, and is sent to again, is shown by `cnddigest deliveries --doubted`"
            )


def wire(line: "DeliveryLine") -> dict[str, object]:
    """Return a line of `deliveries --json`."""
    traced = line.traced
    return {
        "kind": traced.kind,
        "serial": traced.serial,
        "run": traced.run,
        "part": traced.part,
        "address": traced.address or None,  # of who was erased
        "status": traced.status.value,
        "attempts": traced.attempts,
        "message_id": line.message_id,
        "at": moments.wire(traced.at),
        "reply": traced.reply or None,
    }


def _row(line: "DeliveryLine", zone: dt.tzinfo) -> tuple[str, ...]:
    traced = line.traced
    return (
        traced.serial,
        "" if traced.part is None else traced.run,
        "" if traced.part is None else str(traced.part),
        _status(traced),
        str(traced.attempts),
        moments.local(traced.at, zone),
        traced.address or "(erased)",
        traced.reply,
    )


def _status(traced: "Traced") -> str:
    """Return how it stands, and whether somebody may have got it before."""
    shown = traced.status.value.replace("_", " ")
    return f"{shown}, was in doubt" if traced.doubts and traced.status is not Status.IN_DOUBT else shown
