"""`cnddigest serve`: the publication over HTTP, and every reader's own feed."""

from typing import TYPE_CHECKING

import click

from cnddigest.cli import options, signals
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.config import Settings

BIND_HINT = "write it like 127.0.0.1:8000"


@click.command("serve", epilog="Example: cnddigest serve --bind 127.0.0.1:8000")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen; port 0 is any free one.")
@click.option("--no-scheduler", is_flag=True, help="Publish and send nothing; something else does.")
@options.shared()
def command(request: options.Request, bind: str | None, *, no_scheduler: bool) -> None:
    """Serve the output folder and Replays' feeds until SIGTERM.

    With --now its clock stands still there.
    """
    settings = request.settings()
    host, port = _place(bind) if bind is not None else (settings.web.host, settings.web.port)
    from cnddigest.web import server  # after the configuration: a wrong one is told at once

    listening = server.listen(host, port)
    with signals.Stop() as stop:
        request.terminal.talk(f"serving {settings.output} on {server.address(listening)}")
        if not no_scheduler:
            start_scheduler(request, settings)
        server.serve(settings, listening, clock=request.clock, stop=stop.asked)


def start_scheduler(request: options.Request, settings: "Settings") -> None:
    """Say that nobody publishes: this version's server has no scheduler yet."""
    del settings
    request.terminal.talk("nothing is published meanwhile: let a timer run `cnddigest publish`")


def _place(text: str) -> tuple[str, int]:
    """Return host and port; raises WrongUse."""
    host, _, port = text.strip().rpartition(":")
    if not (host and port.isascii() and port.isdigit() and int(port[:6]) <= 65535):
        raise WrongUse(f"not a host and a port: {text}", hint=BIND_HINT)
    return host.removeprefix("[").removesuffix("]"), int(port)
