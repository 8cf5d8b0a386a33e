"""`cnddigest publish`: release what is due and write the output folder."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnddigest.cli import deliver, moments, options, signals
from cnddigest.errors import CndDigestError

if TYPE_CHECKING:
    from cnddigest.cli.output import Progress
    from cnddigest.config import Settings
    from cnddigest.usecases.post import DeliveryReport
    from cnddigest.usecases.report import NextLine, PublishReport, ReleasedLine, Remark
    from cnddigest.wiring import Opened


@click.command("publish", epilog="Example: cnddigest publish --dry-run")
@options.serial
@click.option("--all", "everything", is_flag=True, help="Release all remaining Parts now.")
@click.option("--dry-run", is_flag=True, help="Show what would happen, and change nothing.")
@click.option("--no-deliver", is_flag=True, help="Queue the mail and send none.")
@click.option("--no-announce", is_flag=True, help="Tell no hub: a later publish does, when the folder is uploaded.")
@options.shared()
def command(
    request: options.Request,
    serial: str | None,
    *,
    everything: bool,
    dry_run: bool,
    no_deliver: bool,
    no_announce: bool,
) -> int:
    """Release what is due, write the output folder, send the mail.

    Publishing twice publishes once: what is out stays out, and a file that did not change is not written.
    """
    settings = request.settings()
    serial = options.known_serial(settings, serial)
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    stop = signals.Stop()
    with request.terminal.progress() as progress, wiring.open_publication(settings) as opened:
        report = opened.publish(
            serial=serial, everything=everything, dry_run=dry_run, now=request.now, progress=progress
        )
        mail = None
        if not dry_run:
            opened.advance(now=request.now)
        if not dry_run and opened.mail_waits:
            if no_deliver:
                mail = opened.office.account.summary(serial=serial)
            else:
                mail = _deliver(request, opened, serial, progress, stop)
        told = announce(request, opened) if settings.web.hubs and not (dry_run or no_announce) else 0
    for remark in report.remarks:
        tell(request, remark)
    if request.as_json:
        request.terminal.document(wire(report, mail))
    else:
        show(request, settings, report)
        if told:
            request.terminal.report(f"hubs were told of {told} feeds")
        if mail:
            deliver.show(request, mail)
    code = deliver.complain(request, mail) if mail else 0
    return stop.code or code


def _deliver(
    request: options.Request, opened: "Opened", serial: str | None, progress: "Progress", stop: signals.Stop
) -> "DeliveryReport":
    """Send the mail; what keeps it from being sent does not undo what was published."""
    try:
        opened.expire(now=request.now)
        with stop:
            return opened.deliver(serial=serial, clock=request.clock, progress=progress, stop=stop.asked)
    except CndDigestError as error:
        return replace(opened.office.account.summary(serial=serial), problem=error)


def announce(request: options.Request, opened: "Opened") -> int:
    """Tell hubs of what changed, and return of how many feeds; one that can't be told is no failure of a publish."""
    try:
        told = opened.herald.announce(clock=request.clock)
    except CndDigestError as error:
        request.terminal.talk(f"hubs were not told: {error.message}")
        return 0
    if told.failed:
        request.terminal.talk(f"hub could not be told yet, {told.problem}")
    return told.feeds


def wire(report: "PublishReport", mail: "DeliveryReport | None" = None) -> dict[str, object]:
    """Return the shape of `publish --json`."""
    from cnddigest.usecases.post import DeliveryReport

    return {
        "schema": "cnddigest/publish/1",
        "now": moments.wire(report.now),
        "dry_run": report.dry_run,
        "released": [_released(line) for line in report.released],
        "files": {
            "written": list(report.files.written),
            "removed": list(report.files.removed),
            "unchanged": report.files.unchanged,
        },
        "delivery": deliver.wire(mail or DeliveryReport()),
        "next": _next(report.next),
    }


def _released(line: "ReleasedLine") -> dict[str, object]:
    return {
        "serial": line.serial,
        "part": line.part,
        "title": line.title,
        "release_at": moments.wire(line.release_at),
        "deliveries": line.deliveries,
    }


def _next(line: "NextLine | None") -> dict[str, object] | None:
    if line is None:
        return None
    return {"serial": line.serial, "part": line.part, "release_at": moments.wire(line.release_at)}


def tell(request: options.Request, remark: "Remark") -> None:
    """Say what a human should check; of mere information only to those who want more."""
    finding = remark.finding
    if finding.severity != "info" or request.terminal.verbosity > 0:
        place = f"{remark.about}:{finding.line}" if finding.line else remark.about
        request.terminal.talk(f"{finding.severity}: {finding.message}: {place}")


def show(request: options.Request, settings: "Settings", report: "PublishReport") -> None:
    """Say what went out and what comes next."""
    terminal, zone = request.terminal, settings.publication.timezone
    released, written = ("would release", "would write") if report.dry_run else ("released", "wrote")
    for line in report.released:
        terminal.report(f"{released} {line.serial}, part {line.part}: {line.title}")
    if not report.released:
        terminal.report("nothing new is due")
    terminal.report(f"{written} {_counted(len(report.files.written))}, {report.files.unchanged} unchanged")
    if terminal.verbosity > 0:
        _list_files(request, report)
    if not report.dry_run:
        terminal.report(f"open {_page(settings, report)}")
    terminal.report(_coming(report, zone))


def _list_files(request: options.Request, report: "PublishReport") -> None:
    for path in report.files.written:
        request.terminal.report(f"  + {path}")
    for path in report.files.removed:
        request.terminal.report(f"  - {path}")


def _page(settings: "Settings", report: "PublishReport") -> Path:
    """Return the page to look at: that of the only Serial, else the front page."""
    serials = {line.serial for line in report.released} or {found.slug for found in settings.publication.serials}
    return settings.output / (f"{serials.pop()}/index.html" if len(serials) == 1 else "index.html")


def _coming(report: "PublishReport", zone: dt.tzinfo) -> str:
    if report.next is None and report.held:
        return f"held, nothing comes out: {', '.join(report.held)}"
    if report.next is None:
        return "all is out"
    when = moments.local(report.next.release_at, zone)
    name = report.next.release_at.astimezone(zone).tzname()
    away = moments.distance(report.now, report.next.release_at)
    return f"next: {report.next.serial}, part {report.next.part} on {when} {name} ({away})"


def _counted(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
