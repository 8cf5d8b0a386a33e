"""What each directive of reStructuredText is for us: text, code, an embed, or nothing that is shown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cnddigest.recap.markdown.forms import SERVICES

# These are read by docutils itself; every other one by `parser`, so that none can open a file or ask the time.
NATIVE: Final = frozenset(
    {"image", "figure", "table", "csv-table", "list-table", "parsed-literal", "replace", "unicode"}
)

Treatment = Literal[
    "text",  # its content is text; so is what stands behind its name, unless that is a style's
    "boxed",  # a note: what stands behind its name begins its content
    "titled",  # what stands behind its name is a title
    "styled",  # what stands behind its name is a style, and not shown
    "code",  # verbatim
    "formula",  # verbatim, what stands behind its name too
    "raw",  # HTML, or a format nobody sees
    "embed",  # a player or widget, named by an address or an id
    "quiet",  # an instruction to a site generator
]

_TREATMENTS: Final[dict[str, Treatment]] = {
    **dict.fromkeys(("attention", "caution", "danger", "error", "hint", "important", "note", "tip"), "boxed"),
    **dict.fromkeys(("warning", "seealso", "todo", "epigraph", "highlights", "pull-quote", "compound"), "boxed"),
    **dict.fromkeys(("line-block", "versionadded", "versionchanged", "deprecated"), "boxed"),
    **dict.fromkeys(("admonition", "topic", "sidebar", "rubric", "centered", "dropdown", "card", "details"), "titled"),
    **dict.fromkeys(("class", "rst-class", "cssclass", "container", "only", "ifconfig", "div", "grid"), "styled"),
    **dict.fromkeys(("code", "code-block", "sourcecode", "console", "prompt", "listing", "testcode"), "code"),
    **dict.fromkeys(("graphviz", "digraph", "mermaid", "plantuml", "uml", "productionlist"), "code"),
    **dict.fromkeys(("math", "doctest"), "formula"),
    "raw": "raw",
    **dict.fromkeys((*SERVICES, "video", "audio", "media", "iframe", "soundcloud", "peertube"), "embed"),
    **dict.fromkeys(("contents", "toctree", "sectnum", "section-numbering", "target-notes", "index"), "quiet"),
    **dict.fromkeys(("include", "literalinclude", "highlight", "default-role", "role", "title", "meta"), "quiet"),
    **dict.fromkeys(("header", "footer", "date", "post", "postlist", "tags", "author", "slug"), "quiet"),
    **dict.fromkeys(("post-list", "teaser", "template", "currentmodule"), "quiet"),
}
LOOKS: Final = frozenset(  # options that say how something looks or what it is called, and nothing a reader sees
    {"alt", "align", "width", "height", "scale", "class", "name", "target", "figclass", "figwidth", "loading", "widths"}
    | {"linenos", "number-lines", "lineno-start", "emphasize-lines", "language", "force", "dedent", "backlinks"}
    | {"depth", "local", "header-rows", "stub-columns", "file", "url", "encoding", "start-line", "end-line", "nowrap"}
    | {"label", "id", "start", "end", "ratio", "color", "icon", "open", "maxdepth", "hidden", "glob", "numbered"}
)

SPELLINGS: Final = {"speaker_deck": "speakerdeck", "speaker-deck": "speakerdeck", "slide-share": "slideshare"}
OPTION = re.compile(r":([\w][\w .-]{0,60}):(?:\s+(.*))?\Z")
ADDRESS = re.compile(r"https?://\S+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The lines a directive begins with: its argument, its options, and how many lines those are."""

    argument: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    size: int = 0

    def option(self, name: str) -> str:
        """Return an option's value, `""` where it has none."""
        return dict(self.options).get(name, "")

    @property
    def said(self) -> tuple[str, ...]:
        """Return the options that are more than looks, such as `speaker: First Last`."""
        return tuple(f"{name}: {value}" for name, value in self.options if value and name.lower() not in LOOKS)


def treatment(name: str) -> Treatment:
    """Return what a directive is; an unknown one is text, so that nothing an author wrote is lost."""
    return _TREATMENTS.get(_plain(name), "text")


def header(lines: Sequence[str], *, argued: bool) -> Header:
    """Read the first lines of a directive; `argued` says whether any stand behind its name."""
    end = next((n for n, line in enumerate(lines) if not line.strip()), len(lines))
    start = next((n for n, line in enumerate(lines[:end]) if OPTION.match(line)), end)
    if start and not argued:
        return Header()
    return Header(argument=tuple(lines[:start]), options=tuple(_options(lines[start:end])), size=end)


def _options(lines: Iterable[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in lines:
        if match := OPTION.match(line):
            found.append((match[1], match[2] or ""))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}".strip())
    return found


def embedded(name: str, argument: str) -> tuple[str, str]:
    """Return label and address of what is embedded by an address or an id; no address where it is unknown."""
    label, address = SERVICES.get(_plain(name), ("", ""))
    target = next(iter(argument.split()), "")
    if ADDRESS.match(target):
        return label or target, target
    return (label, address.format(target)) if address and target else (argument, "")


def _plain(name: str) -> str:
    plain = name.lower().rpartition(":")[2]
    return SPELLINGS.get(plain, plain)
