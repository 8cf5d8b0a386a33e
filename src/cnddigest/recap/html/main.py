"""Which element of a page is its article, and between which elements the author's text stands."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cnddigest.recap.html import signs
from cnddigest.recap.html.parsing import walk

if TYPE_CHECKING:
    from lxml.etree import _Element

HEAD = 4_096  # characters in which a browser says where it saved a page from
NEARLY_ALL = 0.95  # of an article's text: an element inside it that holds so much is the article
ARTICLE_SHARE = 0.8  # the same, of one that calls itself an article or its text: what it leaves out is title and date
PAGE_SHARE = 0.25  # of all text: less is a teaser, or one comment of many
LARGEST = 0.6  # of the text of elements side by side: where none holds so much they are parts of one article
TOO_MUCH = 0.5  # of the text around it: what holds so much is no furniture, whatever it is called
ENOUGH = 20  # characters of a text that is no label
DEEPEST_DESCENT = 8  # elements without a name that are looked into for the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The element of an article.

    Above `first` and below `last` in it stand bylines, tags, profiles; None where there is no such border. Elements
    in `spared` hold so much of it that they are part of it, whatever they call themselves.
    """

    node: "_Element"
    spared: "frozenset[_Element]" = frozenset()
    first: "_Element | None" = None
    last: "_Element | None" = None


@dataclass(slots=True, kw_only=True)
class _Candidate:
    """An element that may be the article, and how much text it holds that is in no link."""

    node: "_Element"
    is_body: bool
    letters: int = 0


# Who is asked where no element of a page claims to be its article.
Referee = Callable[["_Element"], "_Element | None"]


def article(body: "_Element", referee: Referee, *, whole: bool) -> Article:
    """Find the article of a page; of a fragment all is the article unless an element claims to be it."""
    page, *candidates = _candidates(body, spared(body))
    node = _best(page, candidates)
    if node is None:
        node = referee(body) if whole else body
    node = _descended(body) if node is None else node
    kept = spared(node)
    first, last = _borders(node, kept)
    return Article(node=node, spared=kept, first=first, last=last)


def spared(root: "_Element") -> "frozenset[_Element]":
    """Return the elements that look like furniture and hold most of what there is, as forms around a page do."""
    total = 0
    open_elements: list[tuple[_Element, int]] = []
    found: list[tuple[_Element, int]] = []
    steps = walk(root)
    for event, node in steps:
        if event == "start" and node.tag in signs.SILENT:
            steps.skip_subtree()
        elif event == "start":
            if node is not root and _may_be_spared(node):
                open_elements.append((node, total))
            total += _size(node.text)
        else:
            if open_elements and open_elements[-1][0] is node:
                found.append((node, total - open_elements.pop()[1]))
            total += _size(node.tail) if node is not root else 0
    return frozenset(node for node, size in found if size > TOO_MUCH * total)


def _may_be_spared(node: "_Element") -> bool:
    reason = signs.furniture(node)
    return reason != "comments" if reason else signs.is_weak(node)


