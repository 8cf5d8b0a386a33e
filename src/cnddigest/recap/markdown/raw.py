"""Raw HTML in a sentence of markdown: players become links, and what nobody sees is left out."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from markdown_it.token import Token

HIDDEN = frozenset({"script", "style"})  # the cleaner drops their text, so a reading must not count on it
PLAYERS = frozenset({"iframe", "video", "audio", "object"})  # their text is for browsers that can't play
LONE_PLAYERS = frozenset({"embed"})

MAX_TAG = 8_192  # characters; a longer tag is text
TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*+)(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
ATTRIBUTE = re.compile(r"""([A-Za-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
CARD = re.compile(r"(?:https?:)?//hatenablog-parts\.com/embed\?(?:[^#]*&)?url=([^&#]+)")  # Hatena's frame around a page
OTHER = re.compile(r"<[?!][^>]{0,8192}>")
SPACES = re.compile(r"\s+")

UNENDED = "comment without an end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of raw HTML: text, a tag (`name` in lower case, `/` before it when it closes), or hidden text.

    `source` is the markup as written. `hidden` says why its text is not shown.
    """

    source: str
    name: str = ""
    hidden: str = ""

    @property
    def reason(self) -> str:
        """Return why its text is dropped; a comment that nobody ended takes all that follows with it."""
        return UNENDED if self.hidden == "comment" and not self.source.endswith("-->") else self.hidden

    def attribute(self, *names: str) -> str:
        """Return the first of these attributes that has a value, `""` without any."""
        known = {found[1].lower(): found[2] or found[3] or found[4] or "" for found in ATTRIBUTE.finditer(self.source)}
        return html.unescape(next((known[name] for name in names if known.get(name)), ""))


def pieces(source: str) -> Iterator[Piece]:
    """Cut HTML at its tags, in linear time and without ever failing."""
    position = text = 0
    while (start := source.find("<", position)) >= 0:
        piece = _piece(source, start)
        position = start + (len(piece.source) if piece else 1)
        if piece:
            if text < start:
                yield Piece(source=source[text:start])
            yield piece
            text = position
    if text < len(source):
        yield Piece(source=source[text:])


def _piece(source: str, start: int) -> Piece | None:
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4)
        return Piece(source=source[start : end + 3 if end >= 0 else len(source)], hidden="comment")
    if found := TAG.match(source, start, start + MAX_TAG):
        name = found[1].lower()
        if source[start + 1] != "/" and name in HIDDEN:
            return _hidden(source, start, name)
        return Piece(source=found[0], name=f"/{name}" if source[start + 1] == "/" else name)
    other = OTHER.match(source, start)
    return Piece(source=other[0], name="!") if other else None


def _hidden(source: str, start: int, name: str) -> Piece:
    closing = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(source, start)
    return Piece(source=source[start : closing.end() if closing else len(source)], hidden=name)


def hidden_text(piece: Piece) -> str:
    """Return the text of a comment, script or style without its tags, on one line."""
    text = piece.source
    text = text[4:].removesuffix("-->") if piece.hidden == "comment" else re.sub(r"^<[^>]*>|</\w+\s*>\Z", "", text)
    return SPACES.sub(" ", text).strip()


def tidy(children: Sequence["Token"]) -> tuple[list["Token"], tuple[tuple[str, str], ...]]:
    """Return a sentence's tokens without what readers don't see, and the dropped texts, each with its reason."""
    kept: list[Token] = []
    dropped: list[tuple[str, str]] = []
    closed = _last_closings(children)
    n = 0
    while n < len(children):
        child, n = children[n], n + 1
        if child.type == "furniture":
            dropped.append((child.content, child.info))
        elif child.type != "html_inline" or not (piece := next(pieces(child.content), None)):
            kept.append(child)
        elif piece.hidden == "comment":
            dropped.append((hidden_text(piece), piece.reason))
        elif piece.hidden or piece.name in PLAYERS | LONE_PLAYERS:
            name = piece.hidden or piece.name
            end = _closing(children, n, name) if closed.get(name, 0) >= n else n
            inside = "".join(inner.content for inner in children[n:end] if inner.type != "html_inline")
            kept += [] if piece.hidden else _player(piece, children[n:end])
            dropped.append((SPACES.sub(" ", inside).strip(), name))
            n = end
        else:
            kept.append(child)
    return kept, tuple((text, reason) for text, reason in dropped if text)


def _last_closings(children: Sequence["Token"]) -> dict[str, int]:
    """Say where each kind of element is closed for the last time, so that nobody looks for it in vain."""
    return {
        child.content[2:-1].strip().lower(): n
        for n, child in enumerate(children)
        if child.type == "html_inline" and child.content.startswith("</")
    }


def _closing(children: Sequence["Token"], n: int, name: str) -> int:
    """Return the place after the closing tag; after the opening one where there is none."""
    for k in range(n, len(children)):
        if children[k].type == "html_inline" and children[k].content.lower().startswith(f"</{name}"):
            return k + 1
    return n


def _player(piece: Piece, inside: Sequence["Token"]) -> list["Token"]:
    from markdown_it.token import Token

    sources = [piece.attribute("src", "data"), *(Piece(source=t.content).attribute("src") for t in inside)]
    url = address(next((found for found in sources if found), ""))
    if not url:
        return []
    label = Token("text", "", 0, content=url)
    return [Token("link_open", "a", 1, attrs={"href": url}), label, Token("link_close", "a", -1)]


def address(url: str) -> str:
    """Return an address a reader can follow, that of the page for a card; `""` for `javascript:`, `data:` and such."""
    url = url.strip()
    url = f"https:{url}" if url.startswith("//") else url
    if card := CARD.match(url):
        url = unquote(card[1])
    return url if url.startswith(("https://", "http://")) else ""
