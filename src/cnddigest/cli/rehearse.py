"""`cnddigest rehearse`: the whole replay in seconds, into a folder, with the record left alone."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnddigest.cli import moments, options
from cnddigest.errors import WrongUse
from cnddigest.serial.model import MAIN

if TYPE_CHECKING:
    from cnddigest.rendering.rehearsal import Moment

SHOWN = 12  # Parts of one moment that are named on a terminal


@click.command("rehearse", epilog="Example: cnddigest rehearse --to rehearsal --until 2026-12-31T00:00:00Z")
@click.option("--to", metavar="DIR", default="rehearsal", show_default=True, help="A new or an empty folder.")
@click.option("--until", metavar="INSTANT", callback=options.given, help="Go no farther than that.")
@options.shared()
def command(request: options.Request, to: str, until: dt.datetime | None) -> None:
    """Show the whole replay ahead of time: what every feed and page looks like at each moment, and every message.

    The clock travels, on a copy of the record: nothing is published and nothing is sent. DIR/index.html is the
    calendar.
    """
    if until is not None and until < request.now:
        begins = f"the rehearsal begins at {moments.wire(request.now)}"
        raise WrongUse(f"--until is over: {moments.wire(until)}", hint=f"{begins}; --now lets it begin earlier")
    settings = request.settings()
    from cnddigest.wiring.rehearsal import rehearse, write_calendar

    with request.terminal.progress() as progress:
        found = list(rehearse(settings, Path(to), now=request.now, until=until, progress=progress))
    write_calendar(settings, Path(to), found)
    if request.as_json:
        request.terminal.document({"schema": "cnddigest/rehearse/1", "moments": [_wire(moment) for moment in found]})
        return
    zone = settings.publication.timezone
    for moment in found:
        request.terminal.report(f"{moments.local(moment.at, zone)}  {_said(moment)}")
    request.terminal.report(f"{Path(to, 'index.html')} is the calendar" if found else "nothing goes out")


def _wire(moment: "Moment") -> dict[str, object]:
    return {
        "at": moments.wire(moment.at),
        "folder": moment.folder,
        "released": [{"serial": out.serial, "run": out.run, "part": out.part} for out in moment.released],
        "messages": moment.messages,
    }


def _said(moment: "Moment") -> str:
    names = [f"{out.serial} {out.part}" if out.run == MAIN else f"{out.run} {out.part}" for out in moment.released]
    more = len(names) - SHOWN
    parts = ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
    messages = f"{moment.messages} message{'' if moment.messages == 1 else 's'}"
    return f"{parts}: {messages}" if moment.messages else parts
