"""The runs of text inside some HTML that may be marked: not those of links, headings, code and what nobody sees."""

from collections import Counter
from collections.abc import Callable

from cnddigest.recap.markdown.raw import pieces

# A link in a link is no HTML; code and headings are said exactly as they are; the rest is shown as text or not at all.
QUIET = frozenset(
    {"a", "abbr", "code", "kbd", "pre", "samp", "var", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "figcaption"}
    | {"audio", "button", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object", "option", "rt"}
    | {"script", "select", "style", "svg", "template", "textarea", "title", "video", "xmp", "plaintext"}
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
