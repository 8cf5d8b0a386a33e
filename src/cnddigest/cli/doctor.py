"""`cnddigest doctor`: whether a publish would go well, and what to mend first."""

from collections.abc import Iterator

import click

from cnddigest.cli import checks, options
from cnddigest.cli.check import Check
from cnddigest.errors import CndDigestError

HEADS = ("Check", "", "Seen")
STYLES = {"ok": "", "look": "yellow", "mend": "bold red"}


@click.command("doctor", epilog="Example: cnddigest doctor")
@options.shared()
def command(request: options.Request) -> int:
    """Check configuration, recaps, output and record.

    Exit code 1 says that something must be mended; what is only worth a look does not count.
    """
    found = list(_checks(request))
    if request.as_json:
        request.terminal.document(wire(found))
    else:
        _show(request, found)
    return int(any(check.state == "mend" for check in found))


def wire(found: list[Check]) -> dict[str, object]:
    """Return the shape of `doctor --json`."""
    fields = ("name", "state", "detail", "hint")
    return {
        "schema": "cnddigest/doctor/1",
        "checks": [{field: getattr(check, field) for field in fields} for check in found],
    }


def _checks(request: options.Request) -> Iterator[Check]:
    yield from checks.system()
    try:
        settings = request.settings()
    except CndDigestError as error:
        yield Check(name="configuration", state="mend", detail=error.message, hint=error.hint)
        return
    found = list(checks.publication(settings, request.now))
    yield from found
    if all(check.state != "mend" for check in found):
        yield from checks.rehearsal(settings, request.now)


def _show(request: options.Request, found: list[Check]) -> None:
    rows = [(check.name, check.state, check.detail) for check in found]
    request.terminal.columns(HEADS, rows, styles=[STYLES[check.state] for check in found])
    for check in found:
        if check.state != "ok" and check.hint:
            request.terminal.talk(f"{check.state}: {check.name}: {check.hint}")
