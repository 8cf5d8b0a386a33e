"""Holes in rendered text, filled later without a template engine.

A page is rendered once, when its Part is prepared; the link to the next Part is put in when that one is out.
The marks are Unicode noncharacters: XML and HTML parsers let them through, and `clean` keeps them out of
everybody's text, so no recap can forge one.
"""

import re
from collections.abc import Mapping

OPEN, CLOSE = "\U0001fffe", "\U0001ffff"
SLOT = re.compile(f"{OPEN}([a-z_]+){CLOSE}")
# What XML 1.0 forbids; controls and noncharacters, which HTML calls an error; and the controls of writing direction,
# with which a title could turn the page around it.
FORBIDDEN = re.compile(
    "[^\t\n\r -~\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd"
    + "".join(f"{chr(plane * 0x10000)}-{chr(plane * 0x10000 + 0xFFFD)}" for plane in range(1, 17))
    + "]"
)


def clean(text: str) -> str:
    """Drop the characters no page, feed or message may hold; call it on every string from outside.

    Bidirectional embeddings, overrides and isolates (U+202A to U+202E, U+2066 to U+2069) are among them: one that is
    never closed mirrors what follows. Letters of every script keep the direction Unicode gives them.
    """
    return FORBIDDEN.sub("", text)


def slot(name: str) -> str:
    """Return the mark that `fill` replaces."""
    return f"{OPEN}{name}{CLOSE}"


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace every slot by its value; a slot without a value is a KeyError."""
    return SLOT.sub(lambda found: values[found[1]], text)
