"""A stylesheet into style attributes: the home of premailer, tinycss2 and cssutils, fenced and refusing.

Mail programs drop style blocks, so what matters stands on the elements. premailer does that, and silently loses
what it does not understand; `split` refuses all of it instead, and nothing here opens a file or a connection.
A rule belongs to one of two kinds:

    inlined   `.title { … }`, without `!important`: put on every element it selects
    kept      `@media …`, `:hover`, `:root`, `[data-ogsc] …`: stays in the style block, and since a style
              attribute wins over it, each of its declarations needs `!important`
"""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from cnddigest.errors import BadTemplate

if TYPE_CHECKING:
    import premailer

LARGEST_KEPT = 16_384  # Gmail drops a larger style block as a whole
DOCTYPE = "<!DOCTYPE html>\n"  # premailer loses it
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CUSTOM = re.compile(r"(--[\w-]+)\s*:\s*([^;{}]+);?")
VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,((?:[^()]|\([^()]*\))*))?\)")
DEEPEST_VAR = 8  # how often a value may stand for a value
STAYS = re.compile(r":(hover|active|focus|visited|root)\b|\[data-og|^u\s*\+")  # can't be said by a style attribute
CLASS = re.compile(r"[.#][\w-]")
LIVE = re.compile(r"<(style|link|script|form|svg|base|iframe|object)\b|\son[a-z]+\s*=", re.IGNORECASE)
HTML_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SIZES = ["width", "height", "bgcolor", "align", "valign"]  # else premailer writes `width="calc(…)"`


@dataclass(frozen=True, slots=True, kw_only=True)
class Stylesheet:
    """A stylesheet in two: what goes onto the elements, and what stays in the style block."""

    inlined: str
    kept: str


def inline(html: str, css: str, *, template: str = "issue.html.j2", name: str = "issue.css") -> str:
    """Return the document with every rule of `css` on the elements it selects, or in its style block.

    Raises BadTemplate for a rule that would be lost, and for a document that brings styles or scripts itself; the
    error names the stylesheet or the template that is to blame.
    """
    live = LIVE.search(HTML_COMMENT.sub("", html))
    if live:
        raise BadTemplate(
            f"template error: {template}: mail can't show a document that has {live[0].strip()}",
            hint=f"styles belong to {name}, all else to pages",
        )
    if "</head>" not in html:
        raise BadTemplate(
            f"template error: {template}: a document to be mailed has no head",
            hint="begin with the packaged one, from <!DOCTYPE html> to </html>",
        )
    sheet = split(css, name=name)
    styles = f'<style>{sheet.inlined}</style><style data-premailer="ignore">{sheet.kept}</style></head>'
    done: str = _engine()(
        html.replace("</head>", styles, 1),
        allow_network=False,
        allow_loading_external_files=False,
        disable_validation=True,
        disable_basic_attributes=SIZES,
        cssutils_logging_level=logging.FATAL,
    ).transform(pretty_print=False)
    return done if done.lower().startswith("<!doctype") else DOCTYPE + done


def split(css: str, *, name: str = "issue.css") -> Stylesheet:
    """Take a stylesheet apart, its custom properties resolved; raise BadTemplate for what would be lost."""
    import tinycss2

    inlined: list[str] = []
    kept: list[str] = []
    for node in tinycss2.parse_stylesheet(_resolved(css, name), skip_comments=True, skip_whitespace=True):
        if node.type == "qualified-rule":
            stays = bool(STAYS.search(_head(node)))
            (kept if stays else inlined).append(_rule(node, kept=stays, name=name))
        else:
            kept.append(_media(node, name))
    sheet = Stylesheet(inlined="\n".join(inlined), kept="\n".join(kept))
    if len(sheet.kept.encode()) > LARGEST_KEPT:
        raise BadTemplate(f"more style is kept than mail programs read: {name}, over {LARGEST_KEPT} bytes")
    return sheet


@cache
def _engine() -> "type[premailer.Premailer]":
    """Import premailer, and shut the door that `allow_network=False` leaves open."""
    import cssutils
    import premailer

    cssutils.log.setLevel(logging.FATAL)
    cssutils.util._defaultFetcher = lambda _url: None  # noqa: SLF001 - the only hook cssutils has
    engine: type[premailer.Premailer] = premailer.Premailer
    return engine


