"""Parsed reStructuredText, node by node: what each shows, whatever it is nested in."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cnddigest.recap.markdown import html as raw_html
from cnddigest.recap.rst import directives
from cnddigest.recap.rst.directives import Header
from cnddigest.recap.rst.lines import RULE, TABLE
from cnddigest.recap.rst.sentences import Sentences, Words, linked, plain
from cnddigest.recap.rst.shown import Left, Shown, joined, paragraph, prefixed, strong, table, tagged, verbatim, wrapped

if TYPE_CHECKING:
    from docutils import nodes

MOST_BLANK = 3  # lines around a comment
PICTURE = re.compile(r"\.\. (?:image|figure)::")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walker:
    """Walks one parsed piece of a text: `source` are its lines, `first` is the number of the first."""

    sentences: Sentences
    source: Sequence[str]
    first: int

    def line(self, node: "nodes.Node") -> int:
        """Return the number of the line where a node stands, that of the piece where nobody knows."""
        from docutils import nodes

        if isinstance(node, nodes.comment):
            return self.first + self._comment_place(node)
        lines = (found.line or found.get("line") for found in node.findall(nodes.Element, include_self=True))
        return self.first - 1 + min(next((line for line in lines if line), 1), len(self.source))

    def _comment_place(self, node: "nodes.comment") -> int:
        """Find where a comment begins: docutils knows only where the text after it does."""
        words = node.astext().split("\n")
        last = min(node.line or 1, len(self.source)) - 1
        earliest = max(last - len(words) - MOST_BLANK, -1)
        found = (n for n in range(last, earliest, -1) if ".." in self.source[n] and words[0] in self.source[n])
        return next(found, max(last - len(words) + 1, 0))

    def shown(self, children: "Iterable[nodes.Node]") -> Shown:
        """Return what nodes show together."""
        return joined([self.one(child) for child in children])

    def one(self, node: "nodes.Node") -> Shown:
        """Return what one node shows."""
        from docutils import nodes

        if isinstance(node, nodes.Text):
            return paragraph(plain(node.astext()))
        if not isinstance(node, nodes.Element):
            return Shown()
        read = READERS.get(node.tagname)
        return read(self, node) if read else self.shown(node.children)

    def enumerator(self, node: "nodes.Element") -> str:
        """Return the letter before a lone item: `A. Uthor` begins a sentence and no list."""
        if len(node.children) != 1 or (node.get("enumtype") == "arabic" and node.get("start", 1) == 1):
            return ""
        place = self.line(node) - self.first
        return next(iter(self.source[place].split()), "") + " "


# One reader for each kind of body node.


def _paragraph(walker: Walker, node: "nodes.Element") -> Shown:
    return paragraph(walker.sentences.words(node.children))


def _lone_inline(walker: Walker, node: "nodes.Element") -> Shown:
    return paragraph(walker.sentences.words([node]))


def _strong(walker: Walker, node: "nodes.Element") -> Shown:
    return strong(walker.sentences.words(node.children))


def item(walker: Walker, node: "nodes.Element") -> Shown:
    """Return a list's item; a lone paragraph in it needs no markup of its own."""
    inside = walker.shown(node.children)
    html = inside.html.strip()
    if html.startswith("<p>") and html.count("<p>") == 1 and html.endswith("</p>"):
        html = html.removeprefix("<p>").removesuffix("</p>")
    return Shown(strings=inside.strings, html=html, links=inside.links, left=inside.left)


def _list(walker: Walker, node: "nodes.Element") -> Shown:
    if node.tagname == "enumerated_list" and (mark := walker.enumerator(node)):
        return prefixed(walker.shown(node.children), mark)
    return listed(node, [item(walker, child) for child in elements(node)])


def listed(node: "nodes.Element", items: Sequence[Shown]) -> Shown:
    """Return items as a list, or as what the node calls one."""
    if node.tagname in ("definition_list", "option_list"):
        return wrapped(joined(items), "dl" if node.tagname == "definition_list" else "div")
    tag = "ul" if node.tagname == "bullet_list" else f'ol start="{node.get("start", 1)}"'
    return wrapped(joined([tagged(one, "li") for one in items]), tag)


