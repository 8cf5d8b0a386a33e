"""What a browser shows of a run of elements: its words, its markup without decoration, and its links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from cnddigest.recap.html.addresses import Place
from cnddigest.recap.markdown.sentences import WIDE
from cnddigest.recap.model import Link

if TYPE_CHECKING:
    from lxml.etree import _Element

SPACES = re.compile(r"[ \t\n\r\f]+")  # what HTML collapses; no-break spaces are words
PHRASES = frozenset(
    {"em", "strong", "i", "b", "u", "s", "del", "ins", "mark", "small", "sup", "sub", "code", "samp", "kbd"}
    | {"var", "abbr", "cite", "q", "dfn", "time", "bdi", "ruby", "rt", "rp"}
)
SAME = {"strike": "s", "tt": "code", "acronym": "abbr"}
ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "abbr": ("title",),
    "time": ("datetime",),
    "ol": ("start", "reversed"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
}
LONGEST_VALUE = 1_000  # characters of an attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A finished run: `strings` has one for each paragraph, with a line end where the author made one."""

    line: int = 0
    strings: tuple[str, ...] = ()
    html: str = ""
    links: tuple[Link, ...] = ()

    def __bool__(self) -> bool:
        """Say whether there is anything to read or see."""
        return bool(self.strings or "<img" in self.html)


def name(node: "_Element") -> str:
    """Return an element's name, today's where it has an old one."""
    return SAME.get(str(node.tag), str(node.tag))


def start_tag(node: "_Element") -> str:
    """Return the tag an element opens with, its decoration left out."""
    tag = name(node)
    return tag_with(tag, {key: node.get(key) for key in ATTRIBUTES.get(tag, ())})


def tag_with(tag: str, attributes: Mapping[str, str | None]) -> str:
    """Return a tag with those attributes that have a value."""
    said = (f' {key}="{escape(value[:LONGEST_VALUE])}"' for key, value in attributes.items() if value is not None)
    return f"<{tag}{''.join(said)}>"


def _has_brackets(node: "_Element") -> bool:
    """Say whether a reading aid has brackets for browsers that can't show it above its word."""
    before = node.getprevious()
    return before is not None and before.tag == "rp"


@dataclass(slots=True)
class _OpenLink:
    url: str
    first: int  # word that begins its label
    string: int  # strings that were finished before it
    picture: str = ""  # the description of a picture that is the whole label


