"""`cnddigest resend`: queue a Part's Issue once more, for those who missed it or for one person."""

from typing import TYPE_CHECKING

import click

from cnddigest.cli import options
from cnddigest.delivery.model import Sought
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.usecases.report import Resent


@click.command("resend", epilog="Example: cnddigest resend --part 1 --missed")
@options.serial
@click.option("--part", type=click.IntRange(min=1), metavar="N", help="This Part's Issue.")
@click.option("--missed", is_flag=True, help="To all who should have got it and did not.")
@click.option("--in-doubt", is_flag=True, help="To all of whom nobody knows whether they got it, at once.")
@click.option("--to", "address", metavar="ADDRESS", help="To one person, whether they got it or not.")
@options.shared()
def command(
    request: options.Request, serial: str | None, part: int | None, address: str | None, *, missed: bool, in_doubt: bool
) -> None:
    """Queue a Part's Issue once more, for those who missed it.

    It has the same Message-ID; `deliver` sends it. Never mails the suppressed, or those who left.
    """
    settings = request.settings()
    serial = options.one_serial(settings, serial)
    if part is None:
        raise WrongUse("no part is named", hint="add --part N")
    if missed + in_doubt + bool(address) != 1:
        raise WrongUse("say to whom, in one way", hint="add --missed, --in-doubt or --to ADDRESS")
    sought = Sought(
        serial=serial,
        part=part,
        address=options.address(address).display if address else None,
        missed=missed or in_doubt,
        doubted=in_doubt,
        issues_only=True,
    )
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        found = opened.office.account.resend(sought, now=request.now)
    if request.as_json:
        answer = {"schema": "cnddigest/resend/1", "serial": serial, "part": part, "queued": found.queued}
        request.terminal.document(answer)
    else:
        request.terminal.report(_said(found))


def _said(found: "Resent") -> str:
    """Return what came of it in a sentence."""
    if found.queued:
        return f"queued for {found.queued}; `cnddigest deliver` sends it"
    if found.waiting:
        return f"waits already for {found.waiting}; `cnddigest deliver` sends it"
    return "nobody to send it to"
