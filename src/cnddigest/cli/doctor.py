"""`cnddigest doctor`: whether a publish would go well, and what to mend first."""

from collections.abc import Iterator

import click

from cnddigest.cli import checks, options
from cnddigest.cli.check import Check
from cnddigest.errors import CndDigestError

HEADS = ("Check", "", "Seen")
STYLES = {"ok": "", "look": "yellow", "mend": "bold red"}


@click.command("doctor", epilog="Example: cnddigest doctor")
@click.option("--secret-is-lost", is_flag=True, help="Let the record go on with another secret: links die.")
@options.shared()
def command(request: options.Request, *, secret_is_lost: bool) -> int:
    """Check configuration, recaps, output and record.

    Exit code 1 says that something must be mended; what is only worth a look does not count.
    """
    if secret_is_lost:
        _give_up(request)
    found = list(_checks(request))
    if request.as_json:
        request.terminal.document(wire(found))
    else:
        _show(request, found)
    return int(any(check.state == "mend" for check in found))


def _give_up(request: options.Request) -> None:
    """Accept that the secret is lost, and say what went with it."""
    from cnddigest import wiring

    with wiring.open_publication(request.settings()) as opened:
        orders = opened.office.replace_lost_secret()
    request.terminal.talk(
        "another secret is in use: links in messages that are out are dead, and their returned mail is a stranger's;"
        f" orders not to mail erased persons that are lost: {orders}"
    )


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