@dataclass(slots=True)
class Gathering:
    """What was seen since the last border between blocks.

    `gap` is the white space since the last character, `last` that character: "" at the beginning of a string,
    a line end after a `<br>`.
    """

    place: Place
    line: int = 0
    strings: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    phrases: list[tuple[str, str]] = field(default_factory=list)
    link: _OpenLink | None = None
    gap: str = ""
    last: str = ""
    apart: bool = False  # a border came that has no tag of its own

    def text(self, text: str, line: int = 0) -> None:
        """Take in a text as a browser shows it; a line end between wide characters is no space."""
        position = 0
        for space in SPACES.finditer(text):
            self._word(text[position : space.start()], line)
            self.gap += space[0]
            position = space.end()
        self._word(text[position:], line)

    def _word(self, word: str, line: int) -> None:
        if not word:
            return
        self.line = self.line or line
        wide = "\n" in self.gap and WIDE.match(self.last) and WIDE.match(word)
        self.gap = "" if wide else self.gap
        self._space()
        self.words.append(word)
        self.markup.append(escape(word, quote=False))
        self.last = word[-1]

    def _space(self) -> None:
        """Put down the space that stands before what comes now."""
        if self.apart:
            self.markup.append("<br>")
            self.apart = False
        if self.gap and self.last not in {"", " ", "\n"}:
            self.words.append(" ")
            self.markup.append(" ")
            self.last = " "
        self.gap = ""

    def say(self, words: str, markup: str) -> None:
        """Put down words where the page has something else, such as a picture of a letter."""
        self._space()
        self.words.append(words)
        self.markup.append(markup)
        self.last = words[-1:] or self.last

    def picture(self, tag: str, description: str) -> None:
        """Put down a picture."""
        self._space()
        self.markup.append(tag)
        if self.link:
            self.link.picture = self.link.picture or description

    def line_break(self) -> bool:
        """Take in a `<br>`; say whether it is the second in a row, which ends a paragraph."""
        self.gap = ""
        if self.last == "\n":
            return True
        if self.words:
            self.words.append("\n")
            self.last = "\n"
        if self.markup:
            self.markup.append("<br>")
        return False

    def open(self, node: "_Element") -> None:
        """Open a link or phrase; one without a meaning for readers leaves no mark."""
        tag = name(node)
        if tag == "a":
            self._open_link("" if "keyword" in (node.get("class") or "") else self.place.link(node.get("href")))
        elif tag in PHRASES:
            if "\n" not in self.gap:
                self._space()
            bare = tag == "rt" and not _has_brackets(node)
            self.phrases.append((tag, start_tag(node)))
            self.words += ["("] if bare else []
            self.markup += [f"<rp>(</rp>{self.phrases[-1][1]}" if bare else self.phrases[-1][1]]

    def close(self, node: "_Element") -> None:
        """Close a link or phrase."""
        tag = name(node)
        if tag == "a":
            self.close_link()
        elif tag in PHRASES and self.phrases:
            self.phrases.pop()
            bare = tag == "rt" and not _has_brackets(node)
            self.words += [")"] if bare else []
            self.markup += [f"</{tag}><rp>)</rp>" if bare else f"</{tag}>"]

    def _open_link(self, url: str) -> None:
        self.close_link()
        if url:
            if "\n" not in self.gap:
                self._space()
            self.markup.append(tag_with("a", {"href": url}))
            self.link = _OpenLink(url, len(self.words), len(self.strings))

    def close_link(self) -> None:
        """Close the open link, if there is one."""
        if not self.link:
            return
        label = " ".join([*self.strings[self.link.string :], "".join(self.words[self.link.first :])])
        label = " ".join(label.split()) or self.link.picture or self.link.url
        self.markup.append("</a>")
        if self.link.url.startswith(("https://", "http://")):
            self.links.append(Link(label=label, url=self.link.url))
        self.link = None

    def end_string(self) -> None:
        """Finish a string at a border between paragraphs, items or cells."""
        lines = (line.strip(" ") for line in "".join(self.words).split("\n"))
        text = "\n".join(line for line in lines if line)
        if text and not text.isspace():
            self.strings.append(text)
        if self.link:
            self.link.first = 0
        self.words.clear()
        self.gap = self.last = ""

    def verbatim(self, text: str) -> None:
        """Put down a block of code as it stands."""
        self.end_string()
        self.apart = False
        self.strings += [text] if text.strip() else []
        self.markup.append(f"<pre><code>{escape(text, quote=False)}</code></pre>")

    def player(self, url: str, label: str) -> None:
        """Put down a link where a player was."""
        self.end_string()
        self.say(label, f"{tag_with('a', {'href': url})}{escape(label, quote=False)}</a>")
        self.links.append(Link(label=label, url=url))
        self.end_string()
        self.apart = True

    def finish(self) -> Gathered:
        """Return what was gathered, and begin anew inside the same phrases and link."""
        link = self.link.url if self.link else ""
        self.close_link()
        self.end_string()
        self.markup += [f"</{tag}>" for tag, _ in reversed(self.phrases)]
        html = "".join(self.markup).removesuffix("<br>")
        found = Gathered(line=self.line, strings=tuple(self.strings), html=html, links=tuple(self.links))
        self.strings.clear()
        self.links.clear()
        self.markup[:] = [start for _, start in self.phrases]
        self.line, self.apart = 0, False
        if link:
            self._open_link(link)
        return found
