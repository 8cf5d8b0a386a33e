"""Markdown's sentences: emphasis and line ends beside wide letters, bare addresses, and notes."""

import re
import unicodedata
from collections.abc import MutableMapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.parser_inline import ParserInline
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

MIN_WIDE = 0.15  # of a paragraph's characters: from there on it is Japanese, however many product names it has
NEAR = 3  # tokens
WIDE = re.compile("[\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff]")
SCHEME = re.compile(r"(?:^|[^A-Za-z0-9.+-])(https?)\Z", re.IGNORECASE)
ADDRESS = re.compile(r"://[A-Za-z0-9][!#-;=?-_a-z~]*")  # visible ASCII without quotes, angles, braces, accent
TAG = re.compile(
    r"\{%[^{}\n]{0,500}%\}|\{\{(?:<[^{}\n]{0,500}>|%[^{}\n]{0,500}%)\}\}"  # of Jekyll, of Hugo
    r"|\{: ?(?:[.#][\w-]|[\w-]{1,40}=)[^{}\n]{0,300}\}"  # kramdown's attributes
)
HATENA = re.compile(
    r"\[(https?://[^\s\[\]]{1,2000}?):(?:title|embed|image|bookmark)(?:=([^\[\]\n]{0,500})|[^\[\]]{0,100})\]"
)
PHOTO = re.compile(r"\[f:id:[^\[\]\s]{1,200}\]")
NO_ADDRESS = re.compile(r"(?:%[0-9A-F]{2})+\Z")  # nothing but characters beyond ASCII, encoded
MARKS = "*_~[]`<&!\\\n"  # each becomes a token of half a kilobyte, or costs a search for its end
MOST_MARKS = 20_000  # in one paragraph; a thousand notes and line ends are much already
NOTE_MARK = re.compile(r"\[\^([^\]\s]{1,200})\]")


def wide_inline(sentences: "MarkdownIt") -> "ParserInline":
    """Return an inline parser in which emphasis beside wide characters opens and closes as its author meant.

    By the standard `これは**「重要」**です` is not bold: see commonmark/commonmark-spec#650. It goes by the options of
    `sentences`, which allow less nesting than those for blocks. A paragraph of nothing but marks stays as typed.
    """
    from markdown_it.parser_inline import ParserInline
    from markdown_it.rules_inline import StateInline
    from markdown_it.rules_inline.state_inline import Scanned

    class WideState(StateInline):
        def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803  markdown-it's names
            found = super().scanDelims(start, canSplitWord)
            end = start + found.length
            before = self.src[start - 1] if start else " "
            after = self.src[end] if end < self.posMax else " "
            if not canSplitWord or not (_is_wide(before) or _is_wide(after)):
                return found
            return Scanned(not after.isspace(), not before.isspace(), found.length)

    class WideInline(ParserInline):
        def parse(
            self, src: str, _: "MarkdownIt", env: MutableMapping[str, Any], tokens: list["Token"]
        ) -> list["Token"]:
            state = WideState(src, sentences, env, tokens)
            if sum(map(src.count, MARKS)) > MOST_MARKS:
                state.push("text", "", 0).content = src
                return state.tokens
            self.tokenize(state)
            for rule in self.ruler2.getRules(""):
                rule(state)
            return state.tokens

    return WideInline()


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WFH"


# A rule's `silent` asks only whether something is there.


def read_note(state: "StateInline", silent: bool) -> bool:
    """Read the mark of a footnote that is defined somewhere, `[^1]`."""
    if not state.src.startswith("[^", state.pos):
        return False
    found = NOTE_MARK.match(state.src, state.pos, state.posMax)
    if not found or found[1] not in state.env["notes"]:
        return False
    if not silent:
        numbers = state.env["numbers"]
        token = state.push("note", "", 0)
        token.content = str(numbers.setdefault(found[1], len(numbers) + 1))
        state.env["cited"].append(found[1])
    state.pos = found.end()
    return True


