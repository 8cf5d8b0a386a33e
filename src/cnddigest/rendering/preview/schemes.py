"""A document as a reader with a light or a dark screen sees it, whatever the screen it is shown on."""

import re
from collections.abc import Callable
from typing import Literal

Scheme = Literal["light", "dark"]

STYLE = re.compile(r"(<style\b[^>]*>)(.*?)(?=</style|\Z)", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"""<[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
ATTRIBUTE = re.compile(r"""(\s(style|media)\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
META = re.compile(r"""<meta\b[^>]*\bname\s*=\s*["']?(?:supported-)?color-schemes?\b""", re.IGNORECASE)
CONTENT = re.compile(r"""(\scontent\s*=\s*)("[^"]*"|'[^']*')""", re.IGNORECASE)
QUERY = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
PROPERTY = re.compile(r"""(?<![-\w])(color-scheme\s*:\s*)([a-z -]+)""", re.IGNORECASE)
ALWAYS, NEVER = "(min-width: 0px)", "(max-width: 0px)"  # conditions of CSS that mean this for every frame


def forced(html: str, scheme: Scheme) -> str:
    """Return an HTML document whose questions after the reader's colour scheme are answered already.

    `@media (prefers-color-scheme: …)` matches or not, and `color-scheme` names the one scheme where it named several;
    a document that is made for one alone stays so. Nothing a reader reads is touched: only style sheets inside the
    document, and the attributes `style`, `media` and, of `<meta name="color-scheme">`, `content`.
    """
    return TAG.sub(lambda tag: _tag(tag[0], scheme), STYLE.sub(lambda found: found[1] + _css(found[2], scheme), html))


def _css(css: str, scheme: Scheme) -> str:
    asked = QUERY.sub(lambda found: ALWAYS if found[1].lower() == scheme else NEVER, css)
    return PROPERTY.sub(lambda found: found[1] + _one(found[2], scheme), asked)


def _tag(tag: str, scheme: Scheme) -> str:
    if META.match(tag):
        return CONTENT.sub(_quoted(lambda value: _one(value, scheme)), tag)
    return ATTRIBUTE.sub(_quoted(lambda value: _css(value, scheme)), tag)


def _quoted(change: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    def replaced(found: re.Match[str]) -> str:
        quoted = found[found.lastindex or 0]
        return f"{found[1]}{quoted[0]}{change(quoted[1:-1])}{quoted[0]}"

    return replaced


def _one(schemes: str, scheme: Scheme) -> str:
    """Return the scheme where it is among these."""
    words = schemes.lower().split()
    return scheme if scheme in words and "only" not in words else schemes
