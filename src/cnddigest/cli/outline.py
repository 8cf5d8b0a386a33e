"""`cnddigest outline`: how a recap is understood, before anybody else reads it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnddigest.cli import options
from cnddigest.errors import BadRecap

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cnddigest.recap.model import Recap
    from cnddigest.recap.source import SourceText

STDIN = "-"


@click.command("outline", epilog="Example: cnddigest outline recaps/cndt2022.md --why")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--why", is_flag=True, help="Show how each heading, and in plain text each line, was judged.")
@options.shared(configured=False, clocked=False)
def command(request: options.Request, files: tuple[str, ...], *, why: bool) -> None:
    """Show how a recap is understood: days, sessions, what was dropped, and what to check.

    Several files form one recap, one for each day. Needs no publication; - reads from stdin.
    """
    from cnddigest.recap import outline, source

    sources = [source.decode(name, _bytes(name)) for name in files]
    recap = outline.understood(sources)
    if request.as_json:
        _write_json(request, recap)
    else:
        _draw(request, recap, sources, why=why)
    if not recap.sessions:
        raise BadRecap(f"recap has no sessions: {recap.source.path}", hint="mark each talk with a heading")


def _bytes(name: str) -> bytes:
    """Return a file's bytes, one more at most than `decode` takes: devices need not end."""
    from cnddigest.recap.source import MAX_BYTES

    try:
        if name == STDIN:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise BadRecap(f"recap not found: {name}") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadRecap(f"can't read recap: {name}: {reason.lower()}") from error


def _write_json(request: options.Request, recap: "Recap") -> None:
    from cnddigest.recap.wire import wire

    request.terminal.document(wire(recap))


def _draw(request: options.Request, recap: "Recap", sources: Sequence["SourceText"], *, why: bool) -> None:
    from cnddigest.cli import tree
    from cnddigest.recap import formats

    _print(*tree.overview(recap, size=sum(len(source.text) for source in sources), everything=why))
    if why:
        _print(*(tree.judgements(source.path, formats.blocks(source), recap) for source in sources))
    request.terminal.report(tree.total(recap))


def _print(*parts: "RenderableType") -> None:
    """Write each part and an empty line, without the spaces rich fills lines with."""
    from cnddigest.cli import output

    screen = output.console()
    for part in parts:
        with screen.capture() as drawn:
            screen.print(part)
        for row in drawn.get().split("\n"):
            click.echo(row.rstrip())
