"""The runs of text inside some HTML that may be marked: not those of links, headings, code and what nobody sees."""

import html as entities
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from cnddigest.recap.identity import folded
from cnddigest.recap.markdown.raw import pieces

# A link in a link is no HTML; code and headings are said exactly as they are; the rest is shown as text or not at all.
QUIET = frozenset(
    {"a", "abbr", "code", "kbd", "pre", "samp", "var", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "figcaption"}
    | {"audio", "button", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object", "option", "rt"}
    | {"script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp", "plaintext"}
)
# One character as it is shown: an entity, a run of blanks, or a letter with the marks that belong to it.
UNIT = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|\s+|.[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*",
    re.DOTALL,
)


def rewritten(html: str, rewrite: Callable[[str], str]) -> str:
    """Return the HTML with `rewrite` done to each run of text that may be marked, entities and all.

    Takes linear time, whatever the HTML is. An element that is never closed stays open, and so does a tag that never
    ends: nothing behind a lone `<a>` or `<b` is marked.
    """
    opened: Counter[str] = Counter()
    quiet = 0
    written: list[str] = []
    for piece in pieces(html):
        name = piece.name.removeprefix("/")
        if name in QUIET:
            step = 1 if piece.name == name else -1
            if opened[name] + step >= 0:
                opened[name] += step
                quiet += step
        plain = not piece.name and not piece.hidden
        quiet += plain and "<" in piece.source  # a tag that never ends, once it is cleaned
        markable = plain and not quiet
        written.append(rewrite(piece.source) if markable else piece.source)
    return "".join(written)


def letters_of(text: str) -> tuple[str, list[int]]:
    """Return a text folded, and for each of its characters, and for its end, the place in the source."""
    letters: list[str] = []
    starts: list[int] = []
    for unit in UNIT.finditer(text):
        shown = _shown(unit[0])
        letters.append(shown)
        starts.extend([unit.start()] * len(shown))
    return "".join(letters), [*starts, len(text)]


@lru_cache(maxsize=8192)
def _shown(unit: str) -> str:
    text = entities.unescape(unit)
    return " " if text.isspace() else folded(text) or unicodedata.normalize("NFKC", text)
