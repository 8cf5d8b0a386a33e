"""`cnddigest hold`: let nothing of a Serial come out, until it may go on."""

from typing import TYPE_CHECKING

import click

from cnddigest.cli import moments, options
from cnddigest.errors import CndDigestError

if TYPE_CHECKING:
    from cnddigest.wiring import Opened


@click.command("hold", epilog="Example: cnddigest hold --serial cndt2022")
@options.serial
@click.option("--off", is_flag=True, help="Let it go on: what is overdue by then comes one by one.")
@options.shared()
def command(request: options.Request, serial: str | None, *, off: bool) -> None:
    """Let nothing of a Serial come out, until it may go on.

    `publish`, `run` and `serve` respect it; mail that is queued already still leaves. The pages are written anew, so
    that they promise no moment; with `--off` that is for the next publish, which brings out what is overdue.
    """
    settings = request.settings()
    serial = options.one_serial(settings, serial)
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        changed = opened.release_hold(serial) if off else opened.hold(serial, now=request.now)
        if changed and not off:
            _write(request, opened, serial)
    if request.as_json:
        held_at = None if off or not changed else moments.wire(request.now)
        answer = {
            "schema": "cnddigest/hold/1",
            "serial": serial,
            "held": not off,
            "changed": changed,
            "held_at": held_at,
        }
        request.terminal.document(answer)
    else:
        request.terminal.report(_said(serial, off=off, changed=changed))


def _write(request: options.Request, opened: "Opened", serial: str) -> None:
    """Let the pages follow; what keeps them from it undoes no hold."""
    try:
        with request.terminal.progress() as progress:
            opened.publish(serial=serial, now=request.now, progress=progress)
    except CndDigestError as error:
        request.terminal.talk(f"held, but the pages were not written: {error.message}")


def _said(serial: str, *, off: bool, changed: bool) -> str:
    if off:
        return f"goes on: {serial}" if changed else f"was not held: {serial}"
    return f"held: {serial}" if changed else f"was held already: {serial}"
