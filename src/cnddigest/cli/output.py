"""The only place that writes to the terminal: data to stdout, talk to stderr."""

import contextlib
import io
import math
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING, Any, Literal, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status as StatusLine

    Justify = Literal["left", "right"]

T = TypeVar("T")

# A title that moves the cursor, colours what follows or turns the reading direction is shown without that.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PATIENCE = 1.0  # seconds of work before a progress bar appears
FRAME = 0.1  # seconds between two pictures of it
PIPE_WIDTH = 4000  # columns where nobody looks: lines are not cut for a program


class Terminal:
    """Both streams, as talkative as the user wished: -1 quiet, 0 as ever, 1 verbose."""

    def __init__(self, verbosity: int = 0) -> None:
        """Look at the streams only when something is written."""
        self.verbosity = verbosity

    def document(self, value: Mapping[str, object]) -> None:
        """Write one JSON document to stdout: keys in the order given, UTF-8, a line end after it."""
        import json

        indent = 2 if _is_terminal(sys.stdout) else None
        text = json.dumps(value, ensure_ascii=False, indent=indent)
        # A file name that is no Unicode holds lone surrogates; JSON has an escape for them.
        self.data(text.encode("utf-8", "backslashreplace") + b"\n")

    def stream(self, value: Mapping[str, object], name: str, lines: Iterable[Mapping[str, object]]) -> None:
        """Write one JSON document whose last member is a list of any length, a line for each of its members."""
        import json

        lines = begun(lines)
        self.data(json.dumps(value, ensure_ascii=False)[:-1].encode() + f', "{name}": ['.encode())
        between = b"\n"
        for each in lines:
            self.data(between + json.dumps(each, ensure_ascii=False).encode("utf-8", "backslashreplace"))
            between = b",\n"
        self.data(b"]}\n" if between == b"\n" else b"\n]}\n")

    def data(self, data: bytes) -> None:
        """Write bytes to stdout as they are."""
        click.echo(data, nl=False)

    def line(self, text: str = "") -> None:
        """Write a line of text to stdout."""
        click.echo(plain(text))

    def report(self, text: str = "") -> None:
        """Write a line to stdout that a quiet user does not want."""
        if self.verbosity >= 0:
            self.line(text)

    def talk(self, text: str) -> None:
        """Write a line to stderr unless the user is quiet."""
        if self.verbosity >= 0:
            click.echo(plain(text), err=True)

    def columns(
        self,
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        right: Sequence[int] = (),
        styles: Sequence[str] = (),
    ) -> None:
        """Write rows in columns to stdout, wide characters counted as wide.

        Where room is short the last column is folded. `right` names columns of numbers; `styles` are rich's words
        for how each row looks on a terminal.
        """
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for number, head in enumerate(heads):
            justify: Justify = "right" if number in right else "left"
            table.add_column(head, justify=justify, overflow="fold", no_wrap=number < len(heads) - 1)
        for cells, style in zip_longest(rows, styles):
            table.add_row(*(Text(plain(cell)) for cell in cells), style=style)
        screen = console()
        with screen.capture() as drawn:
            screen.print(table)
        for row in drawn.get().splitlines():
            click.echo(row.rstrip())

    @contextmanager
    def progress(self) -> Iterator["Progress"]:
        """Show a bar on stderr while work goes on, once it has taken a second; only to people."""
        bar = Progress(shown=self.verbosity >= 0 and _is_terminal(sys.stderr))
        try:
            yield bar
        finally:
            bar.close()


class Progress:
    """A bar that appears when it is worth looking at. Call it with what is done, how far it is, how far it goes."""

    def __init__(self, *, shown: bool) -> None:
        """Begin to wait."""
        self._shown = shown
        self._began, self._drawn = time.monotonic(), -math.inf
        self._bar: Any = None
        self._process = os.getpid()

    def __call__(self, what: str, done: int, total: int) -> None:
        """Move the bar; a process that helps this one has no terminal."""
        now = time.monotonic()
        if not self._shown or now - self._began < PATIENCE or now - self._drawn < FRAME or os.getpid() != self._process:
            return
        if self._bar is None:
            self._bar = _bar()
        self._drawn = now
        rate = f"{done / (now - self._began):,.0f}/s"
        self._bar.update(self._bar.task_ids[0], description=what, completed=done, total=total, rate=rate, refresh=True)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()


def begun(items: Iterable[T]) -> Iterator[T]:
    """Fetch the first of some items now: what can't be read is told before a head is written over nothing."""
    source = iter(items)
    return chain(list(islice(source, 1)), source)


def error(message: str, hint: str | None = None) -> None:
    """Write an error to stderr: one line, and one for the hint."""
    click.echo(f"error: {one_line(message)}", err=True)
    if hint:
        click.echo(f"hint: {one_line(hint)}", err=True)


def prepare() -> None:
    """Make both streams able to show any text: what an encoding lacks becomes `?`, a closed stream a void."""
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def forget_stdout() -> None:
    """Let what is still buffered vanish: nobody reads stdout any more."""
    with contextlib.suppress(OSError):  # a stdout without a file has nothing to lose
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def plain(text: str) -> str:
    """Return a text that can't move the cursor or turn the reading direction."""
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """Return a text as one line."""
    return plain(" ".join(text.split()))


def console() -> "Console":
    """Return a rich console on stdout: no markup, no emoji names; in a pipe no colours and no cuts."""
    from rich.console import Console

    width = None if _is_terminal(sys.stdout) else PIPE_WIDTH
    return Console(markup=False, emoji=False, highlight=False, width=width, file=sys.stdout)


def status_line() -> "StatusLine":
    """Return a line on stderr that stays below what is written there."""
    from rich.console import Console
    from rich.status import Status as StatusLine

    return StatusLine(
        "", console=Console(stderr=True, markup=False, emoji=False, highlight=False), refresh_per_second=2
    )


def _is_terminal(stream: TextIO) -> bool:
    return stream is not None and stream.isatty()


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    bar = Bar(*columns, console=console, transient=True, auto_refresh=False)  # no thread: a build may fork
    bar.add_task("", total=None, rate="")
    bar.start()
    return bar
