"""The sentences of reStructuredText: what their marks show, and where their links lead."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from cnddigest.recap.markdown.sentences import WIDE
from cnddigest.recap.model import Link
from cnddigest.recap.rst.definitions import Definitions, name
from cnddigest.recap.rst.lines import MARKUP
from cnddigest.recap.rst.parser import TAGS, Parser

if TYPE_CHECKING:
    from docutils import nodes

LINE_END = re.compile(r"[ \t]*\n[ \t]*")
TITLED = re.compile(r"(.+?)\s*<([^<>]+)>\Z", re.DOTALL)  # `words <target>` of a role
NAMED_ROLES = {
    "pep": ("PEP", "https://peps.python.org/pep-{:0>4}/"),
    "rfc": ("RFC", "https://www.rfc-editor.org/rfc/rfc{}"),
}
VERBATIM = frozenset({"code", "kbd", "samp", "command", "file", "program", "option", "envvar", "math"})

MOST_LEVELS = 4  # of substitutions inside each other
LONGEST_EXPANSION = 2_000  # characters a substitution may stand for: else a few lines would grow to gigabytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a run of inline nodes shows: its text on one line, its markup, its links."""

    text: str = ""
    html: str = ""
    links: tuple[Link, ...] = ()


NOTHING = Words()


@dataclass(slots=True, kw_only=True)
class Sentences:
    """Reads the sentences of one text in order: what a name stands for depends on all of it.

    `cited` are the keys of notes since somebody last took them; `used` the substitutions that were shown.
    """

    parser: Parser
    names: Definitions
    cited: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    anonymous: int = 0
    unnamed: dict[str, int] = field(default_factory=dict)
    expansions: dict[str, Words] = field(default_factory=dict)
    level: int = 0

    def read(self, text: str) -> Words:
        """Read a sentence that was not parsed yet, such as a title."""
        return self.words(self.parser.sentence(text)) if MARKUP.search(text) else plain(text)

    def words(self, children: "Iterable[nodes.Node]") -> Words:
        """Read parsed nodes, one after the other."""
        found = [self._word(child) for child in children]
        return _joined(found)

    def _word(self, node: "nodes.Node") -> Words:
        from docutils import nodes

        if isinstance(node, nodes.Text):
            return plain(node.astext())
        if not isinstance(node, nodes.Element):
            return NOTHING
        read = READERS.get(node.tagname)
        return read(self, node) if read else self.words(node.children)


def plain(text: str) -> Words:
    """Return text without marks, its line ends gone: between wide letters nothing was meant by them."""
    shown = LINE_END.sub(_line_end, text)
    return Words(text=shown, html=escape(shown, quote=False))


def _line_end(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
    return "" if WIDE.match(before) and WIDE.match(after) else " "


def linked(words: Words, url: str) -> Words:
    """Return words as a link; as themselves where there is no address."""
    if not url:
        return words
    label = " ".join(words.text.split()) or url
    shown = words.html or escape(url)
    return Words(text=words.text, html=f'<a href="{escape(url)}">{shown}</a>', links=(Link(label=label, url=url),))


def _joined(found: Sequence[Words]) -> Words:
    return Words(
        text="".join(words.text for words in found),
        html="".join(words.html for words in found),
        links=tuple(link for words in found for link in words.links),
    )


# One reader for each kind of inline node.


def _marked(tag: str) -> Callable[[Sentences, "nodes.Element"], Words]:
    def read(reading: Sentences, node: "nodes.Element") -> Words:
        inside = reading.words(node.children)
        return Words(text=inside.text, html=f"<{tag}>{inside.html}</{tag}>", links=inside.links)

    return read


def _reference(reading: Sentences, node: "nodes.Element") -> Words:
    inside = reading.words(node.children)
    if "refuri" in node:
        return linked(inside, str(node["refuri"]))
    url = _anonymous(reading) if node.get("anonymous") else reading.names.address(f"{node.get('refname', '')}_")
    if url is None and not node.rawsource.startswith("`"):
        return plain(node.rawsource or inside.text)  # `__init__` and the like: no reference at all
    return linked(inside, url or "")


def _anonymous(reading: Sentences) -> str | None:
    """Return the next address that a `__` line gives, None where there are no more."""
    place, known = reading.anonymous, reading.names.anonymous
    reading.anonymous += 1
    return reading.names.address(known[place]) if place < len(known) else None


def _image(_reading: Sentences, node: "nodes.Element") -> Words:
    source, alternative = str(node.get("uri", "")), str(node.get("alt", ""))
    return Words(html=f'<img src="{escape(source)}" alt="{escape(alternative)}" />')


def _note_mark(reading: Sentences, node: "nodes.Element") -> Words:
    mark, key = node.astext(), str(node.get("refname", ""))
    if not key:
        sign = "*" if node.get("auto") == "*" else "#"
        reading.unnamed[sign] = reading.unnamed.get(sign, 0) + 1
        key, mark = f"{sign}{reading.unnamed[sign]}", sign
    key = name(key)
    if key in reading.names.notes:
        reading.cited.append(key)
    shown = note_label(reading, key, mark)
    return Words(text=f"[{shown}]", html=f"<sup>[{escape(shown, quote=False)}]</sup>")


def note_label(reading: Sentences, key: str, mark: str = "") -> str:
    """Return what stands in a note's brackets: its label, or a number where the author left counting to us."""
    known = reading.names.notes.get(key)
    label = known.label if known else mark or key
    return str(reading.numbers.setdefault(key, len(reading.numbers) + 1)) if label.startswith("#") else label


def _substitution(reading: Sentences, node: "nodes.Element") -> Words:
    key = name(str(node.get("refname", "")))
    if key not in reading.expansions and reading.level < MOST_LEVELS:
        reading.level += 1
        reading.expansions[key] = _expanded(reading, key)
        reading.level -= 1
    found = reading.expansions.get(key, NOTHING)
    if found == NOTHING or len(found.html) > LONGEST_EXPANSION:
        return plain(node.astext() if key in reading.names.substitutions else f"|{node.astext()}|")
    reading.used.add(key)
    return found


def _expanded(reading: Sentences, key: str) -> Words:
    known = reading.names.substitutions.get(key)
    if known is None:
        return NOTHING
    if known.directive == "replace":
        return reading.read(known.argument)
    from docutils import nodes

    source = known.argument.replace("\n", "\n   ")
    tree = reading.parser.body(f".. |x| {known.directive}:: {source}")
    defined = next(tree.findall(nodes.substitution_definition), None)
    return reading.words(defined.children) if defined is not None else NOTHING


def _role(_reading: Sentences, node: "nodes.Element") -> Words:
    role, text = str(node.get("role", "")).rpartition(":")[2].lower(), node.astext()
    if role.startswith("raw"):
        return plain(TAGS.sub("", text))
    if role in NAMED_ROLES and text.isdecimal():
        prefix, address = NAMED_ROLES[role]
        return linked(plain(f"{prefix} {text}"), address.format(text))
    if role in VERBATIM:
        words = plain(text)
        return Words(text=words.text, html=f"<code>{words.html}</code>")
    if role and (titled := TITLED.match(text)):
        url = titled[2].strip()
        return linked(plain(titled[1]), url if url.startswith(("https://", "http://")) else "")
    return plain(text)


READERS: dict[str, Callable[[Sentences, "nodes.Element"], Words]] = {
    "emphasis": _marked("em"),
    "strong": _marked("strong"),
    "literal": _marked("code"),
    "reference": _reference,
    "image": _image,
    "footnote_reference": _note_mark,
    "citation_reference": _note_mark,
    "substitution_reference": _substitution,
    "inline": _role,
}
