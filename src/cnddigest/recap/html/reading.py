"""What the readers of a page's elements share: where they are, what they leave out, and how they gather words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnddigest.recap.blocks import Block
from cnddigest.recap.html import main, signs
from cnddigest.recap.html.addresses import Place
from cnddigest.recap.html.gathering import SPACES, Gathered, Gathering, start_tag
from cnddigest.recap.html.parsing import walk
from cnddigest.recap.html.phrases import consume
from cnddigest.recap.sections import letters

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_LINES = 65_535  # libxml2 counts no further; from there on line ends are counted as they come
KEPT = frozenset(
    {"p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table", "caption", "thead", "tbody", "tfoot"}
    | {"tr", "td", "th", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"}
)


@dataclass(slots=True, kw_only=True)
class Reading:
    """A page while its elements are read in order.

    `spared` are elements that are part of it whatever they look like. `title` has the letters of the article's title
    where pages say it around it once more. `dropped` are the pieces of furniture that were met and not told yet.
    `line` is that of the text now read.
    """

    place: Place
    spared: "frozenset[_Element]" = frozenset()
    title: str = ""
    line: int = 0
    dropped: list[Block] = field(default_factory=list)

    def begin(self, node: "_Element") -> int:
        """Go to where an element begins, and return its line."""
        known = int(node.sourceline or 0)  # type: ignore[call-overload]  # the stubs leave its type out
        if 0 < known < MOST_LINES:
            self.line = known
        self.line = max(self.line, 1)
        return self.line

    def pass_over(self, text: str | None) -> None:
        """Count the line ends of a text."""
        if text:
            self.line += text.count("\n")

    def hear(self, text: str | None, run: Gathering) -> None:
        """Take in a text that stands at the current line."""
        if text:
            blank = len(text) - len(text.lstrip(" \t\n\r\f"))
            run.text(text, self.line + text.count("\n", 0, blank))
            self.pass_over(text)

    def furniture(self, node: "_Element") -> str:
        """Return why an element is no part of the article, `""` if it is."""
        return main.furniture(node, self.spared)

    def drop(self, node: "_Element", reason: str) -> None:
        """Leave out an element: one piece for each of its blocks."""
        self.dropped += leaves(node, reason, self)

    def stray(self, text: str | None) -> Iterator[Block]:
        """Yield a text that stands between elements as furniture."""
        words = [text or ""]
        yield from _leaf(words, self.line, "page furniture", self)
        self.pass_over(text)

    def told(self) -> list[Block]:
        """Return what was left out since the last time."""
        found, self.dropped = self.dropped, []
        return found

    def gather(self, node: "_Element") -> Gathered:
        """Return all that an element shows, as one run; `html` is what stands inside it."""
        run = Gathering(place=self.place, line=self.begin(node))
        steps = walk(node)
        skipped: _Element | None = None
        for event, inner in steps:
            if event == "start":
                self.begin(inner)
                if inner is not node and self._is_read(inner, run):
                    steps.skip_subtree()
                    skipped = inner
                else:
                    _enter(inner, node, run)
                    self.hear(inner.text, run)
                continue
            if inner is not skipped:
                _leave(inner, node, run)
            skipped = None
            if inner is not node:
                self.hear(inner.tail, run)
        return run.finish()

    def _is_read(self, node: "_Element", run: Gathering) -> bool:
        """Say whether all was done for an element that is not just its text."""
        if node.tag in signs.SILENT:
            self.pass_over(node.text)
        elif reason := self.furniture(node):
            self.drop(node, reason)
        elif node.tag == "pre":
            run.verbatim(self.verbatim(node))
        else:
            return consume(node, run)
        return True

    def verbatim(self, node: "_Element") -> str:
        """Return the text of an element with its spaces and line ends."""
        parts: list[str] = []
        steps = walk(node)
        for event, inner in steps:
            if event == "end":
                parts.append((inner.tail or "") if inner is not node else "")
            elif inner.tag in signs.SILENT:
                steps.skip_subtree()
            elif inner is not node and (reason := self.furniture(inner)):
                self.drop(inner, reason)
                steps.skip_subtree()
            else:
                parts.append("\n" if inner.tag == "br" else inner.text or "")
        return "".join(parts).strip("\n")


def _enter(node: "_Element", root: "_Element", run: Gathering) -> None:
    if node is root:
        return
    if node.tag in signs.BLOCKS:
        run.end_string()
        run.apart = bool(run.strings) and node.tag not in KEPT
        if node.tag in KEPT:
            run.markup.append(start_tag(node))
    else:
        run.open(node)


def _leave(node: "_Element", root: "_Element", run: Gathering) -> None:
    if node is root:
        return
    if node.tag in KEPT:
        run.end_string()
        run.apart = False
        run.markup.append(f"</{node.tag}>")
    elif node.tag in signs.BLOCKS:
        run.end_string()
        run.apart = bool(run.strings)
    else:
        run.close(node)


def leaves(node: "_Element", reason: str, reading: Reading) -> Iterator[Block]:
    """Yield the text of an element as furniture, a piece for each block in it."""
    words: list[str] = []
    line = reading.begin(node)
    steps = walk(node)
    for event, inner in steps:
        if event == "start":
            reading.begin(inner)
        if inner.tag in signs.BLOCKS or inner.tag == "br":
            yield from _leaf(words, line, reason, reading)
            line = reading.line
        if event == "start" and inner.tag in signs.SILENT:
            reading.pass_over(inner.text)
            steps.skip_subtree()
            continue
        text = inner.text if event == "start" else inner.tail if inner is not node else ""
        if text:
            if not words:
                line = reading.line + text.count("\n", 0, len(text) - len(text.lstrip()))
            words += [text] if words or not text.isspace() else []
            reading.pass_over(text)
    yield from _leaf(words, line, reason, reading)


def _leaf(words: list[str], line: int, reason: str, reading: Reading) -> Iterator[Block]:
    text = SPACES.sub(" ", "".join(words)).strip()
    words.clear()
    if text:
        reason = "repeated title" if reading.title and letters(text) == reading.title else reason
        yield Block(kind="furniture", line=line, strings=(text,), reason=reason)
