"""`cnddigest bounces`: read returned mail and complaints."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from cnddigest.cli import options, stdin
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.usecases.bounce import BounceLine
    from cnddigest.wiring.office import Office

HEADS = ("Kind", "Code", "Then", "Address", "Serial", "Part", "Source")


@click.command("bounces", epilog="Example: cnddigest bounces returned.eml")
@click.argument("files", metavar="FILE...", nargs=-1)
@click.option("--maildir", metavar="DIR", help="Everything new in a Maildir; what was read moves to `cur`.")
@options.shared()
def command(request: options.Request, files: tuple[str, ...], maildir: str | None) -> None:
    """Read returned mail and complaints.

    Files are messages or mboxes; `-` is standard input. An address that does not exist, or whose owner complains, is
    never mailed again; one whose mailbox is full is counted. What does not carry a token of ours touches nobody.
    """
    if not files and not maildir:
        raise WrongUse("no returned mail is named", hint="name files, or --maildir DIR")
    settings = request.settings()
    from cnddigest import wiring

    with wiring.open_publication(settings) as opened:
        lines = list(_lines(request, opened.office, files, maildir))
    if request.as_json:
        request.terminal.document(
            {"schema": "cnddigest/bounces/1", "read": len(lines), "bounces": [wire(line) for line in lines]}
        )
        return
    if lines:
        request.terminal.columns(HEADS, [_row(line) for line in lines], right=[5])
    request.terminal.report(f"read {len(lines)}")
    if any(line.ours for line in lines):
        request.terminal.talk("some refuse us rather than a reader: look at their codes, and at `cnddigest doctor`")


def _lines(
    request: options.Request, office: "Office", files: tuple[str, ...], maildir: str | None
) -> Iterator["BounceLine"]:
    from cnddigest.mailbox import Maildir, from_files

    for returned in from_files(files, stdin.opened):
        yield from office.sending.take_back(returned.source, returned.data, now=request.now)
    if maildir:
        box = Maildir(maildir)
        for returned in box.waiting():
            yield from office.sending.take_back(returned.source, returned.data, now=request.now)
            box.settle(returned)  # after it is recorded: killed before, it is read again, which changes nothing


def wire(line: "BounceLine") -> dict[str, object]:
    """Return a line of `bounces --json`."""
    return {
        "source": line.source,
        "address": line.address,
        "serial": line.serial,
        "part": line.part,
        "kind": line.kind.value,
        "code": line.code,
        "action": line.action.value,
    }


def _row(line: "BounceLine") -> tuple[str, ...]:
    part = "" if line.part is None else str(line.part)
    kind = f"{line.kind.value} (ours)" if line.ours else line.kind.value
    return kind, line.code, line.action.value, line.address or "", line.serial or "", part, line.source
