"""`cnddigest resend`: queue a Part's Issue once more, for those who missed it or for one person."""

import click

from cnddigest.cli import options
from cnddigest.delivery.model import Sought, Status
from cnddigest.errors import WrongUse


@click.command("resend", epilog="Example: cnddigest resend --part 1 --missed")
@options.serial
@click.option("--part", type=click.IntRange(min=1), metavar="N", help="This Part's Issue.")
@click.option("--missed", is_flag=True, help="To all who should have got it and did not.")
@click.option("--in-doubt", is_flag=True, help="To all of whom nobody knows whether they got it.")
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
        status=Status.IN_DOUBT if in_doubt else None,
        address=options.address(address).display if address else None,
        missed=missed,
        issues_only=True,
    )
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        queued = opened.office.resend(sought, now=request.now)
    if request.as_json:
        request.terminal.document({"schema": "cnddigest/resend/1", "serial": serial, "part": part, "queued": queued})
    else:
        request.terminal.report(
            f"queued for {queued}; `cnddigest deliver` sends it" if queued else "nobody to send it to"
        )
