"""The lines, items and rows of a block, and a block taken apart where its author says that one is something else."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby

from cnddigest.recap.blocks import Block, Cell, LineRole
from cnddigest.recap.model import Link
from cnddigest.recap.text import CORRECTION, paragraph

TITLE_LEVEL = DAY_LEVEL = 1  # of a line that is a heading because its author says so: nothing stands above it
LEVEL = 6  # and of any other: it ends no section but the one it stands in

_HEADING_TAG = re.compile(r"<(/?)h[1-6]\b[^>]{0,2000}>")
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^<>]{0,10000}>", re.IGNORECASE)
_START = re.compile(r"<ol\b[^>]{0,200}\bstart=\"(\d{1,9})\"")
_BLOCK = re.compile(r"\s*<(?:p|ul|ol|pre|div|blockquote|table|h[1-6]|figure|details)\b", re.IGNORECASE)
_VOID = frozenset({"br", "img", "hr", "input", "wbr", "source", "col", "embed", "area", "track"})


def lines(block: Block) -> Iterator[tuple[int, str]]:
    """Yield the parts that a correction can mean, each with its line: lines, items of a list, rows of a table."""
    if block.cells:
        for row in block.cells:
            line = next((cell.line for cell in row if cell.line), block.line)
            yield line, _row_text(block, row)
    elif block.kind == "code":
        yield block.line, block.text.partition("\n")[0]
    else:
        for number, line_text in enumerate(_lines(block)):
            yield block.line + number, line_text


def told(block: Block, roles: Mapping[int, LineRole]) -> Iterator[Block]:
    """Yield a block cut at the parts of which `roles` says what they are; the others stay together."""
    if not roles:
        yield block
        return
    whole = block.kind in ("heading", "code") or len(list(lines(block))) == 1
    if whole and not block.cells:
        yield from _as(block, roles[0])
        return
    count = len(block.cells) or len(_lines(block))
    for role, group in groupby(range(count), lambda part: (roles.get(part), part if part in roles else -1)):
        chosen = list(group)
        for one in _cut(block, chosen[0], chosen[-1] + 1):
            yield from _as(one, role[0]) if role[0] else (one,)


def _as(block: Block, role: LineRole) -> Iterator[Block]:
    """Yield a block of one part as what its author says it is."""
    if role == "drop":
        yield replace(block, kind="furniture", reason=CORRECTION, cells=(), role=role)
    elif role == "text":
        yield _text(block)
    elif block.kind == "heading":
        yield replace(block, role=role)
    else:
        yield from _heading(block, role)


def _text(block: Block) -> Block:
    if block.kind == "heading":
        return replace(block, kind="paragraph", level=0, html=_HEADING_TAG.sub(r"<\1p>", block.html), role="text")
    if block.kind == "furniture":
        html = block.html or "".join(map(paragraph, block.strings))
        return replace(block, kind="paragraph", html=html, reason="", role="text")
    if block.kind == "list":
        (cell,) = block.cells[0]
        html = cell.html if _BLOCK.match(cell.html) else f"<p>{cell.html}</p>"
        return replace(block, kind="paragraph", html=html, cells=(), role="text")
    return replace(block, role="text")


def _heading(block: Block, role: LineRole) -> Iterator[Block]:
    """Yield a line as a heading; what else stands in the same item or block follows it."""
    first, *rest = block.strings
    own, others = _shared(block.links, [first, " ".join(rest)]) if rest else (block.links, ())
    level = TITLE_LEVEL if role == "title" else DAY_LEVEL if role == "day" else LEVEL
    yield Block(kind="heading", line=block.line, strings=(first,), level=level, links=own, role=role)
    if rest:
        html = "".join(map(paragraph, rest))
        yield Block(kind="paragraph", line=block.line, strings=tuple(rest), html=html, links=others)


def _cut(block: Block, start: int, end: int) -> Iterator[Block]:
    """Yield some parts of a block, in a row, as a block."""
    if block.cells:
        yield _with_rows(block, start, end)
        return
    texts = _lines(block)
    chosen = texts[start:end]
    shares = _shared(block.links, ["\n".join(texts[:start]), "\n".join(chosen), "\n".join(texts[end:])])
    html = _html_lines(block, len(texts))
    yield replace(
        block,
        line=block.line + start,
        strings=tuple(chosen),
        html=f"<p>{''.join(html[start:end])}</p>" if html else "".join(map(paragraph, chosen)),
        links=shares[1],
    )


def _with_rows(block: Block, start: int, end: int) -> Block:
    rows = block.cells[start:end]
    texts = [_row_text(block, row) for row in rows]
    strings = [text for row in rows for cell in row for text in cell.strings] if block.kind == "list" else texts
    return replace(
        block,
        line=next((cell.line for row in rows for cell in row if cell.line), block.line),
        strings=tuple(text for text in strings if text),
        html=_list_html(block, start, rows) if block.kind == "list" else _table_html(rows),
        links=tuple(link for row in rows for cell in row for link in cell.links),
        cells=rows,
    )


def _list_html(block: Block, start: int, rows: Sequence[Sequence[Cell]]) -> str:
    items = "".join(f"<li>{_cell_html(cell)}</li>\n" for row in rows for cell in row)
    if not block.html.lstrip().startswith("<ol"):
        return f"<ul>\n{items}</ul>\n"
    begins = _START.match(block.html.lstrip())
    first = (int(begins[1]) if begins else 1) + start
    return f"<ol>\n{items}</ol>\n" if first == 1 else f'<ol start="{first}">\n{items}</ol>\n'


def _table_html(rows: Sequence[Sequence[Cell]]) -> str:
    cells = ("".join(f"<td>{_cell_html(cell)}</td>" for cell in row) for row in rows)
    return "<table>\n" + "".join(f"<tr>{row}</tr>\n" for row in cells) + "</table>\n"


def _cell_html(cell: Cell) -> str:
    return cell.html or escape(" ".join(cell.strings), quote=False)


def _row_text(block: Block, row: Sequence[Cell]) -> str:
    if block.kind == "list":
        return next((cell.strings[0] for cell in row if cell.strings), "")
    return " | ".join(" ".join(cell.strings) for cell in row if cell.strings)


def _lines(block: Block) -> list[str]:
    return [line for string in block.strings for line in string.split("\n")]


def _html_lines(block: Block, count: int) -> list[str]:
    """Return the markup of each line of a paragraph, nothing where lines and elements do not nest."""
    html = block.html.strip()
    if not html.startswith("<p>") or not html.endswith("</p>") or html.count("<p") > 1:
        return []
    found = html[3:-4].split("\n")
    return [line.removesuffix("<br />") for line in found] if len(found) == count and all(map(_nests, found)) else []


def _nests(html: str) -> bool:
    """Say whether every element that begins in a line ends in it."""
    opened: list[str] = []
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name in _VOID:
            continue
        if not match[1]:
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return not opened


def _shared(links: Sequence[Link], texts: Sequence[str]) -> list[tuple[Link, ...]]:
    """Return the links that belong to each text: where their label stands, else with the last one."""
    found: list[list[Link]] = [[] for _ in texts]
    for link in links:
        place = next((n for n, text in enumerate(texts) if link.label.strip() and link.label.strip() in text), -1)
        found[place].append(link)
    return [tuple(share) for share in found]
