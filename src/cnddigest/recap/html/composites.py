"""Elements that are one block however much they hold: lists, tables, code, quotations, figures."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from cnddigest.recap import heading
from cnddigest.recap.blocks import Block, Cell
from cnddigest.recap.html import signs
from cnddigest.recap.html.gathering import SPACES, start_tag
from cnddigest.recap.html.reading import Reading

if TYPE_CHECKING:
    from lxml.etree import _Element

WIDEST = 100  # columns of a table in which cells keep their places: no timetable has more
LONGEST = 200  # rows that a cell may span
EMPTY = Cell(strings=())
# Elements that hold others and no text of their own.
FRAMES: Mapping[str, tuple[str, ...]] = {
    "dl": ("dl",),
    "table": ("table", "thead", "tbody", "tfoot", "tr", "colgroup", "col"),
}


def reader(node: "_Element") -> "Reader | None":
    """Return what reads an element as one block, None where the blocks in it are read one by one."""
    found = READERS.get(str(node.tag))
    held = HOLDERS.get(str(node.tag), ())
    if not found or (held and any(inner is not node for inner in islice(node.iter(*held), 2))):
        return None
    return None if (node.tag == "table" and _is_layout(node)) or _has_stray_text(node) else found


def _has_stray_text(node: "_Element") -> bool:
    """Say whether text stands between the cells of a table or the terms of a list, where it belongs to none."""
    frames = FRAMES.get(str(node.tag), ())
    between = (text for frame in node.iter(*frames) for text in (frame.text, *(child.tail for child in frame)))
    return bool(frames) and any(map(_is_said, between))


def _is_said(text: str | None) -> bool:
    return bool(text) and not str(text).isspace()


def _is_layout(node: "_Element") -> bool:
    """Say whether a table is there to put things in their place."""
    if node.get("role") in {"presentation", "none"}:
        return True
    cells = node.iter("td", "th")
    return next(cells, None) is None or next(cells, None) is None


def _list(node: "_Element", reading: Reading) -> Iterator[Block]:
    line = reading.begin(node)
    rows = tuple((cell,) for cell in _items(node, reading))
    html = "".join(f"<li>{cell.html}</li>\n" for (cell,) in rows)
    block = Block(kind="list", line=line, cells=rows, html=f"{start_tag(node)}\n{html}</{node.tag}>")
    yield from _with_strings(block, [cell.strings for (cell,) in rows])


def _items(node: "_Element", reading: Reading) -> Iterator[Cell]:
    yield from _stray(node.text, reading)
    for item in node:
        if item.tag not in signs.SILENT and not _is_dropped(item, reading):
            cell = _cell(item, reading)
            if cell.strings or "<img" in cell.html:
                yield cell
        yield from _stray(item.tail, reading)


def _definitions(node: "_Element", reading: Reading) -> Iterator[Block]:
    """Read terms with what is said about them: an item has the term first."""
    line = reading.begin(node)
    rows: list[Cell] = []
    html = ""
    for item in _described(node):
        if item.tag in signs.SILENT or _is_dropped(item, reading):
            continue
        cell = _cell(item, reading)
        tag = "dd" if item.tag == "dd" else "dt"
        html += f"<{tag}>{cell.html}</{tag}>\n"
        if tag == "dd" and rows:
            rows[-1] = replace(
                rows[-1],
                strings=rows[-1].strings + cell.strings,
                html=f"{rows[-1].html}\n{cell.html}",
                links=rows[-1].links + cell.links,
            )
        else:
            rows.append(cell)
    block = Block(kind="list", line=line, cells=tuple((cell,) for cell in rows), html=f"<dl>\n{html}</dl>")
    yield from _with_strings(block, [cell.strings for cell in rows])


def _described(node: "_Element") -> Iterator["_Element"]:
    """Yield terms and descriptions, also those that are grouped."""
    for child in node:
        if child.tag == "div" and not any(map(_is_said, (child.text, *(inner.tail for inner in child)))):
            yield from child
        else:
            yield child


def _table(node: "_Element", reading: Reading) -> Iterator[Block]:
    line = reading.begin(node)
    caption = next((child for child in node if child.tag == "caption"), None)
    if caption is not None and (said := reading.gather(caption)):
        yield Block(
            kind="paragraph", line=said.line, strings=said.strings, html=f"<p>{said.html}</p>", links=said.links
        )
    rows = list(_rows(node, reading))
    html = "".join(f"<tr>{''.join(cell for _, cell in row)}</tr>\n" for row in rows)
    cells = _spread([[cell for cell, _ in row] for row in rows], [list(map(_spans, tr)) for tr in _row_nodes(node)])
    block = Block(kind="table", line=line, cells=cells, html=f"<table>\n{html}</table>")
    strings = [(" | ".join(" ".join(cell.strings) for cell, _ in row if cell.strings),) for row in rows]
    yield from _with_strings(block, strings)


def _row_nodes(node: "_Element") -> Iterator[list["_Element"]]:
    """Yield the cells of each row; what stands in a table without one is a row of its own."""
    for child in node:
        if child.tag in {"thead", "tbody", "tfoot"}:
            yield from _row_nodes(child)
        elif child.tag == "tr":
            yield [cell for cell in child if cell.tag not in signs.SILENT]
        elif child.tag not in signs.SILENT | {"caption", "colgroup", "col"}:
            yield [child]


def _rows(node: "_Element", reading: Reading) -> Iterator[list[tuple[Cell, str]]]:
    for row in _row_nodes(node):
        yield [_table_cell(cell, reading) for cell in row]


def _table_cell(node: "_Element", reading: Reading) -> tuple[Cell, str]:
    if _is_dropped(node, reading):
        return Cell(strings=(), line=reading.line), "<td></td>"
    cell = _cell(node, reading)
    tag = "th" if node.tag == "th" else "td"
    return cell, f"{start_tag(node) if node.tag == tag else '<td>'}{cell.html}</{tag}>"


Span = tuple[int, int]


def _spans(node: "_Element") -> Span:
    """Return over how many columns and rows a cell spreads."""
    return _count(node.get("colspan"), WIDEST), _count(node.get("rowspan"), LONGEST)


def _count(text: str | None, most: int) -> int:
    digits = (text or "").strip()[:9]
    return min(max(int(digits), 1), most) if digits.isascii() and digits.isdigit() else 1


def _spread(rows: Sequence[Sequence[Cell]], spans: Sequence[Sequence[Span]]) -> tuple[tuple[Cell, ...], ...]:
    """Put every cell in its column: empty cells stand where another spreads to.

    A clock in the first column counts for all rows it spreads over, and is said again there.
    """
    held: dict[int, tuple[int, Cell]] = {}
    found: list[tuple[Cell, ...]] = []
    for cells, its_spans in zip(rows, spans, strict=True):
        row: list[Cell] = []
        begun: dict[int, tuple[int, Cell]] = {}
        for cell, (wide, lasting) in zip(cells, its_spans, strict=True):
            row += _held(held, len(row))
            place, columns = len(row), min(wide, max(1, WIDEST - len(row)))
            row += [cell, *[EMPTY] * (columns - 1)]
            if lasting > 1 and place < WIDEST:
                begun |= {place + k: (lasting - 1, EMPTY) for k in range(columns)}
                begun[place] = (lasting - 1, Cell(strings=cell.strings[:1]) if _is_first_clock(cell, place) else EMPTY)
        row += _held(held, len(row))
        held = {place: (left - 1, cell) for place, (left, cell) in held.items() if left > 1} | begun
        found.append(tuple(row))
    return tuple(found)


def _held(held: Mapping[int, tuple[int, Cell]], place: int) -> Iterator[Cell]:
    """Yield the cells from a column on that rows above spread over."""
    while place in held:
        yield held[place][1]
        place += 1


def _is_first_clock(cell: Cell, place: int) -> bool:
    return not place and bool(cell.strings) and heading.clock(cell.strings[0]) is not None


def _code(node: "_Element", reading: Reading) -> Iterator[Block]:
    line = reading.begin(node)
    text = reading.verbatim(node)
    reading.pass_over(text)
    if text.strip():
        html = f"<pre><code>{escape(text, quote=False)}\n</code></pre>"
        yield Block(kind="code", line=line, strings=(text,), html=html)


def _quotation(node: "_Element", reading: Reading) -> Iterator[Block]:
    found = reading.gather(node)
    if found:
        inside = found.html if "<p>" in found.html else f"<p>{found.html}</p>"
        html = f"<blockquote>{inside}</blockquote>"
        yield Block(kind="paragraph", line=found.line, strings=found.strings, html=html, links=found.links)


def _figure(node: "_Element", reading: Reading) -> Iterator[Block]:
    found = reading.gather(node)
    if found:
        html = f"<figure>{found.html}</figure>" if "<img" in found.html else f"<p>{found.html}</p>"
        yield Block(kind="paragraph", line=found.line, strings=found.strings, html=html, links=found.links)


def _cell(node: "_Element", reading: Reading) -> Cell:
    found = reading.gather(node)
    return Cell(strings=found.strings, html=found.html, links=found.links, line=found.line)


def _stray(text: str | None, reading: Reading) -> Iterator[Cell]:
    """Yield a text that stands between items as an item of its own."""
    words = SPACES.sub(" ", text or "").strip()
    if words:
        yield Cell(strings=(words,), html=escape(words, quote=False), line=reading.line)
    reading.pass_over(text)


def _is_dropped(node: "_Element", reading: Reading) -> bool:
    reason = reading.furniture(node)
    if reason:
        reading.drop(node, reason)
    return bool(reason)


def _with_strings(block: Block, strings: Iterable[tuple[str, ...]]) -> Iterator[Block]:
    """Yield a list or table with the strings and links of its cells, if it shows anything."""
    said = tuple(text for each in strings for text in each if text)
    links = tuple(link for row in block.cells for cell in row for link in cell.links)
    if said or "<img" in block.html:
        yield replace(block, strings=said, links=links)


Reader = Callable[["_Element", Reading], Iterator[Block]]
READERS: Mapping[str, Reader] = {
    "ul": _list,
    "ol": _list,
    "dl": _definitions,
    "table": _table,
    "pre": _code,
    "blockquote": _quotation,
    "figure": _figure,
}
_HEADINGS = tuple(signs.HEADINGS)
# What an element may hold that makes it a mere holder of blocks.
HOLDERS: Mapping[str, tuple[str, ...]] = {
    "ul": _HEADINGS,
    "ol": _HEADINGS,
    "dl": _HEADINGS,
    "table": (*_HEADINGS, "pre", "table"),
    "figure": (*_HEADINGS, "pre", "table", "ul", "ol", "dl", "blockquote", "iframe", "video", "audio", "object"),
}
