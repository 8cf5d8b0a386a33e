"""Raw HTML between paragraphs of markdown, as blocks: headings, cards, text and furniture."""

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from cnddigest.recap.blocks import Block, BlockKind
from cnddigest.recap.markdown.raw import CARD, LONE_PLAYERS, PLAYERS, SPACES, Piece, address, hidden_text, pieces
from cnddigest.recap.model import Link

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    }
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}


def _linked(url: str) -> str:
    return f'<p><a href="{html.escape(url)}">{html.escape(url)}</a></p>\n'


@dataclass(slots=True, kw_only=True)
class _Gathering:
    """What was seen since the last block was finished."""

    line: int
    level: int = 0
    strings: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    anchor: str = ""
    label: int = 0

    def see(self, piece: Piece) -> None:
        """Take in a text or a tag that ends no block."""
        self.markup.append(piece.source)
        if not piece.name:
            self.words.append(html.unescape(piece.source))
        elif piece.name == "br":
            self.words.append("\0")
        elif piece.name in {"td", "th"}:
            self.words.append(" ")
        elif piece.name.lstrip("/") in BLOCKS:
            self.end_string()
        elif piece.name in {"a", "/a"}:
            self._see_anchor(piece)

    def _see_anchor(self, piece: Piece) -> None:
        if self.anchor:
            label = SPACES.sub(" ", "".join(self.words[self.label :])).strip()
            self.links.append(Link(label=label or self.anchor, url=self.anchor))
        self.anchor, self.label = address(piece.attribute("href")) if piece.name == "a" else "", len(self.words)

    def see_player(self, url: str) -> None:
        """Put a link where a player was."""
        self.end_string()
        self.strings.append(url)
        self.links.append(Link(label=url, url=url))
        self.markup.append(_linked(url))

    def end_string(self) -> None:
        """Finish the string at the border of a paragraph, item or row."""
        lines = (SPACES.sub(" ", line).strip() for line in "".join(self.words).split("\0"))
        if text := "\n".join(line for line in lines if line):
            self.strings.append(text)
        self.words.clear()
        self.label = 0

    def finish(self) -> Iterator[Block]:
        """Yield the block, nothing where there is nothing to see."""
        self.end_string()
        markup = "".join(self.markup)
        kind: BlockKind = "heading" if self.level and self.strings else "paragraph"
        strings = (" ".join(self.strings),) if kind == "heading" else tuple(self.strings)
        level, links = self.level if kind == "heading" else 0, tuple(self.links)
        if strings or "<img" in markup.lower():
            yield Block(kind=kind, line=self.line, strings=strings, html=markup, level=level, links=links)


class _Reader:
    """Raw HTML on its way to blocks: headings, one paragraph for what stands between, and furniture."""

    def __init__(self, source: str, line: int) -> None:
        self.source, self.line, self.position = source, line, 0
        self.closings = {name: source.lower().rfind(f"</{name}") for name in PLAYERS}
        self.now = _Gathering(line=line)
        self.player, self.played = "", False

    def blocks(self) -> Iterator[Block]:
        for piece in pieces(self.source):
            if piece.hidden:
                yield from self._hide(piece)
            elif self.player:
                yield from self._inside(piece)
            elif piece.name in PLAYERS | LONE_PLAYERS:
                yield from self._play(piece)
            elif self.now.level and piece.name == f"/h{self.now.level}":
                self.now.see(piece)
                yield from self._start()
            elif not self.now.level and piece.name in HEADINGS:
                yield from self._start(HEADINGS[piece.name])
                self.now.see(piece)
            elif piece.name or piece.source.strip() or self.now.markup:
                self.now.see(piece)
            self._advance(piece)
        yield from self.now.finish()

    def _advance(self, piece: Piece) -> None:
        self.position += len(piece.source)
        self.line += piece.source.count("\n")
        if not self.now.markup:
            self.now.line = self.line

    def _start(self, level: int = 0) -> Iterator[Block]:
        yield from self.now.finish()
        self.now = _Gathering(line=self.line, level=level)

    def _hide(self, piece: Piece) -> Iterator[Block]:
        if text := hidden_text(piece):
            yield Block(kind="furniture", line=self.line, strings=(text,), reason=piece.reason)

    def _play(self, piece: Piece) -> Iterator[Block]:
        source = piece.attribute("src", "data")
        url = address(source)
        if url and CARD.match(source):
            yield from self._start()
            link = Link(label=url, url=url)
            yield Block(kind="card", line=self.line, strings=(url,), html=_linked(url), links=(link,))
        elif url:
            self.now.see_player(url)
        if self.closings.get(piece.name, -1) > self.position:
            self.player, self.played = piece.name, bool(url)

    def _inside(self, piece: Piece) -> Iterator[Block]:
        """Pass over what a player holds, but for the address of its film."""
        if piece.name == "source" and not self.played and (url := address(piece.attribute("src"))):
            self.now.see_player(url)
            self.played = True
        if not piece.name and (text := SPACES.sub(" ", html.unescape(piece.source)).strip()):
            yield Block(kind="furniture", line=self.line, strings=(text,), reason=self.player)
        if piece.name == f"/{self.player}":
            self.player = ""


def blocks(source: str, line: int) -> Iterator[Block]:
    """Read a block of raw HTML that begins on `line`."""
    return _Reader(source, line).blocks()
