"""ReStructuredText to blocks, one at a time."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING

from cnddigest.errors import BadRecap
from cnddigest.recap import breaks
from cnddigest.recap.blocks import Block, BlockKind, Cell
from cnddigest.recap.rst import lines as cutting
from cnddigest.recap.rst import shown as showing
from cnddigest.recap.rst import walker as walking
from cnddigest.recap.rst.definitions import collect, name
from cnddigest.recap.rst.lines import MARKUP, Piece, PieceKind
from cnddigest.recap.rst.parser import Parser, Troubles
from cnddigest.recap.rst.sentences import Sentences, note_label, plain
from cnddigest.recap.rst.shown import Left, Shown
from cnddigest.recap.rst.walker import Walker

if TYPE_CHECKING:
    from docutils import nodes

# What a parser that cuts at white space would take for the end of a line, and what docutils uses for itself.
ODD = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " ") | {"\0": "\ufffd", "\r": " "})
TAB = 8  # columns, as docutils has it
# Lists, tables and directives take docutils some 20 s for each MiB; paragraphs, which are most of any recap, 1 s.
LARGEST = 2 * 1024 * 1024


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a text in reading order, as Sphinx, Pelican and Nikola would show them.

    Every letter a reader would see is in some block's `strings`, in order, also that of a directive nobody knows;
    a note stands at the end of the chapter that cites it. Comments and instructions to site generators are
    furniture. No file is opened and no clock asked, whatever the text asks for. `html` is not clean. Raises
    BadRecap for more than LARGEST characters of lists and tables, and nothing else, whatever the text is.
    """
    lines = text.translate(ODD).expandtabs(TAB).split("\n")
    names = collect(lines)
    parser = Parser(Troubles())
    reader = _Reader(sentences=Sentences(parser=parser, names=names), parser=parser)
    pieces = cutting.pieces("\n".join(lines))
    read = (block for piece in pieces for block in reader.read(piece))
    yield from breaks.between_texts(chain(read, reader.left_over()))


@dataclass(slots=True, kw_only=True)
class _Reader:
    """A text while its pieces are read one after the other."""

    sentences: Sentences
    parser: Parser
    told: set[str] = field(default_factory=set)
    parsed: int = 0  # characters

    def read(self, piece: Piece) -> Iterator[Block]:
        """Yield the blocks of a piece; before a heading the notes that the chapter cites."""
        if piece.kind == "heading":
            yield from self._notes()
            yield from self._heading(piece)
        elif piece.kind == "sentence":
            shown = showing.paragraph(self.sentences.read(piece.text))
            yield from map(_card, _block(shown, piece.line))
        else:
            yield from self._body(piece)

    def left_over(self) -> Iterator[Block]:
        """Yield the notes that nobody cited, and the substitutions that nobody used."""
        self.sentences.cited.extend(self.sentences.names.notes)
        yield from self._notes()
        for key, known in self.sentences.names.substitutions.items():
            if key not in self.sentences.used and known.argument.strip():
                text = " ".join(known.argument.split())
                yield Block(kind="furniture", line=known.line, strings=(text,), reason="unused substitution")

    def _heading(self, piece: Piece) -> Iterator[Block]:
        words = self.sentences.read(piece.text)
        text = " ".join(words.text.split())
        if text:
            self.sentences.names.targets.setdefault(name(text), "")
            html = f"<h{piece.level}>{words.html}</h{piece.level}>\n"
            level, links = piece.level, words.links
            yield Block(kind="heading", line=piece.line, strings=(text,), html=html, level=level, links=links)

    def _body(self, piece: Piece) -> Iterator[Block]:
        if piece.kind == "deep":
            yield from _as_lines(piece)
            return
        self.parsed += len(piece.text)
        if self.parsed > LARGEST:
            raise BadRecap(
                f"recap has more than {LARGEST // 2**20} MiB of lists and tables",
                hint="split it, one file for each day",
            )
        try:
            found = self._parsed(piece)
        except RecursionError:
            found = list(_as_lines(piece))
        yield from found

    def _parsed(self, piece: Piece) -> list[Block]:
        tree = self.parser.body(piece.text)
        walker = Walker(sentences=self.sentences, source=piece.text.split("\n"), first=piece.line)
        return [block for node in walking.elements(tree) for block in _blocks(walker, node)]

    def _notes(self) -> Iterator[Block]:
        for key in self.sentences.cited:  # grows while a note cites another
            if key in self.told:
                continue
            self.told.add(key)
            note = self.sentences.names.notes[key]
            label = note_label(self.sentences, key)
            kind: PieceKind = "body" if MARKUP.search(note.text) or "\n" in note.text else "sentence"
            found = list(self.read(Piece(kind=kind, text=note.text, line=note.line)))
            yield from _labelled(found, f"[{label}] ", note.line)
        self.sentences.cited.clear()


def _labelled(found: list[Block], label: str, line: int) -> Iterator[Block]:
    """Put a note's label before its first paragraph."""
    if found and found[0].kind == "paragraph":
        first = Shown(strings=found[0].strings, html=found[0].html, links=found[0].links)
        yield from _block(showing.prefixed(first, label), line)
        yield from found[1:]
    else:
        yield from _block(showing.paragraph(plain(label)), line)
        yield from found


