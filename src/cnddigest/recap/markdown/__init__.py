"""Markdown to blocks, one at a time: the home of markdown-it-py."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cnddigest.recap import breaks
from cnddigest.recap.blocks import Block, Cell
from cnddigest.recap.markdown import html as raw_html
from cnddigest.recap.markdown import inline as visible
from cnddigest.recap.markdown import lines as verbatim
from cnddigest.recap.markdown.forms import caption
from cnddigest.recap.markdown.lines import Chunk, Note
from cnddigest.recap.model import Link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LONE_RULE = re.compile(r"<hr(?:\s[^<>]{0,100})?>", re.IGNORECASE)


def blocks(text: str, *, first_line: int = 1) -> Iterator[Block]:
    """Yield the blocks of a markdown text in reading order; its first line has the number `first_line`.

    CommonMark with tables, strikethrough and bare addresses, and what Zenn, Qiita, Hatena and Jekyll add. Every
    letter a reader would see is in some block's `strings`, in order; a footnote stands at the end of the chapter
    that cites it, and what is no text (scripts, comments, template tags) is furniture. `html` is not clean.
    Holds one chapter at a time. Never fails, whatever the text is.
    """
    prepared = verbatim.prepare(text)
    reader = _Reader(parser=_parser(), first_line=first_line, notes=prepared.notes)
    if prepared.definitions:
        reader.parse(prepared.definitions)
    for chunk in verbatim.chunks(prepared):
        if chunk.text and not chunk.text.isspace():
            yield from reader.read(chunk)
    yield from reader.left_over()


def _parser() -> "MarkdownIt":
    from cnddigest.recap.markdown.parser import parser

    return parser()


@dataclass(slots=True, kw_only=True)
class _Reader:
    """A text while its chunks are read one after the other: what they know of each other."""

    parser: "MarkdownIt"
    first_line: int
    notes: dict[str, Note]
    references: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    cited: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def read(self, chunk: Chunk) -> Iterator[Block]:
        """Yield the blocks of a chunk, then the notes it cites."""
        yield from breaks.between_texts(self._blocks(self.parse(chunk.text), chunk.first + self.first_line - 1))
        yield from self._told_notes()

    def left_over(self) -> Iterator[Block]:
        """Yield the notes whose marks turned out to be something else, such as code."""
        self.cited.extend(self.notes)
        yield from self._told_notes()

    def parse(self, text: str) -> list["Token"]:
        """Parse text that knows every definition of the whole."""
        env = {"references": self.references, "notes": self.notes, "numbers": self.numbers, "cited": self.cited}
        return self.parser.parse(text, env)

    def render(self, tokens: Sequence["Token"]) -> str:
        """Return tokens as HTML."""
        return str(self.parser.renderer.render(tokens, self.parser.options, {}))

    def _told_notes(self) -> Iterator[Block]:
        for label in self.cited:  # grows while a note cites another
            if label in self.told:
                continue
            self.told.add(label)
            note = self.notes[label]
            tokens = self.parse(note.text)
            self._mark(tokens, label)
            yield from self._blocks(tokens, note.line + self.first_line - 1)
        self.cited.clear()

    def _mark(self, tokens: Sequence["Token"], label: str) -> None:
        """Begin a note with its number."""
        from markdown_it.token import Token

        if len(tokens) > 1 and tokens[0].type == "paragraph_open":
            number = self.numbers.setdefault(label, len(self.numbers) + 1)
            mark = [Token("note", "", 0, content=str(number)), Token("text", "", 0, content=" ")]
            tokens[1].children = [*mark, *(tokens[1].children or ())]

    def _blocks(self, tokens: Sequence["Token"], first: int) -> Iterator[Block]:
        for group in _groups(tokens):
            line = first + (group[0].map[0] if group[0].map else 0)
            kind = READERS.get(group[0].type)
            if kind:
                yield from kind(self, group, line)
            yield from _furniture(group, first)


def _groups(tokens: Sequence["Token"]) -> Iterator[Sequence["Token"]]:
    """Cut tokens into those of one block each."""
    start = depth = 0
    for n, token in enumerate(tokens, 1):
        depth += token.nesting
        if not depth:
            yield tokens[start:n]
            start = n


def _furniture(group: Sequence["Token"], first: int) -> Iterator[Block]:
    """Yield what was dropped inside a block: `first` is the line where the chunk begins."""
    line = first
    for token in group:
        line = first + token.map[0] if token.map else line
        for text, reason in token.meta.get("dropped", ()):
            yield Block(kind="furniture", line=line, strings=(text,), reason=reason)
        if token.type == "furniture" and len(group) > 1:
            yield Block(kind="furniture", line=line, strings=(token.content,), reason=token.info)
        if token.type == "html_block" and len(group) > 1:
            yield from (block for block in raw_html.blocks(token.content, line) if block.kind == "furniture")


# One reader for each kind of block.


def _heading(reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    inline = group[1]
    inline.children = visible.heading(inline.children or ())
    words = visible.words(inline.children)
    text = " ".join(words.text.split("\n")) or visible.alternative(inline.children)
    if text:
        html, level = reader.render(group), int(group[0].tag[1])
        yield Block(kind="heading", line=line, strings=(text,), html=html, level=level, links=words.links)


def _paragraph(reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    if url := group[0].meta.get("card"):
        link = Link(label=url, url=url)
        yield Block(kind="card", line=line, strings=(url,), html=reader.render(group), links=(link,))
    else:
        yield from _running_text(reader, group, line)


def _running_text(reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    shown = _shown(group)
    html = reader.render(group)
    if shown.strings or "<img" in html:
        yield Block(kind="paragraph", line=line, strings=shown.strings, html=html, links=shown.links)


def _rule(_reader: _Reader, _group: Sequence["Token"], line: int) -> Iterator[Block]:
    yield breaks.rule(line)


def _code(reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    shown = _shown(group)
    if shown.strings:
        yield Block(kind="code", line=line, strings=shown.strings, html=reader.render(group))


def _html(_reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    if LONE_RULE.fullmatch(group[0].content.strip()):
        return iter((breaks.rule(line),))
    return raw_html.blocks(group[0].content, line)


def _tag(_reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    yield Block(kind="furniture", line=line, strings=(group[0].content,), reason=group[0].info)


def _list(reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    start = line - (group[0].map[0] if group[0].map else 0)
    rows = tuple((_cell(reader, item, start),) for item in _items(group, "list_item"))
    if any(cell.strings or cell.html for (cell,) in rows):
        yield _with_cells(Block(kind="list", line=line, html=reader.render(group), cells=rows))


def _table(reader: _Reader, group: Sequence["Token"], line: int) -> Iterator[Block]:
    start = line - (group[0].map[0] if group[0].map else 0)
    rows = tuple(tuple(_cell(reader, cell, start) for cell in _cells(row)) for row in _items(group, "tr"))
    yield _with_cells(Block(kind="table", line=line, html=reader.render(group), cells=rows))


def _with_cells(block: Block) -> Block:
    """Give a list or table the strings and links of its cells: one string for a paragraph, or for a row."""
    cells = [cell for row in block.cells for cell in row]
    if block.kind == "list":
        strings = [text for cell in cells for text in cell.strings]
    else:
        strings = [" | ".join(" ".join(cell.strings) for cell in row if cell.strings) for row in block.cells]
    links = tuple(link for cell in cells for link in cell.links)
    return replace(block, strings=tuple(text for text in strings if text), links=links)


def _items(group: Sequence["Token"], name: str) -> Iterator[Sequence["Token"]]:
    """Yield the tokens of the outermost `name` elements, their own tags included."""
    start = depth = 0
    for n, token in enumerate(group):
        if token.type == f"{name}_open":
            start, depth = (n, 1) if not depth else (start, depth + 1)
        elif token.type == f"{name}_close":
            depth -= 1
            if not depth:
                yield group[start : n + 1]


def _cells(row: Sequence["Token"]) -> Iterator[Sequence["Token"]]:
    yield from _items(row, "th")
    yield from _items(row, "td")


def _cell(reader: _Reader, tokens: Sequence["Token"], start: int) -> Cell:
    place = next((token.map for token in tokens if token.map), None)
    shown = _shown(tokens)
    html = reader.render(tokens[1:-1]).strip("\n")
    return Cell(strings=shown.strings, html=html, links=shown.links, line=start + (place[0] if place else 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    strings: tuple[str, ...]
    links: tuple[Link, ...]


def _shown(tokens: Sequence["Token"]) -> _Shown:
    """Return the strings and links of tokens, whatever they are: one string for a paragraph, row or code block."""
    strings: list[str] = []
    links: list[Link] = []
    row: list[str] | None = None
    for token in tokens:
        if token.type == "inline":
            words = visible.words(token.children)
            (strings if row is None else row).append(words.text)
            links.extend(words.links)
        elif token.type in {"fence", "code_block"}:
            strings += [caption(token.info), token.content.strip("\n")]
        elif token.type == "html_block":
            raw = [block for block in raw_html.blocks(token.content, 0) if block.kind != "furniture"]
            strings.extend(text for block in raw for text in block.strings)
            links.extend(link for block in raw for link in block.links)
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            strings.append(" | ".join(filter(None, row)))
            row = None
    return _Shown(strings=tuple(text for text in strings if text.strip()), links=tuple(links))


READERS: dict[str, Callable[[_Reader, Sequence["Token"], int], Iterator[Block]]] = {
    "heading_open": _heading,
    "paragraph_open": _paragraph,
    "blockquote_open": _running_text,
    "bullet_list_open": _list,
    "ordered_list_open": _list,
    "table_open": _table,
    "fence": _code,
    "code_block": _code,
    "html_block": _html,
    "furniture": _tag,
    "hr": _rule,
}
