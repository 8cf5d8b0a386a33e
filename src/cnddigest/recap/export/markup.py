"""The HTML of our own readers as markdown: paragraphs, lists, tables, code, quotations, links, images."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from cnddigest.recap.export import escaping

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
KEPT = frozenset({"sup", "sub", "kbd", "del", "ins", "mark", "ruby", "rt", "rp", "rb", "abbr", "small", "u", "s"})
STRONG, EMPHASISED = frozenset({"strong", "b"}), frozenset({"em", "i", "cite"})
BLOCKS = frozenset(
    {"p", "ul", "ol", "pre", "table", "blockquote", "hr", "figure", "figcaption"}
    | {f"h{level}" for level in range(1, 7)}
)
SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML shows as one space; full-width and no-break spaces stay
HEADING = "### "  # a heading inside a text
DEEPEST = 40  # elements inside each other; what lies deeper is taken for text


@dataclass(slots=True, kw_only=True)
class Element:
    """An element with its attributes and what is in it: elements and text."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text in it."""
        return "".join(one if isinstance(one, str) else one.text for one in self.inside)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element(name="")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(name=tag, attributes={name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID and len(self._open) < DEEPEST:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        names = [element.name for element in self._open]
        if tag in names[1:]:
            del self._open[len(names) - names[::-1].index(tag) - 1 :]

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)


def pieces(html: str) -> tuple[str, ...]:
    """Return HTML as pieces of markdown, one for each block; elements markdown has no form for stay as they are."""
    tree = _Tree()
    tree.feed(html)
    tree.close()
    return tuple(filter(None, _blocks(tree.root.inside)))


def fenced(code: str, language: str = "") -> str:
    """Return code between fences that do not occur in it."""
    fence = "```"
    while fence in code:
        fence += "`"
    return f"{fence}{language}\n{code}\n{fence}"


def _blocks(inside: Sequence[Element | str]) -> Iterator[str]:
    """Yield blocks; text between them is a paragraph."""
    loose: list[Element | str] = []
    for one in inside:
        if isinstance(one, str) or one.name not in BLOCKS:
            loose.append(one)
            continue
        yield _paragraph(loose)
        loose = []
        yield WRITERS[one.name](one)
    yield _paragraph(loose)


def _paragraph(inside: Sequence[Element | str]) -> str:
    lines = "".join(map(_inline, inside)).strip().split("\n")
    return escaping.broken(escaping.line_start(line.strip()) for line in lines)


def _inline(one: Element | str) -> str:
    if isinstance(one, str):
        return escaping.inline(SPACES.sub(" ", one))
    inside = "".join(map(_inline, one.inside))
    if one.name in PHRASES:
        return PHRASES[one.name](one, inside)
    return f"<{one.name}>{inside}</{one.name}>" if one.name in KEPT else inside


def _image(one: Element, _: str) -> str:
    return f"![{escaping.inline(one.attributes.get('alt', ''))}]({_target(one.attributes.get('src', ''))})"


def _marked(mark: str, inside: str) -> str:
    words = inside.strip()
    return f"{mark}{words}{mark}" if words else inside


def _link(one: Element, inside: str) -> str:
    url = one.attributes.get("href", "")
    if not url:
        return inside
    if one.text == url and url.startswith(("http://", "https://")) and not set(url) & set("<> \\"):
        return f"<{url}>"
    return f"[{inside}]({_target(url)})"


def _target(url: str) -> str:
    return f"<{url}>" if set(url) & set(" ()\\") else url


def _code(text: str) -> str:
    fence = "`"
    while fence in text:
        fence += "`"
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}" if text.strip() else text


def _pre(one: Element) -> str:
    inner = next((e for e in one.inside if isinstance(e, Element) and e.name == "code"), one)
    language = next(
        (name[9:] for name in inner.attributes.get("class", "").split() if name.startswith("language-")), ""
    )
    return fenced(one.text.strip("\n"), language)


def _list(one: Element) -> str:
    items = [element for element in one.inside if isinstance(element, Element) and element.name == "li"]
    start = one.attributes.get("start", "1")
    first = int(start) if start.isdecimal() and len(start) < 9 else 1
    marks = ["- "] * len(items) if one.name == "ul" else [f"{n}. " for n in range(first, first + len(items))]
    return "\n".join(_item(mark, element) for mark, element in zip(marks, items, strict=True))


def _item(mark: str, one: Element) -> str:
    blocks = list(filter(None, _blocks(one.inside)))
    tight = all(not isinstance(e, Element) or e.name in {"ul", "ol"} or e.name not in BLOCKS for e in one.inside)
    text = ("\n" if tight else "\n\n").join(blocks)
    return mark + text.replace("\n", "\n" + " " * len(mark))


def _quotation(one: Element) -> str:
    text = "\n\n".join(filter(None, _blocks(one.inside)))
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _table(one: Element) -> str:
    rows = [[_cell(cell) for cell in _of(row, {"td", "th"})] for row in _of(one, {"tr"})]
    width = max(map(len, rows), default=0)
    if not width or any("\n" in cell for row in rows for cell in row):
        return _raw(one)
    lines = [f"| {' | '.join([*row, *([''] * (width - len(row)))])} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _cell(one: Element) -> str:
    return "".join(map(_inline, one.inside)).strip().replace("|", "\\|")


def _of(one: Element, names: set[str]) -> Iterator[Element]:
    """Yield the outermost elements of these names."""
    for inside in one.inside:
        if isinstance(inside, Element):
            if inside.name in names:
                yield inside
            else:
                yield from _of(inside, names)


def _heading(one: Element) -> str:
    words = " ".join("".join(map(_inline, one.inside)).split())
    return HEADING + words if words else ""


def _raw(one: Element | str) -> str:
    """Return an element as HTML on one line."""
    if isinstance(one, str):
        return escape(SPACES.sub(" ", one), quote=False)
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in one.attributes.items())
    inside = "".join(map(_raw, one.inside))
    return f"<{one.name}{attributes}>" + ("" if one.name in VOID else f"{inside}</{one.name}>")


PHRASES: dict[str, Callable[[Element, str], str]] = {
    "a": _link,
    "br": lambda *_: "\n",
    "code": lambda one, _: _code(SPACES.sub(" ", one.text)),
    "img": _image,
    **{name: lambda _, inside: _marked("**", inside) for name in STRONG},
    **{name: lambda _, inside: _marked("*", inside) for name in EMPHASISED},
}
WRITERS: dict[str, Callable[[Element], str]] = {
    "p": lambda one: _paragraph(one.inside),
    "ul": _list,
    "ol": _list,
    "pre": _pre,
    "table": _table,
    "blockquote": _quotation,
    "figure": lambda one: "\n\n".join(filter(None, _blocks(one.inside))),
    "figcaption": lambda one: _paragraph(one.inside),
    "hr": lambda _: "***",
    **{f"h{level}": _heading for level in range(1, 7)},
}
