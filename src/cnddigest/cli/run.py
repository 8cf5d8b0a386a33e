"""`cnddigest run`: the scheduler until it is stopped, or once all that is due now."""

import functools
from typing import TYPE_CHECKING

import click

from cnddigest import clock
from cnddigest.cli import deliver, moments, options, publish, signals
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.usecases.post import DeliveryReport
    from cnddigest.wiring.knock import Brought

LOOK = 0.5  # seconds between two looks at whether it goes on, and two pictures of the status line


@click.command("run", epilog="Example: cnddigest run --once")
@click.option("--once", is_flag=True, help="Do all that is due now, and end: for cron and timers.")
@options.shared()
def command(request: options.Request, *, once: bool) -> int:
    """Watch the clock: release what is due, advance Replays and send the mail, until it is stopped.

    It never misses what was due while it was away, and does nothing twice. Of several on one record one acts, and
    another takes over within a minute. With --once, what follows within seconds is waited for. With --json each event
    is one JSON object in a line.
    """
    if once:
        return _once(request)
    if request.clock is not clock.now:
        raise WrongUse("a clock that stands still is never due: --now", hint="add --once")
    return _watch(request)


def _once(request: options.Request) -> int:
    settings = request.settings()
    from cnddigest import wiring  # after the configuration: a wrong one is told at once
    from cnddigest.wiring import knock

    stop = signals.Stop()
    with request.terminal.progress() as progress, wiring.open_publication(settings) as opened:
        if request.stands_still:
            brought = knock.bring(opened, now=request.now, progress=progress)
        else:
            wait = functools.partial(_wait, stop)
            brought = knock.bring_steps(opened, clock=request.clock, wait=wait, progress=progress)
        with stop:
            mail = knock.send(opened, clock=request.clock, progress=progress, stop=stop.asked)
        told = publish.announce(request, opened)
        opened.herald.serve(clock=request.clock, stop=stop.asked)
        next_at = knock.next_at(opened, now=request.now)
    if brought.publish:
        for remark in brought.publish.remarks:
            publish.tell(request, remark)
        if request.as_json:
            request.terminal.document(wire(brought, mail) | {"next_at": moments.wire(next_at)})
        else:
            publish.show(request, settings, brought.publish)
            _show(request, brought, mail)
            if told:
                request.terminal.report(f"hubs were told of {told} feeds")
    code = deliver.complain(request, mail)
    if brought.problem:
        raise brought.problem
    return stop.code or code


def _wait(stop: signals.Stop, seconds: float) -> bool:
    """Wait; return whether somebody asked to stop meanwhile."""
    with stop:
        return stop.asked.wait(seconds)


def wire(brought: "Brought", mail: "DeliveryReport") -> dict[str, object]:
    """Return the shape of `run --once --json`, but for the moment that comes next."""
    if brought.publish is None:
        raise ValueError("nothing was published")
    return {
        "schema": "cnddigest/run/1",
        "now": moments.wire(brought.publish.now),
        "publish": publish.wire(brought.publish, mail),
        "replays": {"advanced": brought.advanced},
        "delivery": deliver.wire(mail),
        "swept": {"leases": mail.leases, "unconfirmed": brought.expired},
    }


def _show(request: options.Request, brought: "Brought", mail: "DeliveryReport") -> None:
    if brought.advanced:
        request.terminal.report(f"replays: {brought.advanced} went on")
    if brought.expired:
        request.terminal.report(f"unconfirmed: {brought.expired} ended")
    if mail.queued or any(deliver.wire(mail).values()):
        deliver.show(request, mail)


def _watch(request: options.Request) -> int:
    """Run the scheduler; what ends it but a signal is told as any error is."""
    stop = signals.Stop()
    with stop:  # a signal while modules load is no other one
        zone = request.settings().publication.timezone
        from cnddigest.cli.journal import Journal
        from cnddigest.scheduler import Scheduler

        with Journal(request.terminal, zone, as_json=request.as_json) as journal:
            scheduler = Scheduler(request.settings, tell=journal.tell)
            scheduler.start()
            try:
                while not (stop.asked.wait(LOOK) or scheduler.over.is_set() or journal.is_lost):
                    journal.picture(request.clock(), scheduler)
            finally:
                scheduler.stop()
    if scheduler.problem:
        raise scheduler.problem
    if journal.is_lost:
        raise BrokenPipeError
    return 0