def _size(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def length(node: "_Element") -> int:
    """Return how many visible characters an element holds, links and furniture included."""
    return sum(map(_size, texts(node)))


def texts(node: "_Element") -> Iterator[str]:
    """Yield the texts that stand in an element, scripts and the like aside."""
    steps = walk(node)
    for event, inner in steps:
        if event == "start" and inner.tag in signs.SILENT:
            steps.skip_subtree()
        elif event == "start" and inner.text:
            yield inner.text
        elif event == "end" and inner is not node and inner.tail:
            yield inner.tail


def exceeds(node: "_Element", most: int) -> bool:
    """Say whether an element holds more characters, without looking further than that."""
    size = 0
    for text in texts(node):
        size += _size(text)
        if size > most:
            return True
    return False


def furniture(node: "_Element", spared: "frozenset[_Element]") -> str:
    """Return why an element is no part of an article, `""` if it is part of it."""
    reason = signs.furniture(node)
    return "" if reason and node in spared else reason


@dataclass(slots=True)
class _Count:
    """A page while its text is counted: the candidates that are open, the innermost last."""

    found: list[_Candidate] = field(default_factory=list)
    open: list[_Candidate] = field(default_factory=list)
    links: int = 0

    def text(self, text: str | None) -> None:
        if text and not self.links and self.open:
            self.open[-1].letters += _size(text)

    def start(self, node: "_Element") -> None:
        is_body = signs.is_body(node)
        if node.tag not in signs.HEADINGS and (is_body or signs.is_article(node)):
            self.open.append(_Candidate(node=node, is_body=is_body))
            self.found.append(self.open[-1])
        self.links += node.tag == "a"
        self.text(node.text)

    def end(self, node: "_Element") -> None:
        if self.open and self.open[-1].node is node:
            inner = self.open.pop()
            if self.open:
                self.open[-1].letters += inner.letters
        self.links -= node.tag == "a"


def _candidates(body: "_Element", kept: "frozenset[_Element]") -> list[_Candidate]:
    """Return the elements that claim to be the article, the whole page first."""
    count = _Count()
    page = _Candidate(node=body, is_body=False)
    count.open.append(page)
    steps = walk(body)
    skipped: _Element | None = None
    for event, node in steps:
        if event == "start" and (node.tag in signs.SILENT or (node is not body and furniture(node, kept))):
            steps.skip_subtree()
            skipped = node
        elif event == "start":
            count.start(node)
        else:
            if node is skipped:
                skipped = None
            else:
                count.end(node)
            count.text(node.tail)
    return [page, *count.found]


def _best(page: _Candidate, candidates: Sequence[_Candidate]) -> "_Element | None":
    """Return the innermost element that holds nearly all of what the largest candidate holds."""
    if not candidates:
        return None
    best = max(candidates, key=lambda found: found.letters)
    parts = _parts(candidates, best)
    if parts is not None:
        return parts
    if best.letters < max(1, PAGE_SHARE * page.letters):
        return None
    for found in candidates[candidates.index(best) + 1 :]:  # in the order of the page, so from outside to inside
        share = ARTICLE_SHARE if found.is_body or found.node.tag == "article" else NEARLY_ALL
        if found.letters >= share * best.letters:
            best = found
    return best.node


def _parts(candidates: Sequence[_Candidate], largest: _Candidate) -> "_Element | None":
    """Return what holds elements side by side that are one article together, such as one for each day."""
    parent = largest.node.getparent()
    beside = [found.letters for found in candidates if found.node.getparent() is parent]
    return parent if len(beside) > 1 and largest.letters < LARGEST * sum(beside) else None


def _descended(node: "_Element") -> "_Element":
    """Return the innermost element that holds nearly all text and leaves no heading out."""
    for _ in range(DEEPEST_DESCENT):
        lengths = Counter({child: length(child) for child in node if child.tag not in signs.SILENT})
        if not lengths:
            return node
        (inner, letters), *_ = lengths.most_common(1)
        others = (child for child in node if child is not inner)
        if inner.tag not in {"div", "section", "center"} or letters < NEARLY_ALL * sum(lengths.values()):
            return node
        if any(next(other.iter(*signs.HEADINGS), None) is not None for other in others):
            return node
        node = inner
    return node


def _borders(node: "_Element", kept: "frozenset[_Element]") -> "tuple[_Element | None, _Element | None]":
    """Return the first and the last element with text of the author's: headings below the title, and sentences."""
    first = last = None
    title = next(node.iter("h1"), None)
    steps = walk(node)
    links = 0
    for event, inner in steps:
        if event == "end":
            links -= inner.tag == "a"
            continue
        links += inner.tag == "a"
        if inner is not node and (inner is title or inner.tag in signs.SILENT or _is_aside(inner, kept)):
            steps.skip_subtree()
        elif inner.tag in signs.HEADINGS or (not links and _says(inner)):
            first = inner if first is None else first
            last = inner
    return first, last


def _is_aside(node: "_Element", kept: "frozenset[_Element]") -> bool:
    if furniture(node, kept):
        return True
    return node.tag not in {"header", "footer"} and node not in kept and signs.is_weak(node)


def _says(node: "_Element") -> bool:
    own = [node.text, *(child.tail for child in node)]
    return any(text and len(text.strip()) >= ENOUGH for text in own)