def _as_lines(piece: Piece) -> Iterator[Block]:
    """Read what is nested beyond reason as paragraphs, marks and all."""
    line = piece.line
    for text in re.split(r"(\n(?:[ ]*\n)+)", piece.text):
        yield from _block(
            showing.paragraph(plain(text.strip())), line + text[: -len(text.lstrip()) or None].count("\n")
        )
        line += text.count("\n")


def _block(shown: Shown, line: int) -> Iterator[Block]:
    if shown.html:
        yield Block(kind="paragraph", line=line, strings=shown.strings, html=shown.html, links=shown.links)
    yield from _furniture(shown.left)


def _furniture(left: Iterable[Left]) -> Iterator[Block]:
    for one in left:
        yield Block(kind="furniture", line=one.line, strings=(one.text,), reason=one.reason)


def _blocks(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    yield from READERS.get(node.tagname, _plainly)(walker, node)


def _plainly(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    return _block(walker.one(node), walker.line(node))


# One reader for each kind of node that is more than a paragraph.


def _paragraph(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    yield from map(_card, _plainly(walker, node))


def _card(block: Block) -> Block:
    """Take a paragraph for a card that is nothing but an address."""
    lone = len(block.links) == 1 and block.text.strip("<>") == block.links[0].url
    return replace(block, kind="card") if lone and block.kind == "paragraph" else block


def _each(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    for child in walking.elements(node):
        yield from _blocks(walker, child)


def _quote(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    """Take an indented list or table for itself: many authors indent them."""
    lone = all(child.tagname in INDENTED for child in walking.elements(node))
    yield from _each(walker, node) if lone else _block(walker.one(node), walker.line(node))


def _container(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    if node["treatment"] not in walking.OF_BLOCKS:
        kind: BlockKind = "code" if node["treatment"] in ("code", "formula") else "paragraph"
        yield from (replace(b, kind=kind) if b.strings and b.kind == "paragraph" else b for b in _plainly(walker, node))
        return
    yield from _block(walking.argument(walker, node), walker.line(node))
    yield from _each(walker, node)


def _transition(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    yield breaks.rule(walker.line(node))


def _code(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    for block in _block(walker.one(node), walker.line(node)):
        yield replace(block, kind="code")


def _section(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    """Read a title that the lines did not show."""
    for child in walking.elements(node):
        if child.tagname == "title":
            for block in _block(walker.one(child), walker.line(child)):
                yield replace(block, kind="heading", level=DEEPEST) if block.kind == "paragraph" else block
        else:
            yield from _blocks(walker, child)


def _list(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    if node.tagname == "enumerated_list" and walker.enumerator(node):
        yield from _block(walker.one(node), walker.line(node))
        return
    read = ITEMS[node.tagname]
    shown = [(read(walker, child), walker.line(child)) for child in walking.elements(node)]
    cells = tuple((_cell(one, line),) for one, line in shown)
    html = walking.listed(node, [one for one, _ in shown]).html
    whole = showing.joined([one for one, _ in shown])
    if whole.strings or "<img" in html:
        first = walker.line(node)
        yield Block(kind="list", line=first, strings=whole.strings, html=html, links=whole.links, cells=cells)
    yield from _furniture(whole.left)


def _cell(shown: Shown, line: int) -> Cell:
    return Cell(strings=shown.strings, html=shown.html.strip(), links=shown.links, line=line)


def _table(walker: Walker, node: "nodes.Element") -> Iterator[Block]:
    titles = [child for child in walking.elements(node) if child.tagname == "title"]
    for title in titles:
        yield from _block(walker.one(title), walker.line(title))
    # Cells of inline CSV count their lines from the table's own beginning.
    first = walker.line(node)
    rows = [[(walking.item(walker, cell), max(walker.line(cell), first)) for cell in row] for row in walking.rows(node)]
    whole = showing.table([[shown for shown, _ in row] for row in rows])
    cells = tuple(tuple(_cell(shown, line) for shown, line in row) for row in rows)
    if whole.strings or "<img" in whole.html:
        yield Block(kind="table", line=first, strings=whole.strings, html=whole.html, links=whole.links, cells=cells)
    yield from _furniture(whole.left)


DEEPEST = 6
INDENTED = frozenset({"bullet_list", "enumerated_list", "definition_list", "table", "literal_block", "system_message"})
ITEMS = {
    "bullet_list": walking.item,
    "enumerated_list": walking.item,
    "definition_list": walking.definition,
    "option_list": walking.option,
}
READERS: dict[str, Callable[[Walker, "nodes.Element"], Iterator[Block]]] = {
    "paragraph": _paragraph,
    "block_quote": _quote,
    "container": _container,
    "section": _section,
    "table": _table,
    "transition": _transition,
    **dict.fromkeys(ITEMS, _list),
    **dict.fromkeys(("literal_block", "doctest_block", "math_block"), _code),
}