def _refuse(name: str, line: int, what: str, why: str) -> NoReturn:
    raise BadTemplate(f"this style would be lost in mail: {name}, line {line}: {what}", hint=why)


def _resolved(css: str, name: str) -> str:
    """Drop comments and put values in the place of custom properties; lines keep their numbers."""
    css = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), css)
    values: dict[str, str] = {}
    for found in CUSTOM.finditer(css):
        if found[1] in values:
            line = css[: found.start()].count("\n") + 1
            _refuse(name, line, f"{found[1]} has two values", "write the other one out where it is meant")
        values[found[1]] = found[2]
    css = CUSTOM.sub(lambda found: "\n" * found[0].count("\n"), css)
    for _ in range(DEEPEST_VAR):
        if "var(" not in css:
            return css
        css = VAR.sub(lambda found: values.get(found[1]) or found[2] or found[0], css)
    line = css[: css.find("var(")].count("\n") + 1
    _refuse(name, line, "a custom property without a value", "define it in :root")


def _head(node: Any) -> str:
    import tinycss2

    return str(tinycss2.serialize(node.prelude)).strip()


def _media(node: Any, name: str) -> str:
    """Return an @media rule as it is kept; refuse every other at-rule, rules inside rules, and broken syntax."""
    import tinycss2

    if node.type != "at-rule" or node.lower_at_keyword != "media" or not node.content:
        what = f"@{node.at_keyword}" if node.type == "at-rule" else getattr(node, "message", node.type)
        _refuse(name, node.source_line, what, "only rules and @media with rules in it survive")
    inner = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
    for rule in inner:
        if rule.type != "qualified-rule":
            _refuse(name, rule.source_line, f"{rule.type} inside @media", "mail programs read one level")
    return "\n".join([f"@media {_head(node)}{{", *(_rule(rule, kept=True, name=name) for rule in inner), "}"])


def _rule(node: Any, *, kept: bool, name: str) -> str:
    """Return a rule in one line, checked for what its kind demands."""
    import tinycss2

    selector = _head(node)
    for item in tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True):
        _check_declaration(item, kept=kept and selector != ":root", root=selector == ":root", name=name)
    if not kept:
        _check_selectors(selector.split(","), node.source_line, name)
    return f"{selector}{{{str(tinycss2.serialize(node.content)).strip()}}}"


def _check_declaration(item: Any, *, kept: bool, root: bool, name: str) -> None:
    what = item.serialize() if item.type != "error" else item.message
    if item.type != "declaration":
        _refuse(name, item.source_line, what, "a rule holds declarations and nothing else")
    if any(token.type == "url" or getattr(token, "lower_name", "") == "url" for token in item.value):
        _refuse(name, item.source_line, what, "an Issue loads nothing by its style")
    if root:
        return
    if kept and not item.important:
        _refuse(name, item.source_line, what, "a style attribute wins over it without !important")
    if not kept and (item.important or not _understood(what)):
        _refuse(name, item.source_line, what, "inlined rules need no !important, and values of CSS 2.1 and 3")


def _understood(declaration: str) -> bool:
    import cssutils

    _engine()
    return bool(cssutils.parseStyle(declaration, validate=False).length)


def _check_selectors(selectors: Iterable[str], line: int, name: str) -> None:
    """Refuse selectors whose meaning depends on more than an element's name, its classes and the classes above it.

    Prose has no classes. So where each step but the last has one, a rule selects the same in every Issue,
    whatever stands in its texts, and can be learnt from a specimen.
    """
    for selector in map(str.strip, selectors):
        if not selector or re.search(r"[:\[+~>]", selector):
            _refuse(
                name, line, selector, "give the element a class: siblings, positions and attributes differ by Issue"
            )
        *above, _ = selector.split()
        for step in above:
            if not CLASS.search(step) and step not in {"html", "body"}:
                _refuse(name, line, selector, f"put a class on `{step}`: what lies inside prose can't be told apart")
