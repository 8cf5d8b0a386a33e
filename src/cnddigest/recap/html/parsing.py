"""The text of a page as a tree of elements: the home of lxml's HTML parser."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from lxml.etree import HTMLParser, _Element

DEEPEST = 150  # elements one inside the other; real pages have 60 at most
HEAD = 4_096  # characters in which a page says its type

# What an XHTML file may declare: entities that multiply, which nobody needs to read an article.
DECLARATIONS = re.compile(r"<!DOCTYPE[^<>\[\]]{0,1000}\[", re.IGNORECASE)
DECLARED = re.compile(r"\]\s{0,100}>")
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
LONG_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9-]{0,30})\b[^<>]{8192,}>")  # with a picture in it, or with too much
MOST_ATTRIBUTES = 300  # of such a tag; more are no page's, and take the square of their number
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*+)[^<>]*+>")
# These end by themselves, or never hold anything, so that they make no depth.
SHALLOW = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"}
    | {"wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "rt", "rp"}
    | {"html", "body"}
)


OF_HEADS = frozenset({"title", "meta", "link", "script", "style", "base", "noscript", "template"})


class Walk(Protocol):
    """The elements below one, in document order: `start` before what they hold, `end` after it."""

    def __iter__(self) -> Iterator[tuple[str, "_Element"]]:
        """Yield each event with its element."""
        ...

    def skip_subtree(self) -> None:
        """Pass over what the element holds that has just started; it still ends."""


def walk(node: "_Element") -> Walk:
    """Return the elements of a tree, without recursion however deep it is."""
    from lxml import etree

    return cast("Walk", etree.iterwalk(node, events=("start", "end")))


def markup(node: "_Element") -> str:
    """Return an element as HTML."""
    from lxml import etree

    return str(etree.tostring(node, encoding="unicode", method="html", with_tail=False))


def parsed(text: str) -> "_Element | None":
    """Return the root element of a page or fragment, whatever is broken in it; None where it shows nothing.

    Opens no connection, reads no DTD, expands no entity of the page's own. Control characters are left out.
    """
    source = CONTROLS.sub("", _without_declarations(text))
    source = LONG_TAG.sub(_without_attributes, source)
    root, truncated = _parsed(source)
    root = _parsed(_flattened(source))[0] if truncated else root
    if root is not None:
        _end_head(root)
    return root


def _end_head(root: "_Element") -> None:
    """Move what no head holds into the body: the parser knows no `article`, which ends a head without its end tag."""
    head = root.find("head")
    begins = (
        next((place for place, node in enumerate(head) if node.tag not in OF_HEADS), None) if head is not None else None
    )
    if head is None or begins is None:
        return
    body = root.find("body")
    if body is None:
        body = root.makeelement("body")
        root.append(body)
    moved = list(head)[begins:]
    body.text, last = "", body.text
    if last:
        moved[-1].tail = (moved[-1].tail or "") + last
    body[:0] = moved


def _without_attributes(tag: re.Match[str]) -> str:
    return tag[0] if tag[0].count("=") <= MOST_ATTRIBUTES else f"<{tag[1]}{chr(10) * tag[0].count(chr(10))}>"


def _without_declarations(text: str) -> str:
    begins = DECLARATIONS.search(text[:HEAD])
    ends = DECLARED.search(text, begins.end()) if begins else None
    if not begins or not ends:
        return text
    return text[: begins.start()] + "\n" * text.count("\n", begins.start(), ends.end()) + text[ends.end() :]


def _parsed(source: str) -> "tuple[_Element | None, bool]":
    """Return the tree, and whether the parser gave up in its depth."""
    from lxml import etree

    parser = _parser()
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, False
    truncated = any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log)
    return root, truncated


def _parser() -> "HTMLParser":
    from lxml import etree

    return etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )


def _flattened(source: str) -> str:
    """Return a page without the tags of elements that lie too deep; their text stays."""
    depth = 0
    parts: list[str] = []
    position = 0
    for tag in TAG.finditer(source):
        if tag[2].lower() in SHALLOW:
            continue
        depth += -1 if tag[1] else 1
        if depth + bool(tag[1]) > DEEPEST:
            parts += [source[position : tag.start()], "\n" * tag[0].count("\n")]
            position = tag.end()
        depth = max(depth, 0)
    return "".join([*parts, source[position:]])
