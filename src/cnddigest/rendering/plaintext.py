"""Clean HTML to text that reads well in any mail program: no markup left, no line broken by force.

Links follow the paragraph they stand in, each on a line of its own as `label: address`: a sentence stays a
sentence, and an address is never glued to the next kana.
"""

import html as entities
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cnddigest.rendering.tags import TAG

DEEPEST = 8  # levels of quotes and lists that are shown as such: nobody follows more, and hostile text nests thousands
TABLE_WIDTH = 72  # columns up to which a table is aligned: RFC 5322, section 2.1.1, wants lines under 78
TABLE_COLUMNS = 12  # more never fit
LONGEST_LABEL = 60  # characters of a link's text that are said again beside its address

BREAK = "\v"  # a <br>; clean text holds no control characters
HEADING = "■ "
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ol", "ul"}
GAPPED = {*HEADINGS, *LISTS, "blockquote", "caption", "details", "dl", "figure", "p", "pre", "table"}
BOUNDARY = {*GAPPED, "dd", "dt", "figcaption", "hr", "li", "summary", "tr"}
PREFIXES = {"blockquote": "> ", "dd": "  ", "pre": "    "}
# What an element says that its characters don't.
MARKS = {"del": ("~~", "~~"), "s": ("~~", "~~"), "rt": ("（", "）"), "sup": ("^", ""), "sub": ("_", "")}