def read_aside(state: "StateInline", silent: bool) -> bool:
    """Read a footnote written where it is cited, `^[…]`, as a remark in brackets."""
    if not state.src.startswith("^[", state.pos):
        return False
    start = state.pos
    end = state.md.helpers.parseLinkLabel(state, start + 1)
    if end < 0:
        return False
    if not silent:
        last = state.posMax
        state.push("text", "", 0).content = " ("
        state.pos, state.posMax = start + 2, end
        state.md.inline.tokenize(state)
        state.push("text", "", 0).content = ")"
        state.posMax = last
    state.pos = end + 1
    return True


def read_tag(state: "StateInline", silent: bool) -> bool:
    """Leave a template's instruction out of the sentence around it."""
    if not state.src.startswith(("{%", "{{", "{:", "[f:id:"), state.pos):
        return False
    found = TAG.match(state.src, state.pos, state.posMax) or PHOTO.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        token = state.push("furniture", "", 0)
        token.content, token.info = found[0], "template tag" if found[0][0] == "{" else "picture kept by Hatena"
    state.pos = found.end()
    return True


def read_hatena(state: "StateInline", silent: bool) -> bool:
    """Read Hatena's link `[https://…:title=words]`."""
    if state.linkLevel > 0 or not state.src.startswith("[http", state.pos):
        return False
    found = HATENA.match(state.src, state.pos, state.posMax)
    if not found or not state.md.validateLink(found[1]):
        return False
    if not silent:
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": state.md.normalizeLink(found[1])}
        state.push("text", "", 0).content = found[2] or found[1]
        state.push("link_close", "a", -1)
    state.pos = found.end()
    return True


def read_address(state: "StateInline", silent: bool) -> bool:
    """Link a bare address. It ends at the first character beyond ASCII: Japanese goes on without a space."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = SCHEME.search(state.pending[-8:])
    found = ADDRESS.match(state.src, state.pos, state.posMax)
    if not scheme or not found:
        return False
    tail = _trimmed(found[0])
    url = state.md.normalizeLink(scheme[1] + tail)
    if not state.md.validateLink(url):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme[1])]
        opening = state.push("link_open", "a", 1)
        opening.attrs = {"href": url}
        state.push("text", "", 0).content = scheme[1] + tail
        state.push("link_close", "a", -1)
    state.pos += len(tail)
    return True


def _trimmed(address: str) -> str:
    """Take off what belongs to the sentence: its marks, and brackets that the address did not open."""
    address = address.rstrip(".,:;!?'*_~")
    while address.endswith((")", "]")):
        opening = "(" if address[-1] == ")" else "["
        if address.count(opening) >= address.count(address[-1]):
            break
        address = address[:-1].rstrip(".,:;!?'*_~")
    return address


def keep_words(state: "StateCore") -> None:
    """Take `[土](祝)` for the words it is: its target has no letter, dot or slash of an address."""
    for token in state.tokens:
        target = ""
        for child in token.children or ():
            if child.type == "link_open" and NO_ADDRESS.match(str(child.attrs.get("href", ""))):
                target = unquote(str(child.attrs["href"]))
                child.type, child.tag, child.nesting, child.content = "text", "", 0, "["
            elif child.type == "link_close" and target:
                child.type, child.tag, child.nesting, child.content = "text", "", 0, f"]({target})"
                target = ""


def keep_breaks(state: "StateCore") -> None:
    """Keep the line ends of Japanese prose; in Latin prose a line end is a space."""
    for token in state.tokens:
        if token.type == "inline" and token.children and "\n" in token.content:
            shown = "".join(child.content for child in token.children if child.type in {"text", "code_inline"})
            _break(token.children, kept=len(WIDE.findall(shown)) >= MIN_WIDE * len(shown))


def _break(children: Sequence["Token"], *, kept: bool) -> None:
    for n, child in enumerate(children):
        if child.type == "softbreak" and (kept or children[n - 1].type == "image" or _between_wide(children, n)):
            child.type, child.tag = "hardbreak", "br"


def _between_wide(children: Sequence["Token"], n: int) -> bool:
    """Look at the letters on both sides, through the marks of emphasis that may stand between."""
    before = "".join(child.content for child in children[max(n - NEAR, 0) : n])[-1:]
    after = "".join(child.content for child in children[n + 1 : n + 1 + NEAR])[:1]
    return bool(WIDE.match(before) and WIDE.match(after))
