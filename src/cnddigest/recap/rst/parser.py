"""The parser of reStructuredText, taught to lose nothing and to open nothing: the home of docutils."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from cnddigest.recap.markdown.sentences import WIDE
from cnddigest.recap.rst import directives

if TYPE_CHECKING:
    from docutils import nodes
    from docutils.frontend import Values
    from docutils.parsers.rst import Directive
    from docutils.parsers.rst.states import Inliner

NAMES = re.compile(r"\.\.[ ]+(?:\|[^|\n]{1,200}\|[ ]+)?([\w][\w.+:-]{0,60}?) ?::(?=\s|\Z)")
LONGEST_SENTENCE = 4_000  # characters parsed at once: a mark that nobody closes is looked for to their end
MOST_MARKS = 400  # in those; more is no prose, and each may cost a look at all that follows
MOST_TROUBLES = 2_000  # in a text before the rest is taken as it stands
MARKS = re.compile(r"[*`|_\[]")
TAGS = re.compile(r"<[^<>]{0,2000}>")


@dataclass(slots=True)
class Troubles:
    """How often marks in a text were not closed."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Parser:
    """Docutils, without its transforms: names are resolved by whoever walks the tree."""

    troubles: Troubles

    def body(self, text: str) -> "nodes.document":
        """Parse whole blocks; raises RecursionError for a text nested too deeply."""
        from docutils.parsers.rst import Parser as RstParser

        _register(text)
        document = _document(text)
        RstParser(inliner=_inliner(self.troubles)).parse(text, document)
        return document

    def sentence(self, text: str) -> "Sequence[nodes.Node]":
        """Parse the marks in one title, paragraph or argument."""
        from docutils.languages import get_language
        from docutils.nodes import paragraph

        document = _document(text)
        inliner = _inliner(self.troubles)
        inliner.init_customizations(document.settings)
        language = get_language("en", document.reporter)
        memo = SimpleNamespace(document=document, reporter=document.reporter, language=language, inliner=inliner)
        return inliner.parse(text, 1, memo, paragraph())[0]


def _document(text: str) -> "nodes.document":
    from docutils.utils import new_document

    return new_document("", _settings(wide=bool(WIDE.search(text))))


@lru_cache(maxsize=2)
def _settings(*, wide: bool) -> "Values":
    """Return settings that open no file, tell nobody, and let marks stand beside Japanese letters."""
    from docutils.frontend import get_default_settings
    from docutils.parsers.rst import Parser as RstParser

    settings = get_default_settings(RstParser)
    settings.file_insertion_enabled = settings.raw_enabled = settings.warning_stream = False
    settings.report_level = settings.halt_level = 5
    settings.syntax_highlight = "none"
    settings.character_level_inline_markup = wide
    settings.line_length_limit = 1 << 30  # a line of 64 MiB is `source`'s affair
    settings.pep_references = settings.rfc_references = False
    return settings


def _inliner(troubles: Troubles) -> "Inliner":
    return _sentences()(troubles)


@lru_cache(maxsize=1)
def _sentences() -> "Callable[[Troubles], Inliner]":
    from docutils import nodes
    from docutils.parsers.rst.states import Inliner
    from docutils.utils import unescape

    class Sentences(Inliner):
        """Marks inside sentences: every role is text, and no sentence takes more than linear time."""

        def __init__(self, troubles: Troubles) -> None:
            super().__init__()
            self.troubles = troubles

        def parse(
            self, text: str, lineno: int, memo: Any, parent: "nodes.Element"
        ) -> "tuple[list[nodes.Node], list[nodes.system_message]]":
            found: list[nodes.Node] = []
            for start in range(0, len(text), LONGEST_SENTENCE):
                part = text[start : start + LONGEST_SENTENCE]
                if self.troubles.count > MOST_TROUBLES or len(MARKS.findall(part)) > MOST_MARKS:
                    found.append(nodes.Text(part))
                    continue
                pieces, messages = super().parse(part, lineno, memo, parent)
                self.troubles.count += len(messages)
                found += pieces
            return found, []

        def interpreted(
            self, rawsource: str, text: str, role: str, lineno: int
        ) -> "tuple[list[nodes.Node], list[nodes.system_message]]":
            del lineno
            return [nodes.inline(rawsource, unescape(text), role=role or "")], []

    # Docutils looks for its patterns in the class of the object itself, not in those it inherits from.
    for name, value in vars(Inliner).items():
        if isinstance(value, str) and name not in vars(Sentences):
            setattr(Sentences, name, value)
    return Sentences


def _register(text: str) -> None:
    """Make every directive in a text that is not harmless one of ours, also those nobody knows."""
    from docutils.parsers.rst.directives import register_directive

    for name in {found.lower() for found in NAMES.findall(text)} - directives.NATIVE:
        register_directive(name, _directive())


@lru_cache(maxsize=1)
def _directive() -> "type[Directive]":
    from docutils import nodes
    from docutils.parsers.rst import Directive

    class Kept(Directive):
        """Any directive, as a container of what a reader sees; `treatment` says how to show it."""

        has_content = True

        def run(self) -> "list[nodes.Node]":
            kind = directives.treatment(self.name)
            lines = list(self.content)
            argued = bool(self.block_text.partition("\n")[0].partition("::")[2].strip())
            head = directives.header(lines, argued=argued)
            if kind == "boxed" and not head.options:
                head = directives.Header()
            found = nodes.container(self.block_text, treatment=kind, name=self.name, header=head)
            found.line = self.lineno
            body = self.content[head.size :]
            if kind in ("text", "boxed", "titled", "styled"):
                self.state.nested_parse(body, self.content_offset + head.size, found)
            else:
                found += nodes.literal_block("\n".join(body), "\n".join(body).strip("\n"))
            return [found]

    return Kept
