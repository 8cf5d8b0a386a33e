"""The article of a page into blocks, in reading order; and all around it into furniture."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from cnddigest.recap import breaks, clues, links, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.html import composites, phrases, signs
from cnddigest.recap.html.addresses import BARE, Place, data_address
from cnddigest.recap.html.gathering import Gathered, Gathering, tag_with
from cnddigest.recap.html.main import Article, exceeds
from cnddigest.recap.html.parsing import walk
from cnddigest.recap.html.reading import Reading
from cnddigest.recap.model import Link

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST_CARD = 1_000  # characters
MOST_IN_CARD = 50  # elements
LABEL_COLUMNS = 44  # a byline, a date, a count of readers; an introduction is longer
FEWEST_ITEMS = 2  # of a contents list
SCRIPTED = (  # players that are a script: the attribute, and the address it is part of
    ("speakerdeck-embed", "data-id", "https://speakerdeck.com/player/{}"),
    ("docswell-embed", "data-src", "{}"),
)
ONLY_BOLD = re.compile(r"<p><(strong|b)>[^<]{2,200}</\1></p>\Z")  # how a page without headings has its title
GIST = re.compile(r"(https://gist\.github\.com/[\w-]{1,60}/[0-9a-f]{6,40})\.js\Z")


def article_blocks(article: Article, place: Place, *, whole: bool, line: int = 1) -> Iterator[Block]:
    """Yield the blocks of an article; `whole` says that it is a saved page, with bylines and buttons of its site."""
    return _Walk(article, place, whole=whole, line=line).blocks()


class _Walk:
    """An article while its elements are read one after the other."""

    def __init__(self, article: Article, place: Place, *, whole: bool, line: int) -> None:
        self.article, self.whole = article, whole
        self.reading = Reading(place=place, spared=article.spared, line=line)
        self.run = Gathering(place=place)
        self.found: list[Block] = []
        self.paragraphs = 0  # `<p>` elements that are open
        self.begun = article.first is None or not whole
        self.ended = False
        self.titled = next(article.node.iter(*signs.HEADINGS), None) is not None

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks."""
        steps = walk(self.article.node)
        skipped: _Element | None = None
        for event, node in steps:
            if event == "start":
                if self._start(node):
                    steps.skip_subtree()
                    skipped = node
                else:
                    self.reading.hear(node.text, self.run)
            else:
                self._end(node, skipped=node is skipped)
                skipped = None
            if self.found:
                yield from self._finished()
        self._flush()
        yield from self._finished()

    def _finished(self) -> Iterator[Block]:
        found, self.found = self.found, []
        yield from found

    def _start(self, node: "_Element") -> bool:
        """Begin an element; say whether all is done for it."""
        self.reading.begin(node)
        self.begun = self.begun or node is self.article.first
        if node is self.article.node:
            return False
        return self._leave_out(node) or self._read_whole(node) or self._open(node)

    def _leave_out(self, node: "_Element") -> bool:
        if node.tag in signs.SILENT:
            self._play_script(node)
            self.reading.pass_over(node.text)
            return True
        reason = self.reading.furniture(node) or self._around(node)
        if reason:
            self.reading.drop(node, reason)
            self._tell()
        return bool(reason)

    def _around(self, node: "_Element") -> str:
        """Return why an element above the author's first sentence or below the last is none of the text."""
        if "hatena-citation" in (node.get("class") or ""):
            return "card"
        if node.tag in {"ul", "ol"} and _is_links(node, into_page=True):
            return "contents"
        if (self.begun and not self.ended) or not self.whole:
            return ""
        weak = signs.is_weak(node) and not self.paragraphs and node not in self.reading.spared
        if not weak and not (node.tag in {"ul", "ol"} and _is_links(node)):
            return ""
        if not self.ended and next(node.iter(*signs.HEADINGS), None) is not None:
            return ""
        return "page furniture"

    def _read_whole(self, node: "_Element") -> bool:
        """Read an element that is one block."""
        if url := _card(node, self.reading.place):
            self._flush()
            self._card(node, url)
        elif node.tag in signs.HEADINGS or node.get("role") == "heading":
            self._flush()
            self._heading(node)
        elif read := composites.reader(node):
            self._flush()
            self.found += read(node, self.reading)
            self._tell()
        elif node.tag in phrases.PLAYERS:
            self._flush()
            self._player(node)
        elif node.tag == "hr":
            self._rule()
        else:
            return False
        return True

    def _rule(self) -> None:
        self._flush()
        if not self._is_outside():
            self.found.append(breaks.rule(self.reading.line))

    def _open(self, node: "_Element") -> bool:
        if node.tag in signs.BLOCKS:
            self._flush()
            self.paragraphs += node.tag == "p"
            return False
        if node.tag == "img":
            self.run.line = self.run.line or self.reading.line
        if phrases.consume(node, self.run):
            if self.run.strings:  # a second line break in a row
                self._flush()
            return True
        self.run.open(node)
        return False

    def _end(self, node: "_Element", *, skipped: bool) -> None:
        if node.tag in signs.BLOCKS and not skipped:
            self._flush()
            self.paragraphs -= node.tag == "p"
        elif not skipped and node is not self.article.node:
            self.run.close(node)
        self.ended = self.ended or (self.whole and node is self.article.last)
        if node is not self.article.node:
            self.reading.hear(node.tail, self.run)

    def _flush(self) -> None:
        """Finish the run before a border."""
        gathered = self.run.finish()
        if gathered and not (self._is_outside() and gathered.links and not gathered.strings):  # an author's face
            self.found.append(self._paragraph(gathered))
        self._tell()

    def _tell(self) -> None:
        """Tell what was left out, after the paragraph in which it stood."""
        if not self.run.words:
            self.found += self.reading.told()

    def _is_outside(self) -> bool:
        return self.whole and not self.paragraphs and (not self.begun or self.ended)

    def _paragraph(self, found: Gathered) -> Block:
        text = "\n".join(found.strings)
        if words.is_contents(text):
            return Block(kind="furniture", line=found.line, strings=found.strings, reason="contents")
        if self._is_outside() and text and clues.columns(text) <= LABEL_COLUMNS and not clues.finished(text):
            return Block(kind="furniture", line=found.line, strings=found.strings, reason="page furniture")
        if bare := BARE.match(text):
            urls = {link.url for link in found.links} or {bare[1]}
            if len(urls) == 1 and (url := min(urls)).rstrip("/") == bare[1].rstrip("/"):
                return card(url, found.line, text)
        block = Block(
            kind="paragraph", line=found.line, strings=found.strings, html=f"<p>{found.html}</p>", links=found.links
        )
        begins, self.titled = not self.titled, self.titled or bool(text)
        if begins and ONLY_BOLD.match(block.html) and (words.is_titled(text) or words.names_year(text)):
            return replace(block, kind="heading", level=1)
        return block

    def _heading(self, node: "_Element") -> None:
        level = signs.HEADINGS.get(str(node.tag)) or min(max(int((node.get("aria-level") or "2")[:1]), 1), 6)
        found = self.reading.gather(node)
        text = " ".join(" ".join(found.strings).split("\n"))
        text = text or next((alt for picture in node.iter("img") if (alt := (picture.get("alt") or "").strip())), "")
        if text:
            html = f"<h{level}>{found.html}</h{level}>"
            around = (Link(label=text, url=self.run.link.url),) if self.run.link else ()
            self.found.append(
                Block(
                    kind="heading",
                    line=found.line,
                    strings=(text,),
                    html=html,
                    level=level,
                    links=(*around, *found.links),
                )
            )
        elif found:
            self.found.append(Block(kind="paragraph", line=found.line, html=f"<p>{found.html}</p>", links=found.links))
        self._tell()

    def _player(self, node: "_Element") -> None:
        line = self.reading.line
        url = phrases.player_address(node, self.reading.place)
        if url and "wp-embedded-content" not in (node.get("class") or ""):
            self.found.append(player(url, phrases.player_label(node, url), line))
        self.reading.drop(node, str(node.tag))
        self._tell()

    def _play_script(self, node: "_Element") -> None:
        """Link to what a script would show here."""
        names = node.get("class") or ""
        urls = [form.format(key) for name, data, form in SCRIPTED if name in names and (key := node.get(data))]
        gist = GIST.match(node.get("src") or "")
        urls = [url for written in [*urls, *([gist[1]] if gist else [])] if (url := self.reading.place.player(written))]
        if urls:
            self._flush()
            self.found += [player(url, phrases.player_label(node, url), self.reading.line) for url in urls]

    def _card(self, node: "_Element", url: str) -> None:
        """Read the card of another page: its address stays, its words are that page's."""
        label = phrases.text_of(node)[: phrases.LONGEST_LABEL] or url
        plays = links.kind(Link(label="", url=url)) in {"slides", "video"}
        line = self.reading.line
        self.found.append(player(url, phrases.player_label(node, url), line) if plays else card(url, line, label))
        if label.rstrip("/") != url.rstrip("/"):
            self.reading.drop(node, "card")
        self._tell()


