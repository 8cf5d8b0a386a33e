"""The markdown parser: CommonMark with tables and strikethrough, and what we taught it."""

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from cnddigest.recap.markdown import block_rules as rules
from cnddigest.recap.markdown import html as raw_html
from cnddigest.recap.markdown import raw as tags
from cnddigest.recap.markdown import sentences as inlines
from cnddigest.recap.markdown.forms import caption

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# Blocks nested deeper lose their text. `lines` flattens lines before they get here: 12 markers of two levels
# and 64 columns of indentation stay below.
MAX_NESTING = 100
MAX_BRACKETS = 20  # links and emphasis nested deeper stay as typed; each level makes a run of brackets dearer


@lru_cache(maxsize=1)
def parser() -> "MarkdownIt":
    """Return CommonMark with tables and strikethrough that reads blogs the way their authors see them."""
    from markdown_it import MarkdownIt

    md, sentences = MarkdownIt("commonmark"), MarkdownIt("commonmark")
    md.inline = sentences.inline = inlines.wide_inline(sentences)
    sentences.configure("commonmark", {"maxNesting": MAX_BRACKETS})
    md.configure("commonmark", {"maxNesting": MAX_NESTING}).enable(["table", "strikethrough"])
    md.block.ruler.at("reference", rules.read_definition)
    md.block.ruler.at("table", rules.read_table, {"alt": ["paragraph", "reference"]})
    md.block.ruler.before("table", "form", rules.read_form, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    md.inline.ruler.before("link", "note", inlines.read_note)
    md.inline.ruler.before("link", "aside", inlines.read_aside)
    md.inline.ruler.before("link", "tag", inlines.read_tag)
    md.inline.ruler.before("link", "hatena", inlines.read_hatena)
    md.inline.ruler.before("link", "address", inlines.read_address)
    md.core.ruler.push("raw", _raw)
    md.core.ruler.push("words", inlines.keep_words)
    md.core.ruler.push("breaks", inlines.keep_breaks)
    md.add_render_rule("fence", _render_fence)
    md.add_render_rule("html_block", _render_raw)
    md.add_render_rule("note", _render_note)
    md.add_render_rule("furniture", _render_nothing)
    return md


def _raw(state: "StateCore") -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children, token.meta["dropped"] = tags.tidy(token.children)


def _render_fence(self: "RendererHTML", tokens: Sequence["Token"], n: int, options: Any, env: Any) -> str:
    above = caption(tokens[n].info)
    if not above:
        return self.fence(tokens, n, options, env)
    language = tokens[n].info.partition(":")[0] if tokens[n].info.isascii() else ""
    code = self.fence([tokens[n].copy(info=language)], 0, options, env)
    return f"<p><code>{escape(above)}</code></p>\n{code}"


def _render_note(_self: object, tokens: Sequence["Token"], n: int, *_: object) -> str:
    return f"<sup>[{tokens[n].content}]</sup>"


def _render_raw(_self: object, tokens: Sequence["Token"], n: int, *_: object) -> str:
    return "".join(block.html for block in raw_html.blocks(tokens[n].content, 0))


def _render_nothing(*_: object) -> str:
    return ""
