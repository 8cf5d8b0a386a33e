"""A file of Subscribers as numbered lines and records of cells: encodings, line ends and quotes sorted out."""

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST_LINE = 100_000  # characters; less than the csv module's limit for one cell
MOST_LINES = 100  # of one record: a note of a hundred lines is rather a quote that was never closed
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
LONGEST_MARK = 3  # octets

_EASTERN = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")


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


def decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    """Yield the text of a file with LF at line ends, whatever wrote it: UTF-8, UTF-16 with its mark, or CP932.

    UTF-8 or CP932 is decided where the first octet beyond ASCII stands. What can't be read is U+FFFD (see
    `audience.address.UNREAD`).
    """
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    for text in _texts(chunks):
        yield ends.decode(text)
    yield ends.decode("", final=True)


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


# Octets


def _texts(chunks: Iterable[bytes]) -> Iterator[str]:
    kept, decoder = b"", None
    for chunk in chunks:
        if decoder:
            yield decoder.decode(chunk)
            continue
        kept += chunk
        if len(kept) < LONGEST_MARK:
            continue
        if encoding := _encoding(kept):
            decoder = codecs.getincrementaldecoder(encoding)("replace")
            yield decoder.decode(kept)
            kept = b""
        elif kept.isascii():
            yield kept.decode("ascii")
            kept = b""
    yield decoder.decode(b"", final=True) if decoder else kept.decode("cp932", "replace")


def _encoding(data: bytes) -> str | None:
    """Return the encoding that some octets show, None where they show none yet."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError as error:
        # Kana and kanji before the fault were UTF-8 for sure: some of its lines are in another encoding.
        return "utf-8" if _EASTERN.search(data[: error.start].decode()) else "cp932"
    return None if text.isascii() else "utf-8"
