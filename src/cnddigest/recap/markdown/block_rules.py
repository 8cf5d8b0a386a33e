"""Markdown's block rules of our own: the lines of blogs, definitions that name an address, and whole tables."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnddigest.recap.markdown.forms import Form, form
from cnddigest.recap.markdown.lines import definition_lines
from cnddigest.recap.markdown.sentences import WIDE

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

BEGINS_CODE = re.compile(r"\s*(?:\{%-? *highlight\b[^{}\n]*%\}|\{\{[<%] *highlight\b[^{}\n]*[>%]\}\})")
ENDS_CODE = re.compile(r"\{%-? *endhighlight\b[^{}]*%\}|\{\{[<%] */ *highlight\b[^{}]*[>%]\}\}")

# A rule's `silent` asks whether the line may end the paragraph before it.


def _line(state: "StateBlock", n: int) -> str:
    return state.src[state.bMarks[n] + state.tShift[n] : state.eMarks[n]].rstrip(" \t")


def read_form(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Read a line that blogs give a meaning: see `forms`."""
    if state.is_code_block(start):
        return False
    found = form(_line(state, start))
    if not found or (silent and found.kind == "card" and not _ends_here(_line(state, start - 1))):
        return False
    if not silent:
        state.line = start + 1
        FORM_TOKENS[found.kind](state, start, end, found)
    return True


def _ends_here(before: str) -> bool:
    """Say whether an address below this line is a card, and not a word of a wrapped Latin sentence."""
    return bool(WIDE.search(before)) or before.endswith((".", "!", "?", ":", ">", ")"))


def _paragraph(state: "StateBlock", start: int, content: str, **meta: str) -> None:
    opening = state.push("paragraph_open", "p", 1)
    opening.map, opening.meta = [start, state.line], meta
    inline = state.push("inline", "", 0)
    inline.map, inline.content, inline.children = [start, state.line], content, []
    state.push("paragraph_close", "p", -1)


def _push_card(state: "StateBlock", start: int, _end: int, found: Form) -> None:
    _paragraph(state, start, f"<{found.url}>", card=found.url)


def _push_embed(state: "StateBlock", start: int, _end: int, found: Form) -> None:
    _paragraph(state, start, f"[{found.label}](<{found.url}>)" if found.url else found.label)


def _push_figure(state: "StateBlock", start: int, _end: int, found: Form) -> None:
    _paragraph(state, start, "\n".join(filter(None, (f"![](<{found.url}>)" if found.url else "", found.label))))


def _push_box(state: "StateBlock", start: int, _end: int, found: Form) -> None:
    if found.label:
        _paragraph(state, start, f"**{found.label}**")


def _push_code(state: "StateBlock", start: int, end: int, found: Form) -> None:
    last = next((n for n in range(start, end) if ENDS_CODE.search(_line(state, n))), end)
    state.line = min(last + 1, end)
    whole = state.getLines(start, state.line, state.blkIndent, keepLastLF=True)
    token = state.push("fence", "code", 0)
    token.info = found.label
    token.content = ENDS_CODE.sub("", BEGINS_CODE.sub("", whole, count=1), count=1)
    token.map = [start, state.line]


def _push_furniture(state: "StateBlock", start: int, _end: int, found: Form) -> None:
    token = state.push("furniture", "", 0)
    token.map, token.content, token.info = [start, state.line], found.label, "template tag"


FORM_TOKENS = {
    "card": _push_card,
    "embed": _push_embed,
    "figure": _push_figure,
    "box": _push_box,
    "code": _push_code,
    "furniture": _push_furniture,
}


def read_definition(state: "StateBlock", start: int, _end: int, silent: bool) -> bool:
    """Read a link's definition only where it names an address, on its own line.

    By the standard `[Note]: remember` is one too, and a line in brackets below becomes its title: words would vanish.
    """
    from markdown_it.rules_block import reference

    lines = definition_lines(_line(state, start), _line(state, start + 1) if start + 1 < state.lineMax else "")
    if not lines:
        return False
    last, state.lineMax = state.lineMax, start + lines
    try:
        return reference(state, start, state.lineMax, silent)
    finally:
        state.lineMax = last


def read_table(state: "StateBlock", start: int, end: int, silent: bool) -> bool:
    """Read a table and keep the cells beyond its header's, which GitHub's rule leaves out."""
    from markdown_it.rules_block.table import table

    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent:
        state.tokens[first:] = _with_spilled(state, state.tokens[first:])
    return True


def _with_spilled(state: "StateBlock", tokens: Sequence["Token"]) -> list["Token"]:
    columns = sum(token.type == "th_open" for token in tokens)
    whole: list[Token] = []
    line = 0
    for token in tokens:
        if token.type == "tr_open" and token.map:
            line = token.map[0]
        if token.type == "tr_close" and _line(state, line).count("|") >= columns:
            whole.extend(_spilled(state, line, columns))
        whole.append(token)
    return whole


def _spilled(state: "StateBlock", line: int, columns: int) -> list["Token"]:
    from markdown_it.rules_block.table import escapedSplit
    from markdown_it.token import Token

    cells = escapedSplit(_line(state, line))
    cells = cells[1:] if cells[0] == "" else cells
    cells = cells[:-1] if cells and cells[-1] == "" else cells
    tokens = []
    for cell in cells[columns:]:
        inline = Token("inline", "", 0, content=cell.strip(), children=[], map=[line, line + 1], block=True)
        tokens += [Token("td_open", "td", 1, block=True), inline, Token("td_close", "td", -1, block=True)]
    return tokens