def columns(text: str) -> int:
    """Return how many columns a text takes in a fixed-width font (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def rule(text: str, mark: str = "=") -> str:
    """Return an underline as wide as `text`, at most as wide as a line should be."""
    return mark * min(columns(text), TABLE_WIDTH)


def as_text(html: str, *, bullet: str = "・") -> str:
    """Return clean HTML as text, blocks apart by an empty line; `bullet` begins a list item.

    Quotes are marked with ">", code is indented by four blanks, tables are aligned where they fit. Takes time in
    proportion to the text, however deep it is nested.
    """
    writer = _Writer(bullet=bullet)
    end = 0
    for tag in TAG.finditer(html):
        writer.text(html[end : tag.start()])
        writer.close(tag[2]) if tag[1] else writer.open(tag[2], tag[3])
        end = tag.end()
    writer.text(html[end:])
    writer.flush()
    return "\n".join(writer.lines)


def _attribute(attributes: str, name: str) -> str:
    """Return the value of an attribute of a clean tag, `""` without it."""
    found = re.search(rf' {name}="([^"]*)"', attributes)
    return entities.unescape(found[1]) if found else ""


def _one_line(text: str) -> str:
    """Join what the source broke into lines: without a blank between two full-width characters."""
    words = re.split(r"[ \t\r\n\xa0]+", text.replace(BREAK, " "))
    joined = [words[0]]
    for before, word in itertools.pairwise(words):
        glued = before and word and columns(before[-1]) == columns(word[0]) == 2
        joined += ["" if glued else " ", word]
    return "".join(joined).strip()


@dataclass(slots=True)
class _Container:
    """A quote, list item or the like that is open: what stands before its lines."""

    name: str
    prefix: str  # before every line
    marker: str = ""  # before the first line, in place of `prefix`
    empty: bool = True  # nothing of it is written yet


@dataclass(slots=True)
class _Table:
    """The rows of a table so far, and how many tables inside it are open."""

    rows: list[list[str]] = field(default_factory=list)
    head: bool = False  # its first row is one of headings
    inner: int = 0

    def lines(self) -> Iterator[str]:
        """Yield its rows, in columns where they fit."""
        rows = [row for row in self.rows if any(row)]
        widths = self._widths(rows)
        for number, row in enumerate(rows):
            cells = [cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=False)]
            yield " | ".join(cells or row).rstrip()
            if widths and self.head and number == 0:
                yield "-+-".join("-" * width for width in widths)

    def _widths(self, rows: Sequence[Sequence[str]]) -> list[int]:
        """Return the width of each column, nothing where the table is too wide to be aligned."""
        count = max(map(len, rows), default=0)
        if count > TABLE_COLUMNS:
            return []
        widths = [max(columns(row[place]) for row in rows if place < len(row)) for place in range(count)]
        return widths if sum(widths) + 3 * count <= TABLE_WIDTH else []


@dataclass(slots=True)
class _Writer:
    """Turns tags and texts into lines, one after the other."""

    bullet: str
    lines: list[str] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)  # the texts since the last boundary
    links: list[tuple[str, str]] = field(default_factory=list)  # label and address of those in the buffer
    containers: list[_Container] = field(default_factory=list)
    deeper: int = 0  # open containers below the deepest that is shown
    counters: list[int | None] = field(default_factory=list)  # per open list: the next number, None for bullets
    anchor: tuple[int, str] | None = None  # where in the buffer a link began, and its address
    table: _Table | None = None
    hidden: bool = False  # inside <rp>
    gap: bool = False  # an empty line is due before the next one

    def text(self, raw: str) -> None:
        """Take a run of text, entities and all."""
        if raw and not self.hidden:
            self.buffer.append(entities.unescape(raw) if "&" in raw else raw)

    def open(self, name: str, attributes: str) -> None:
        """Take a start tag."""
        if self.table is not None:
            self._open_in_table(self.table, name, attributes)
        elif name in BOUNDARY:
            self.flush()
            self._open_block(name, attributes)
        else:
            self._open_inline(name, attributes)

    def close(self, name: str) -> None:
        """Take an end tag."""
        if self.table is not None:
            self._close_in_table(self.table, name)
        elif name in BOUNDARY:
            self.flush()
            self._close_block(name)
        else:
            self._close_inline(name)

    def flush(self) -> None:
        """Write what was collected since the last boundary, then its links."""
        if not self.buffer and not self.links:
            return
        if self.anchor:  # a link around blocks: each has its part of it
            self._link(*self.anchor)
            self.anchor = (0, self.anchor[1])
        raw, self.buffer = "".join(self.buffer), []
        if self._within("pre"):
            lines = raw.replace(BREAK, "\n").strip("\n").split("\n")
        else:
            lines = [_one_line(line) for line in raw.split(BREAK)]
        if not any(lines) or lines == [label for label, _ in self.links]:
            lines = []  # nothing, or nothing but a link: then its own line says it all
        self._write(lines)

    def _write(self, lines: Sequence[str]) -> None:
        """Write lines and the links that wait, each behind what its containers put before it."""
        lines = [*lines, *dict.fromkeys(f"{label}: {url}" for label, url in self.links)]
        self.links = []
        if self.gap and self.lines and lines:
            quoted = (each.prefix for each in self.containers if each.name == "blockquote" and not each.empty)
            self.lines.append("".join(quoted).rstrip())
        for line in lines:
            before = "".join(each.marker if each.empty and each.marker else each.prefix for each in self.containers)
            self.lines.append((before + line).rstrip())
            for container in self.containers:
                container.empty = False
        self.gap = self.gap and not lines

    def _within(self, name: str) -> bool:
        """Say whether the innermost container is of that name."""
        return bool(self.containers) and self.containers[-1].name == name

    def _open_block(self, name: str, attributes: str) -> None:
        fresh = bool(self.containers) and self.containers[-1].empty
        if name in GAPPED and not fresh and not (name in LISTS and self.counters):
            self.gap = True
        if name in LISTS:
            start = _attribute(attributes, "start")
            self.counters.append((int(start) if re.fullmatch(r"\d{1,9}", start) else 1) if name == "ol" else None)
        elif name == "li":
            self._open_item()
        elif name in PREFIXES:
            self._contain(name, PREFIXES[name])
        elif name in HEADINGS:
            self.buffer.append(HEADING)
        elif name == "table":
            self.table = _Table()
        elif name == "hr":
            self._draw()

    def _draw(self) -> None:
        self.gap = True
        self._write(["-" * 8])
        self.gap = True

    def _open_item(self) -> None:
        number = self.counters[-1] if self.counters else None
        marker = self.bullet
        if number is not None:
            marker = f"{number}. "
            self.counters[-1] = number + 1
        self._contain("li", " " * columns(marker), marker)

    def _contain(self, name: str, prefix: str, marker: str = "") -> None:
        if len(self.containers) < DEEPEST:
            self.containers.append(_Container(name=name, prefix=prefix, marker=marker))
        else:
            self.deeper += 1

    def _close_block(self, name: str) -> None:
        if name in LISTS and self.counters:
            self.counters.pop()
        elif name == "li" or name in PREFIXES:
            if self.deeper:
                self.deeper -= 1
            elif self.containers:
                self.containers.pop()
        if name == "li" or (name in LISTS and self.counters):
            self.gap = False
        elif name in GAPPED:
            self.gap = True

    def _open_inline(self, name: str, attributes: str) -> None:
        if name == "a":
            self.anchor = (len(self.buffer), _attribute(attributes, "href"))
        elif name == "br":
            self.buffer.append(BREAK)
        elif name == "img":
            self._image(_one_line(_attribute(attributes, "alt")), _attribute(attributes, "src"))
        elif name in MARKS:
            self.buffer.append(MARKS[name][0])
        self.hidden = name == "rp"

    def _close_inline(self, name: str) -> None:
        self.hidden = False
        if name == "a" and self.anchor:
            self._link(*self.anchor)
            self.anchor = None
        elif name in MARKS:
            self.buffer.append(MARKS[name][1])

    def _image(self, alt: str, source: str) -> None:
        if alt:
            self.buffer.append(f"[{alt}]")
            self.links += [] if self.anchor or not source else [(f"[{alt}]", source)]

    def _link(self, begin: int, url: str) -> None:
        label = _one_line("".join(self.buffer[begin:]))
        shown = url.removeprefix("mailto:")
        if label and label in {url, shown, url.partition("://")[2]}:
            self.buffer[begin:] = [f" {shown} "]
        elif label and url:
            short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
            self.links.append((short, url))

    def _open_in_table(self, table: _Table, name: str, attributes: str) -> None:
        table.inner += name == "table"
        if table.inner or name not in {"tr", "td", "th"}:
            self.buffer.append(" " if name in BOUNDARY or name in {"td", "th"} else "")
            self._open_inline(name, attributes)
        elif name == "tr":
            table.rows.append([])
        else:
            table.head = table.head or (name == "th" and len(table.rows) == 1)

    def _close_in_table(self, table: _Table, name: str) -> None:
        if name == "table" and not table.inner:
            self._finish(table)
        elif not table.inner and name in {"td", "th", "caption"}:
            self._finish_cell(table, name)
        else:
            self._close_inline(name)
        table.inner -= name == "table" and table.inner > 0

    def _finish_cell(self, table: _Table, name: str) -> None:
        text, self.buffer = _one_line("".join(self.buffer)), []
        if name == "caption":
            self._write([text])
        elif table.rows:
            table.rows[-1].append(text)

    def _finish(self, table: _Table) -> None:
        self.table, self.buffer = None, []
        self._write(list(table.lines()))
        self.gap = True
