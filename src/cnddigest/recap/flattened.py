"""Tables and lists of talks that lost their markup on the way into plain text: found by tabs, or one talk per line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from cnddigest.recap import cells, heading, words
from cnddigest.recap.blocks import Block, Cell
from cnddigest.recap.lines import Row

FEWEST = 2  # rows of a table, lines of a list
FEWEST_TALKS = 3  # lines of a whole text that hold a talk and what was said, before they are believed
SHARE = 0.35  # of all lines
LONGEST_HEADING = 160  # characters of such a line that may be the talk's heading

_COLON = re.compile(r" ?[:：](?!//) ?(?=\S)")


def found(rows: Sequence[Row]) -> Mapping[int, tuple[int, Block]]:
    """Return, by the place of its first row, the place after each table or list, and its block."""
    tables = dict(_tables(rows))
    talks = [None if "\t" in row.text else _cut(row.text) for row in rows]
    count = sum(cut is not None for cut in talks)
    lists = dict(_lists(rows, talks)) if count >= max(FEWEST_TALKS, SHARE * len(rows)) else {}
    return {**lists, **tables}


def _runs(members: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield where runs of members begin and end."""
    start: int | None = None
    for place, member in enumerate([*members, False]):
        if member and start is None:
            start = place
        elif not member and start is not None:
            if place - start >= FEWEST:
                yield start, place
            start = None


def _tables(rows: Sequence[Row]) -> Iterator[tuple[int, tuple[int, Block]]]:
    for start, end in _runs(["\t" in row.text for row in rows]):
        block = _table(rows[start:end])
        if cells.is_listing(block):
            yield start, (end, block)


def _table(rows: Sequence[Row]) -> Block:
    """Read tabs as borders; a header that is one cell short has lost its empty first cell."""
    parts = [[part.strip() for part in row.text.split("\t")] for row in rows]
    if len(parts[0]) < max(map(len, parts[1:])) and heading.clock(parts[1][0]) and not heading.clock(parts[0][0]):
        parts[0] = ["", *parts[0]]
    table = tuple(
        tuple(Cell(strings=(text,) if text else (), line=row.line) for text in line)
        for row, line in zip(rows, parts, strict=True)
    )
    html = "".join(
        "<tr>" + "".join(f"<td>{escape(part, quote=False)}</td>" for part in line) + "</tr>" for line in parts
    )
    return Block(
        kind="table",
        line=rows[0].line,
        strings=tuple(" ".join(filter(None, line)) for line in parts),
        html=f"<table>{html}</table>",
        cells=table,
    )


def _cut(line: str) -> tuple[str, str] | None:
    """Cut `Title by First Last: what it was about`; None for any other line."""
    colon = next(
        (match for match in _COLON.finditer(line[:LONGEST_HEADING]) if _is_heading(line[: match.start()])), None
    )
    return (line[: colon.start()], line[colon.end() :]) if colon else None


def _is_heading(text: str) -> bool:
    return heading.names_speaker(text) and not words.is_detail(text)


def _lists(rows: Sequence[Row], talks: Sequence[tuple[str, str] | None]) -> Iterator[tuple[int, tuple[int, Block]]]:
    for start, end in _runs([cut is not None for cut in talks]):
        items = [(row.line, cut) for row, cut in zip(rows[start:end], talks[start:end], strict=True) if cut]
        yield start, (end, _list(items))


def _list(items: Sequence[tuple[int, tuple[str, str]]]) -> Block:
    rows = "".join(f"<li>{escape(': '.join(cut), quote=False)}</li>" for _, cut in items)
    return Block(
        kind="list",
        line=items[0][0],
        strings=tuple(": ".join(cut) for _, cut in items),
        html=f"<ul>{rows}</ul>",
        cells=tuple((Cell(strings=cut, line=line),) for line, cut in items),
    )