def elements(node: "nodes.Element") -> "Iterator[nodes.Element]":
    """Yield the children that are no text."""
    from docutils import nodes

    yield from (child for child in node.children if isinstance(child, nodes.Element))


def definition(walker: Walker, node: "nodes.Element") -> Shown:
    """Return a term, its classifiers behind it, and what is said of it."""
    head = [child for child in elements(node) if child.tagname in ("term", "classifier")]
    words = [walker.sentences.words(child.children) for child in head]
    term = Words(
        text=" : ".join(word.text for word in words),
        html=" : ".join(word.html for word in words),
        links=tuple(link for word in words for link in word.links),
    )
    body = walker.shown(child for child in elements(node) if child not in head)
    return joined([paragraph(term, tag="dt"), tagged(body, "dd")])


def _definitions(walker: Walker, node: "nodes.Element") -> Shown:
    return listed(node, [definition(walker, child) for child in elements(node)])


def _field(walker: Walker, node: "nodes.Element") -> Shown:
    label, *body = elements(node)
    return prefixed(walker.shown(body), f"{walker.sentences.words(label.children).text}: ")


def option(walker: Walker, node: "nodes.Element") -> Shown:
    """Return a program's option before what is said of it."""
    group, *body = elements(node)
    names = ", ".join(child.astext() for child in elements(group))
    return prefixed(walker.shown(body), f"{names} ")


def _literal(_walker: Walker, node: "nodes.Element") -> Shown:
    return verbatim(node.astext().strip("\n"))


def _quote(walker: Walker, node: "nodes.Element") -> Shown:
    return wrapped(walker.shown(node.children), "blockquote")


def _line_block(walker: Walker, node: "nodes.Element") -> Shown:
    lines = [words for words in _lines(walker, node) if words.text.strip() or words.html]
    words = Words(
        text="\n".join(words.text.strip() for words in lines),
        html="<br />\n".join(words.html.strip() for words in lines),
        links=tuple(link for words in lines for link in words.links),
    )
    return paragraph(words)


def _lines(walker: Walker, node: "nodes.Element") -> Iterator[Words]:
    for child in elements(node):
        if child.tagname == "line_block":
            yield from _lines(walker, child)
        else:
            yield walker.sentences.words(child.children)


def rows(node: "nodes.Element") -> "list[list[nodes.Element]]":
    """Return the cells of a table's rows, those of the header first."""
    from docutils import nodes

    own = [row for group in elements(node) for part in elements(group) for row in elements(part)]
    return [list(elements(row)) for row in own if isinstance(row, nodes.row)]


def _table(walker: Walker, node: "nodes.Element") -> Shown:
    titles = [_strong(walker, child) for child in elements(node) if child.tagname == "title"]
    shown = [[item(walker, cell) for cell in row] for row in rows(node)]
    return joined([*titles, table(shown)])


def _figure(walker: Walker, node: "nodes.Element") -> Shown:
    inside = joined([_lone_inline(walker, c) if c.tagname != "legend" else walker.one(c) for c in elements(node)])
    return wrapped(inside, "figure")


def _comment(walker: Walker, node: "nodes.Element") -> Shown:
    return _left_out(walker, node, node.astext(), "comment")


def _left_out(walker: Walker, node: "nodes.Element", text: str, reason: str) -> Shown:
    words = " ".join(text.split())
    return Shown(left=(Left(line=walker.line(node), text=words, reason=reason),)) if words else Shown()


def _nothing(_walker: Walker, _node: "nodes.Element") -> Shown:
    return Shown()


def _note(walker: Walker, node: "nodes.Element") -> Shown:
    label = next((child.astext() for child in elements(node) if child.tagname == "label"), "*")
    return prefixed(walker.shown(child for child in elements(node) if child.tagname != "label"), f"[{label}] ")


