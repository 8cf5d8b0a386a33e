"""What a run of reStructuredText shows: strings, markup, links, and what is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cnddigest.recap.model import Link
from cnddigest.recap.rst.sentences import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A text that is not shown, and why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What some nodes show: one string per paragraph, item, row or verbatim block."""

    strings: tuple[str, ...] = ()
    html: str = ""
    links: tuple[Link, ...] = ()
    left: tuple[Left, ...] = ()


def joined(found: Sequence[Shown]) -> Shown:
    """Put what was shown one after the other."""
    return Shown(
        strings=tuple(string for shown in found for string in shown.strings),
        html="".join(shown.html for shown in found),
        links=tuple(link for shown in found for link in shown.links),
        left=tuple(left for shown in found for left in shown.left),
    )


def paragraph(words: Words, *, tag: str = "p") -> Shown:
    """Return words as a paragraph; nothing where they show nothing."""
    text = words.text.strip()
    if not text and "<img" not in words.html:
        return Shown()
    return Shown(strings=(text,) if text else (), html=f"<{tag}>{words.html.strip()}</{tag}>\n", links=words.links)


def verbatim(text: str, caption: str = "") -> Shown:
    """Return text as it stands, below its caption."""
    above = f"<p><code>{escape(caption, quote=False)}</code></p>\n" if caption else ""
    strings = tuple(string for string in (caption, text) if string.strip())
    return Shown(strings=strings, html=f"{above}<pre><code>{escape(text, quote=False)}\n</code></pre>\n")


def prefixed(shown: Shown, prefix: str) -> Shown:
    """Put a number or label before the first string."""
    first, *rest = shown.strings or ("",)
    mark = escape(prefix, quote=False)
    html = shown.html.replace("<p>", f"<p>{mark}", 1) if shown.html.startswith("<p>") else f"<p>{mark}</p>{shown.html}"
    return Shown(strings=(f"{prefix}{first}".strip(), *rest), html=html, links=shown.links, left=shown.left)


def wrapped(shown: Shown, tag: str) -> Shown:
    """Put markup around what is shown."""
    html = f"<{tag}>\n{shown.html}</{tag.partition(' ')[0]}>\n" if shown.html else ""
    return Shown(strings=shown.strings, html=html, links=shown.links, left=shown.left)


def strong(words: Words) -> Shown:
    """Return words as a paragraph in bold: a title inside the text."""
    return paragraph(Words(text=words.text, html=f"<strong>{words.html}</strong>", links=words.links))


def tagged(shown: Shown, tag: str) -> Shown:
    """Put an element around what is shown."""
    html = f"<{tag}>{shown.html}</{tag}>\n"
    return Shown(strings=shown.strings, html=html, links=shown.links, left=shown.left)


def table(shown: Sequence[Sequence[Shown]]) -> Shown:
    """Return rows of cells as a table: one string for each row."""
    lines = [" | ".join(" ".join(cell.strings) for cell in row if cell.strings) for row in shown]
    whole = joined([tagged(joined([tagged(cell, "td") for cell in row]), "tr") for row in shown])
    inside = Shown(strings=tuple(filter(None, lines)), html=whole.html, links=whole.links, left=whole.left)
    return wrapped(inside, "table")
