"""`cnddigest deliver`: send what is queued or due for another try."""

from typing import TYPE_CHECKING

import click

from cnddigest.cli import options, output, signals

if TYPE_CHECKING:
    from cnddigest.usecases.post import DeliveryReport

SHOWN = 20  # persons in doubt that are named; `deliveries` has all of them


@click.command("deliver", epilog="Example: cnddigest deliver --limit 100")
@options.serial
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many messages.")
@options.shared()
def command(request: options.Request, serial: str | None, limit: int | None) -> int:
    """Send what is queued or due for another try.

    Safe to kill and to run twice at once: nobody is lost, and whoever may have got a message twice is named. Asked to
    stop, by Ctrl-C for example, it finishes what is in flight and says how far it came.
    """
    settings = request.settings()
    serial = options.known_serial(settings, serial)
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    stop = signals.Stop()
    with request.terminal.progress() as progress, wiring.open_publication(settings) as opened, stop:
        opened.advance(now=request.now)
        opened.expire(now=request.now)
        report = opened.deliver(serial=serial, limit=limit, clock=request.clock, progress=progress, stop=stop.asked)
    if request.as_json:
        request.terminal.document({"schema": "cnddigest/deliver/1", **wire(report)})
    else:
        show(request, report)
    code = complain(request, report)
    return stop.code or code


def wire(report: "DeliveryReport") -> dict[str, object]:
    """Return the sums of a run as every command writes them."""
    names = ("sent", "deferred", "failed", "suppressed", "in_doubt", "queued")
    return {name: getattr(report, name) for name in names}


def show(request: options.Request, report: "DeliveryReport") -> None:
    """Say what happened, in one line."""
    words = [f"{count} {name.replace('_', ' ')}" for name, count in wire(report).items() if count and name != "queued"]
    if report.queued:
        words.append(f"{report.queued} still waiting")
    request.terminal.report(f"mail: {', '.join(words) or 'nothing to send'}")


def complain(request: options.Request, report: "DeliveryReport") -> int:
    """Name who is in doubt, and say once why the run ended early; return the exit code.

    It is 1 also where a reader was refused for good.
    """
    for each in report.doubtful[:SHOWN]:
        request.terminal.talk(f"in doubt, may have arrived: {each.address}")
    if len(report.doubtful) > SHOWN:
        request.terminal.talk(f"and {len(report.doubtful) - SHOWN} more in doubt: see `cnddigest deliveries --doubted`")
    if report.problem:
        output.error(report.problem.message, report.problem.hint)
        return report.problem.exit_code
    return int(report.failed > 0)