def _trouble(_walker: Walker, node: "nodes.Element") -> Shown:
    """Show what the parser gave up on: a table as it stands, else paragraphs. Its own words are nobody's."""
    source = next((child.astext() for child in elements(node) if child.tagname == "literal_block"), "")
    if source.startswith(".. |"):
        return Shown()
    lines = source.split("\n")
    if any(TABLE.match(line) or line.startswith("+-") for line in lines):
        return verbatim(source.strip("\n"))
    kept = [line.strip() for line in _without_header(lines) if not RULE.match(line)]
    return joined([paragraph(plain(text)) for text in "\n".join(kept).split("\n\n")])


def _without_header(lines: Sequence[str]) -> Iterator[str]:
    """Yield a directive's lines without its name and options."""
    first, *rest = lines
    if not PICTURE.match(first):
        yield first.partition("::")[2] if first.startswith("..") else first
    yield from (line for line in rest if not directives.OPTION.match(line.strip()))


def _directive(walker: Walker, node: "nodes.Element") -> Shown:
    header: Header = node["header"]
    kind: directives.Treatment = node["treatment"]
    if kind in OF_BLOCKS:
        return joined([argument(walker, node), walker.shown(node.children)])
    if kind == "quiet":
        return _left_out(walker, node, node.rawsource, f"{node['name']} directive")
    if kind == "raw":
        return _raw(walker, node, header)
    if kind == "embed":
        return _embed(node, header)
    above = header.argument if kind == "formula" else ()
    text = "\n".join([*above, *(child.astext() for child in elements(node))]).strip("\n")
    return verbatim(text, header.option("caption")) if text.strip() else Shown()


def argument(walker: Walker, node: "nodes.Element") -> Shown:
    """Return what stands behind a directive's name, and those of its options that are text."""
    header: Header = node["header"]
    if node["treatment"] == "styled":
        return Shown()
    words = walker.sentences.read("\n".join(header.argument))
    first = strong(words) if node["treatment"] == "titled" else paragraph(words)
    return joined([first, *(paragraph(plain(text)) for text in header.said)])


def _raw(walker: Walker, node: "nodes.Element", header: Header) -> Shown:
    source, line = "\n".join(child.astext() for child in elements(node)), walker.line(node)
    if "html" not in " ".join(header.argument).lower():
        return _left_out(walker, node, source, "raw directive")
    found = list(raw_html.blocks(source, line))
    shown = [block for block in found if block.kind != "furniture"]
    return Shown(
        strings=tuple(string for block in shown for string in block.strings),
        html="".join(block.html for block in shown),
        links=tuple(link for block in shown for link in block.links),
        left=tuple(Left(line=b.line, text=b.text, reason=b.reason) for b in found if b.kind == "furniture"),
    )


def _embed(node: "nodes.Element", header: Header) -> Shown:
    label, url = directives.embedded(node["name"], " ".join(header.argument))
    below = (paragraph(plain(child.astext())) for child in elements(node))
    return joined([paragraph(linked(plain(label), url)), *below])


OF_BLOCKS = frozenset({"text", "boxed", "titled", "styled"})  # directives whose content is parsed
READERS: dict[str, Callable[[Walker, "nodes.Element"], Shown]] = {
    **dict.fromkeys(("paragraph", "caption", "attribution", "term"), _paragraph),
    **dict.fromkeys(("reference", "image", "problematic", "inline", "raw"), _lone_inline),
    **dict.fromkeys(("bullet_list", "enumerated_list"), _list),
    **dict.fromkeys(("literal_block", "doctest_block", "math_block"), _literal),
    **dict.fromkeys(("target", "substitution_definition", "transition", "pending", "colspec"), _nothing),
    **dict.fromkeys(("footnote", "citation"), _note),
    "title": _strong,
    "definition_list": _definitions,
    "field": _field,
    "option_list_item": option,
    "block_quote": _quote,
    "line_block": _line_block,
    "table": _table,
    "figure": _figure,
    "comment": _comment,
    "system_message": _trouble,
    "container": _directive,
}
