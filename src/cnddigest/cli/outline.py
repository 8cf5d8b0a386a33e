"""`cnddigest outline`: how a recap is understood, before anybody else reads it."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cnddigest import inputs
from cnddigest.cli import options, stdin
from cnddigest.errors import BadRecap, WrongUse

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cnddigest.recap.corrections import Corrections
    from cnddigest.recap.model import Recap
    from cnddigest.recap.source import SourceText
    from cnddigest.recap.why import Decision


@click.command("outline", epilog="Example: cnddigest outline recaps/cndt2022.md --why")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--why", is_flag=True, help="Show how each heading, and in plain text each line, was judged.")
@click.option("--write", is_flag=True, help="Write NAME.outline.toml beside each file, to correct the reading in.")
@click.option("--to", "form", type=click.Choice(["markdown"]), help="Write it as markdown that reads back the same.")
@click.option("--schedule", "schedules", metavar="FILE", multiple=True, help="Add what the conference's schedule says.")
@options.shared(configured=False, clocked=False)
def command(
    request: options.Request,
    files: tuple[str, ...],
    schedules: tuple[str, ...],
    *,
    why: bool,
    write: bool,
    form: str | None,
) -> None:
    """Show how a recap is understood: days, sessions, what was dropped, and what to check.

    Several files form one recap, one for each day. Needs no publication; - reads from stdin. What
    NAME.outline.toml says beside a file is followed.
    """
    from cnddigest.recap import outline, source

    if form and (request.as_json or why or write):
        raise WrongUse("--to goes with no other way to show a recap", hint="call it once for each")
    sources = [source.decode(name, _bytes(name)) for name in files]
    corrections = [found for name in files if (found := _corrections(name))]
    recap = _scheduled(_pictured(outline.understood(sources, corrections), files), schedules)
    if write:
        for one in sources:
            _write_corrections(request, one, corrections)
    if form and recap.sessions:
        _export(request, recap)
    elif request.as_json:
        _write_json(request, recap, sources, corrections, why=why)
    elif not (write or form):
        _draw(request, recap, sources, corrections, why=why)
    if not recap.sessions:
        raise BadRecap(f"recap has no sessions: {recap.source.path}", hint="mark each talk with a heading")


def _bytes(name: str) -> bytes:
    """Return a file's bytes, one more at most than `decode` takes."""
    from cnddigest.recap.source import MAX_BYTES

    if name == stdin.NAME:
        return stdin.opened().read(MAX_BYTES + 1)
    return inputs.read_recap(Path(name), name, piped=True)


def _corrections(name: str) -> "Corrections | None":
    """Return what its author says beside a file, None where nothing is said."""
    from cnddigest.recap import beside, corrections

    path = beside.corrections(name)
    data = inputs.read_corrections(Path(path), path) if name != stdin.NAME else None
    return corrections.decode(path, data) if data is not None else None


def _pictured(recap: "Recap", files: Sequence[str]) -> "Recap":
    """Return a recap with what there is to say of its pictures, where all its files lie in one folder."""
    folders = {Path(name).parent for name in files}
    if stdin.NAME in files or len(folders) != 1:
        return recap
    from dataclasses import replace
    from zoneinfo import ZoneInfo

    from cnddigest.serial.model import Cadence, Serial
    from cnddigest.usecases import curator

    names = tuple(Path(name).name for name in files)
    folder = inputs.PublicationFolder(folders.pop(), configuration=Path(names[0]), recaps=names)
    serial = Serial(slug="outline", recaps=names, cadence=Cadence(timezone=ZoneInfo("UTC")))
    return replace(recap, findings=curator.illustrated(folder, serial, recap, None)[0].findings)


def _scheduled(recap: "Recap", schedules: Sequence[str]) -> "Recap":
    if not schedules:
        return recap
    from zoneinfo import ZoneInfo

    from cnddigest.recap.schedule import enrich

    return enrich.from_files(
        recap, [(name, inputs.read_schedule(Path(name), name)) for name in schedules], ZoneInfo("UTC")
    )


def _write_corrections(request: options.Request, one: "SourceText", known: Sequence["Corrections"]) -> None:
    """Write the file in which its author can correct the reading of one file; what stands in it already stays."""
    from cnddigest.recap import beside, corrections, outline

    if one.path == stdin.NAME:
        raise WrongUse("nothing to write beside stdin", hint="name a file")
    path = beside.corrections(one.path)
    before = inputs.read_corrections(Path(path), path)
    recap = outline.understood([one], [found for found in known if found.path == path])
    text = corrections.drafted(recap, before.decode("utf-8") if before is not None else None)
    if before is not None and text.encode() == before:
        request.terminal.talk(f"nothing to add: {path}")
        return
    inputs.write_corrections(Path(path), path, text)
    request.terminal.talk(f"{'added to' if before else 'wrote'} {path}")


def _export(request: options.Request, recap: "Recap") -> None:
    from cnddigest.cli.output import plain
    from cnddigest.recap.export import exported

    text = exported(recap)
    if sys.stdout.isatty():  # a recap may try to steer a terminal; a file gets every character
        text = plain(text)
    request.terminal.data(text.encode("utf-8", "replace"))


def _write_json(
    request: options.Request,
    recap: "Recap",
    sources: Sequence["SourceText"],
    corrections: Sequence["Corrections"],
    *,
    why: bool,
) -> None:
    from cnddigest.recap.wire import judged, wire

    document = wire(recap)
    if why:
        told = _decisions(recap, sources, corrections)
        document["why"] = [judged(path, one) for path, found in told for one in found]
    request.terminal.document(document)


def _draw(
    request: options.Request,
    recap: "Recap",
    sources: Sequence["SourceText"],
    corrections: Sequence["Corrections"],
    *,
    why: bool,
) -> None:
    from cnddigest.cli import tree

    _print(*tree.overview(recap, size=sum(len(source.text) for source in sources), everything=why))
    if why:
        _print(*(tree.judgements(*told) for told in _decisions(recap, sources, corrections)))
    request.terminal.report(tree.total(recap))


def _decisions(
    recap: "Recap", sources: Sequence["SourceText"], corrections: Sequence["Corrections"]
) -> "Iterator[tuple[str, Sequence[Decision]]]":
    """Yield each file's path with what was decided in it."""
    from cnddigest.recap import outline
    from cnddigest.recap.why import decisions

    for source in sources:
        yield source.path, decisions(outline.blocks(source, sources, corrections), recap)


def _print(*parts: "RenderableType") -> None:
    """Write each part and an empty line, without the spaces rich fills lines with."""
    from cnddigest.cli import output

    screen = output.console()
    for part in parts:
        with screen.capture() as drawn:
            screen.print(part)
        for row in drawn.get().split("\n"):
            click.echo(row.rstrip())
