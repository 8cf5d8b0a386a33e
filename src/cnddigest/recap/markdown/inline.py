"""The words of a sentence: what its inline tokens show, and the links in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnddigest.recap.markdown import raw
from cnddigest.recap.model import Link

if TYPE_CHECKING:
    from markdown_it.token import Token

ANCHOR_ICONS = frozenset({"", "#", "¶", "§", "🔗", "⚓", "⚓️", "^", "permalink"})
ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*\{:?[ ]?[#.][^{}]*\}[ \t]*\Z")  # kramdown's and pandoc's `{#id .class}`


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one sentence, cell or heading shows: a line end is an author's break."""

    text: str
    links: tuple[Link, ...] = ()


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was read so far. `url` is that of the link that is open; links don't nest, in HTML neither."""

    parts: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    url: str = ""
    first: int = 0  # part of the open link's label
    image: str = ""  # the description of an image that is the whole label

    def open(self, url: str) -> None:
        self.close()
        self.url, self.first, self.image = url, len(self.parts), ""

    def close(self) -> None:
        if self.url:
            label = " ".join("".join(self.parts[self.first :]).split()) or self.image
            self.links.append(Link(label=label or self.url, url=self.url))
        self.url = ""


def words(children: Sequence["Token"] | None) -> Words:
    """Read the inline tokens of one block."""
    reading = _Reading()
    for child in children or ():
        _read(reading, child)
    reading.close()
    lines = (line.strip() for line in "".join(reading.parts).split("\n"))
    return Words(text="\n".join(line for line in lines if line), links=tuple(reading.links))


def _read(reading: _Reading, child: "Token") -> None:
    if child.type in {"text", "code_inline"}:
        reading.parts.append(child.content)
    elif child.type in {"softbreak", "hardbreak"}:
        reading.parts.append("\n" if child.type == "hardbreak" else " ")
    elif child.type == "note":
        reading.parts.append(f"[{child.content}]")
    elif child.type == "link_open":
        reading.open(str(child.attrs.get("href", "")))
    elif child.type == "link_close":
        reading.close()
    elif child.type == "image":
        reading.image = reading.image or child.content
    elif child.type == "html_inline":
        _read_tag(reading, child)


def _read_tag(reading: _Reading, child: "Token") -> None:
    piece = next(raw.pieces(child.content), None)
    if piece is None:
        return
    if piece.name == "br":
        reading.parts.append("\n")
    elif piece.name == "a":
        reading.open(raw.address(piece.attribute("href")))
    elif piece.name == "/a":
        reading.close()


def heading(children: Sequence["Token"]) -> list["Token"]:
    """Return a heading's tokens without anchor icons, note marks and `{#id}`."""
    kept: list[Token] = []
    n = 0
    while n < len(children):
        end = _icon_end(children, n)
        if not end and children[n].type != "note":
            kept.append(children[n])
        n = end or n + 1
    if kept and kept[-1].type == "text":
        kept[-1].content = ATTRIBUTES.sub("", kept[-1].content)
    return kept


def _icon_end(children: Sequence["Token"], n: int) -> int:
    """Return the place after a link that shows only an icon, 0 if there is none at `n`."""
    if children[n].type != "link_open":
        return 0
    end = next((k for k in range(n, len(children)) if children[k].type == "link_close"), 0)
    inside = children[n + 1 : end]
    shown = any(child.type == "image" for child in inside)
    label = "".join(child.content for child in inside).strip().casefold()
    return end + 1 if end and not shown and label in ANCHOR_ICONS else 0


def alternative(children: Iterable["Token"]) -> str:
    """Return the description of the first image: the name of a heading that is nothing but one."""
    return next((" ".join(child.content.split()) for child in children if child.type == "image" and child.content), "")