def card(url: str, line: int, label: str) -> Block:
    """Return a block that is nothing but an address."""
    return Block(kind="card", line=line, strings=(url,), html=_linked(url, label), links=(Link(label=label, url=url),))


def player(url: str, label: str, line: int) -> Block:
    """Return the line that links to what was played here."""
    if label == url:
        return card(url, line, url)
    return Block(
        kind="paragraph", line=line, strings=(label,), html=_linked(url, label), links=(Link(label=label, url=url),)
    )


def _linked(url: str, label: str) -> str:
    return f"<p>{tag_with('a', {'href': url})}{escape(label, quote=False)}</a></p>"


def _card(node: "_Element", place: Place) -> str:
    """Return the address of another page that an element is the card of, `""` if it is none."""
    if node.tag == "figure" and node.get("embedded-service") and next(node.iter("img", "figcaption"), None) is None:
        return place.player(data_address({str(key): str(value) for key, value in node.attrib.items()}))
    if not (signs.may_be_card(node) or _is_block_in_link(node)) or exceeds(node, LONGEST_CARD):
        return ""
    if not _is_links(node, fewest=1) or next(node.iter(*phrases.PLAYERS), None) is not None:
        return ""
    urls = {place.link(link.get("href")) for link in node.iter("a")}
    url = min(urls)
    if len(urls) != 1 or not url.startswith(("https://", "http://")):
        return ""
    if signs.is_card(node) or next(node.iter(*signs.HEADINGS), None) is None:
        return url
    host = url.partition("://")[2].partition("/")[0].removeprefix("www.")
    return url if host in phrases.text_of(node) else ""  # a heading that is a link says no host


def _is_block_in_link(node: "_Element") -> bool:
    return node.tag == "a" and any(child.tag in signs.BLOCKS for child in islice(node.iterdescendants(), MOST_IN_CARD))


def _is_links(node: "_Element", *, into_page: bool = False, fewest: int = FEWEST_ITEMS) -> bool:
    """Say whether all the text in an element is in links."""
    links = inside = 0
    for event, inner in walk(node):
        text = inner.text if event == "start" else inner.tail if inner is not node else ""
        if inner.tag == "a":
            if into_page and not (inner.get("href") or "").startswith("#"):
                return False
            links += event == "start"
            inside += 1 if event == "start" else -1
        if text and not inside and inner.tag not in signs.SILENT and not text.isspace():
            return False
    return links >= fewest
