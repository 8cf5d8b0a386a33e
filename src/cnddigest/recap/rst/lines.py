"""The lines of reStructuredText before it is parsed: where its headings stand, and where it can be cut."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from cnddigest.recap.markdown.sentences import WIDE

PIECE = 16_384  # characters after which a text without headings is cut at the next safe line
MAX_DEPTH = 24  # indentations or markers inside each other; the parser needs some ten frames for each
LONGEST_TITLE = 500  # characters
SURE_UNDERLINE = 4  # characters from which on an underline that is too short counts all the same, as in docutils

RULE = re.compile(r"([!-/:-@[-`{-~])\1*\s*\Z")
TABLE = re.compile(r"=+(?: +=+)+ *\Z")
NO_TITLE = re.compile(r"(?:[-*+•‣⁃]\s|\.\.(?:\s|\Z)|__\s|:[^:]+:\s|\||>>>|\+[-=])")
MARKERS = re.compile(r"\s*(?:[-*+•‣⁃]|\(?(?:\d{1,9}|[A-Za-z#])[.)])(?=\s)")
TEXT = re.compile(r"(?!\(?(?:[A-Za-z]{1,9}|\d{1,9})[.)](?:\s|\Z)|__\s)(?:[\w`「『（【“‘\"'(]|\*{1,2}[^\s*])")
MARKUP = re.compile(r"[*`|_\\]|://|::|@|\]_")

PieceKind = Literal[
    "heading",  # one title
    "sentence",  # one paragraph at the margin
    "body",  # anything else
    "deep",  # nested deeper than anybody writes: to be read as lines
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Lines that can be parsed by themselves; `line` is the number of the first, from 1, `level` that of a heading."""

    kind: PieceKind
    text: str
    line: int
    level: int = 0


@dataclass(slots=True)
class _Cutter:
    """A text on its way to pieces. Levels of headings follow from the order in which underlines first occur."""

    lines: Sequence[str]
    styles: dict[tuple[str, bool], int] = field(default_factory=dict)
    start: int = 0  # of the lines that belong to no piece yet
    size: int = 0
    tables: bool = True  # False where no table ends any more

    def pieces(self) -> Iterator[Piece]:
        n, count = 0, len(self.lines)
        while n < count:
            end = self._heading_end(n)
            if end:
                yield from self._body(n)
                yield self._heading(n, end)
            elif end := self._paragraph_end(n):
                yield from self._body(n)
                yield Piece(kind="sentence", text="\n".join(self.lines[n:end]), line=n + 1)
            else:
                end = self._block_end(n)
                if self.size > PIECE and self._begins(n):
                    yield from self._body(n)
                self.size += sum(len(line) + 1 for line in self.lines[n:end])
                n = end
                continue
            n = self.start = end
        yield from self._body(count)

    def _body(self, end: int) -> Iterator[Piece]:
        lines = self.lines[self.start : end]
        if any(map(str.strip, lines)):
            kind: PieceKind = "deep" if _is_deep(lines) else "body"
            yield Piece(kind=kind, text="\n".join(lines), line=self.start + 1)
        self.start, self.size = end, 0

    def _begins(self, n: int) -> bool:
        """Say whether a block begins at the margin: nothing before goes on there."""
        return self.lines[n][:1].strip() != "" and (not n or not self.lines[n - 1].strip() or bool(_marker(self, n)))

    def _heading_end(self, n: int) -> int:
        """Return the place after the title that begins here, 0 if none does."""
        line = self.lines[n]
        if not line.strip() or n + 1 >= len(self.lines) or not self._may_begin(n):
            return 0
        if RULE.match(line):
            return n + 3 if self._is_framed(n) else 0
        below = self.lines[n + 1]
        if line[0].isspace() or NO_TITLE.match(line) or len(line) > LONGEST_TITLE or not RULE.match(below):
            return 0
        known = (below[0], False) in self.styles and len(below.strip()) > 1
        return n + 2 if known or _is_long_enough(line.strip(), below.strip()) else 0

    def _may_begin(self, n: int) -> bool:
        """Say whether a paragraph may begin here, which one does not inside another."""
        before = self.lines[n - 1] if n else ""
        if not before.strip() or before[0].isspace() or n == self.start or NO_TITLE.match(before):
            return True
        return n + 1 < len(self.lines) and (self.lines[n + 1][:1], False) in self.styles

    def _is_framed(self, n: int) -> bool:
        if n + 2 >= len(self.lines) or not self.lines[n + 1].strip() or len(self.lines[n + 1]) > LONGEST_TITLE:
            return False
        over, under = self.lines[n].strip(), self.lines[n + 2].strip()
        return bool(RULE.match(under)) and over[0] == under[0] and not RULE.match(self.lines[n + 1])

    def _heading(self, n: int, end: int) -> Piece:
        framed = end - n == 3
        style = (self.lines[n][0] if framed else self.lines[n + 1][0], framed)
        level = self.styles.setdefault(style, len(self.styles) + 1)
        return Piece(kind="heading", text=self.lines[n + framed].strip(), line=n + framed + 1, level=min(level, 6))

    def _paragraph_end(self, n: int) -> int:
        """Return the place after a paragraph at the margin that announces nothing, 0 if there is none."""
        if not TEXT.match(self.lines[n]) or (n > self.start and self.lines[n - 1].strip()):
            return 0
        end = n
        while end < len(self.lines) and self.lines[end].strip():
            if self.lines[end][0].isspace() or RULE.match(self.lines[end]):
                return 0
            end += 1
        return 0 if self.lines[end - 1].rstrip().endswith("::") else end

    def _block_end(self, n: int) -> int:
        """Return the place after a table without a frame, whose rows look like titles; else after this line."""
        if self.tables and TABLE.match(self.lines[n]):
            for end in range(n + 2, len(self.lines)):
                if TABLE.match(self.lines[end]) and (end + 1 == len(self.lines) or not self.lines[end + 1].strip()):
                    return end + 1
            self.tables = False
        return n + 1


def pieces(text: str) -> Iterator[Piece]:
    """Cut a text at its headings and around the paragraphs at its margin: they are most of it, and quickly read."""
    return _Cutter(text.split("\n")).pieces()


def width(text: str) -> int:
    """Return how many columns a text takes: a wide letter takes two."""
    return len(text) + len(WIDE.findall(text))


def _is_long_enough(title: str, underline: str) -> bool:
    """Take an underline as long as the title, in letters or columns; a shorter one from four characters on."""
    return len(underline) >= min(SURE_UNDERLINE, width(title)) or len(underline) >= len(title)


def _marker(cutter: _Cutter, n: int) -> re.Match[str] | None:
    return MARKERS.match(cutter.lines[n])


def _is_deep(lines: Sequence[str]) -> bool:
    """Say whether lines nest by indentation, or by markers on one line, deeper than the parser can follow."""
    depths: list[int] = []
    for line in lines:
        text = line.lstrip()
        if not text:
            continue
        indent = len(line) - len(text)
        while depths and depths[-1] >= indent:
            depths.pop()
        depths.append(indent)
        if len(depths) > MAX_DEPTH or _has_many_markers(line):
            return True
    return False


def _has_many_markers(line: str) -> bool:
    end = 0
    for _ in range(MAX_DEPTH):
        found = MARKERS.match(line, end)
        if not found:
            return False
        end = found.end()
    return True
