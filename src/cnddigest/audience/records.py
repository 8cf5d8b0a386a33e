"""A file of Subscribers as numbered lines and records of cells: line ends and quotes sorted out."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 100_000  # characters; less than the csv module's limit for one cell
MOST_LINES = 100  # of one record: a note of a hundred lines is rather a quote that was never closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a file, without its end; `number` counts from 1. One over the limit is cut and says so."""

    number: int
    text: str

    @property
    def is_cut(self) -> bool:
        """Say whether something is missing at its end."""
        return len(self.text) > LONGEST_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: the number of the line it begins at, and its cells, or why it has none."""

    line: int
    cells: tuple[str, ...] = ()
    problem: str = ""


def lines(texts: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of a text that comes in pieces; memory is bounded whatever its lines are like."""
    number, rest = 1, ""
    for text in texts:
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            yield Line(number=number, text=line)
            number += 1
        rest = rest[: LONGEST_LINE + 1]
    if rest:
        yield Line(number=number, text=rest)


def records(found: Iterable[Line], delimiter: str) -> Iterator[Record]:
    """Yield the records of a table, empty lines left out.

    A quote that is never closed costs the line it stands in, not what follows.
    """
    source = _Source(iter(found))
    reader = csv.reader(source, delimiter=delimiter)
    while line := source.next_line():
        if line.is_cut:
            yield Record(line=line.number, problem=f"line is longer than {LONGEST_LINE} characters")
        elif '"' not in line.text:
            if line.text.strip():
                yield Record(line=line.number, cells=tuple(line.text.split(delimiter)))
        else:
            yield _quoted(source, reader, line)


# Lines that a csv reader draws


class _Source:
    """Lines for a csv reader: remembers which it drew, and takes back what was no part of a record."""

    def __init__(self, found: Iterator[Line]) -> None:
        self._found = found
        self._back: deque[Line] = deque()
        self.drawn: list[Line] = []
        self.ran_out = False

    def next_line(self) -> Line | None:
        return self._back.popleft() if self._back else next(self._found, None)

    def begin(self, line: Line) -> None:
        self._back.appendleft(line)
        self.drawn, self.ran_out = [], False

    def take_back(self) -> None:
        """Keep the first line of what was drawn; the others come again."""
        self._back.extendleft(reversed(self.drawn[1:]))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.next_line() if len(self.drawn) < MOST_LINES else None
        if line is None:
            self.ran_out = True
            raise StopIteration
        self.drawn.append(line)
        return line.text + "\n"


def _quoted(source: _Source, reader: Iterator[list[str]], line: Line) -> Record:
    """Return the record that begins at a line with quotes in it."""
    source.begin(line)
    try:
        cells = next(reader, [])
    except csv.Error:  # a cell over the module's limit
        cells, source.ran_out = [], True
    if source.ran_out:
        source.take_back()
        return Record(line=line.number, problem="quote is not closed")
    return Record(line=line.number, cells=tuple(cells))
