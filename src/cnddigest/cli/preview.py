"""`cnddigest preview`: what readers will get, while it is written."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnddigest.cli import options, signals
from cnddigest.cli.serve import place
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.config import Settings

ANYWHERE = "127.0.0.1:0"


@click.command("preview", epilog="Example: cnddigest preview recaps/cndt2022.md --open")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option("--bind", metavar="HOST:PORT", default=ANYWHERE, show_default=True, help="Where to listen on loopback.")
@click.option("--serial", metavar="NAME", help="Only this Serial.")
@click.option("--open", "opens", is_flag=True, help="Open it in a browser.")
@options.shared()
def command(request: options.Request, files: tuple[str, ...], bind: str, serial: str | None, *, opens: bool) -> None:
    """Show pages, mail and feeds while a recap is written.

    A browser reloads them whenever a recap, its corrections, schedule or images, a template or the configuration is
    saved. A FILE needs no publication; several form one recap. Nothing is published, sent or recorded: all of it stays
    in memory, on this machine, until Ctrl-C.
    """
    host, port = place(bind)
    from cnddigest.web.preview.answers import is_loopback

    if not is_loopback(host):
        raise WrongUse(f"preview listens on this machine alone: {bind}", hint=f"bind it to 127.0.0.1:{port}")
    load, serial = _source(request, files, serial)
    from cnddigest.web import server
    from cnddigest.web.preview.server import serve
    from cnddigest.wiring.preview import Stage

    stage = Stage(load, serial=serial, clock=request.clock)
    listening = server.listen(host, port)
    address = server.address(listening)
    with signals.Stop() as stop:
        if request.as_json:
            request.terminal.document({"schema": "cnddigest/preview/1", "address": address})
        request.terminal.talk(f"preview on {address}")
        if opens:
            threading.Thread(target=_open, args=(address,), daemon=True).start()
        serve(stage, listening, stop=stop.asked)


def _source(
    request: options.Request, files: Sequence[str], serial: str | None
) -> "tuple[Callable[[], Settings], str | None]":
    """Return where settings come from: the publication, if there are no files or it has them, else the files alone."""
    if not files:
        return request.settings, options.known_serial(request.settings(), serial)
    if serial is not None:
        raise WrongUse("a file and a Serial are named: leave one out", hint="cnddigest preview --serial NAME")
    from cnddigest.config.loading import FILE_NAME
    from cnddigest.wiring.preview import alone

    if request.config or Path(FILE_NAME).exists():
        found = _serial_of(request.settings(), files)
        if found or request.config:
            if found is None:
                raise WrongUse(f"no serial has this recap: {files[0]}", hint="leave --config out to see it alone")
            return request.settings, found
    return lambda: alone(files), None


def _serial_of(settings: "Settings", files: Sequence[str]) -> str | None:
    """Return the Serial that has one of these recaps."""
    wanted = {Path(name).absolute().resolve() for name in files}
    for serial in settings.publication.serials:
        if wanted & {(settings.root / path).resolve() for path in serial.recaps}:
            return serial.slug
    return None


def _open(address: str) -> None:
    import webbrowser

    webbrowser.open(address)
