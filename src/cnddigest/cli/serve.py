"""`cnddigest serve`: the publication over HTTP, and every reader's own feed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import click

from cnddigest.cli import options, signals
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.config import Settings

BIND_HINT = "write it like 127.0.0.1:8000"
PASSWORD_HINT = "behind a proxy, set a password: cnddigest admin-password"  # noqa: S105  a hint, no password


@click.command("serve", epilog="Example: cnddigest serve --bind 127.0.0.1:8000")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen; port 0 is any free one.")
@click.option("--no-scheduler", is_flag=True, help="Publish and send nothing; something else does.")
@options.shared()
def command(request: options.Request, bind: str | None, *, no_scheduler: bool) -> None:
    """Serve the publication, and every reader's own feed.

    Meanwhile it does what `run` does. It ends at SIGTERM, when what is in flight is done. With --now its clock stands
    still there: nothing is released.
    """
    settings = request.settings()
    host, port = place(bind) if bind is not None else (settings.web.host, settings.web.port)
    from cnddigest.config.secret import admin_password
    from cnddigest.web import server  # after the configuration: a wrong one is told at once
    from cnddigest.wiring import keyring

    keyring.check(settings)
    listening = server.listen(host, port)
    with signals.Stop() as stop:
        if request.as_json:
            request.terminal.document({"schema": "cnddigest/serve/1", "address": server.address(listening)})
        request.terminal.talk(f"serving {settings.output} on {server.address(listening)}")
        if settings.web.admin_writes and not admin_password(settings.web):
            request.terminal.talk("whoever reaches it from this machine may change things at /admin/; " + PASSWORD_HINT)
        alone = no_scheduler or request.stands_still
        with nullcontext(_nothing) if alone else _scheduler(request, settings, stop) as nudge:
            server.serve(
                settings, listening, clock=request.clock, stop=stop.asked, nudge=nudge, tell=request.terminal.talk
            )


def _nothing() -> None:
    """Leave the mail to whoever sends it, at their next look."""


@contextmanager
def _scheduler(request: options.Request, settings: "Settings", stop: signals.Stop) -> Iterator[Callable[[], None]]:
    """Let a scheduler work meanwhile; what ends it but a signal ends the server too, and is told as any error is."""
    from cnddigest.cli.journal import Journal
    from cnddigest.scheduler import Scheduler

    with Journal(request.terminal, settings.publication.timezone, as_json=False) as journal:
        scheduler = Scheduler(request.settings, tell=journal.tell, over=stop.asked)
        scheduler.start()
        try:
            yield scheduler.nudge
        finally:
            scheduler.stop()
    if scheduler.problem:
        raise scheduler.problem


def place(text: str) -> tuple[str, int]:
    """Return host and port; raises WrongUse."""
    host, _, port = text.strip().rpartition(":")
    if not (host and port.isascii() and port.isdigit() and int(port[:6]) <= 65535):
        raise WrongUse(f"not a host and a port: {text}", hint=BIND_HINT)
    return host.removeprefix("[").removesuffix("]"), int(port)
