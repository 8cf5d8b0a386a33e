"""Holes in rendered text, filled later without a template engine.

A page is rendered once, when its Part is prepared; the link to the next Part is put in when that one is out.
The marks are control characters "for private use" (ECMA-48, PU1 and PU2): XML and HTML parsers let them through, and
`clean` keeps them out of everybody's text, so no recap can forge one. They are Latin-1, since Python gives every
character of a text as many bytes as its widest one needs: a mark from beyond would make a feed four times as large.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO

OPEN, CLOSE = "\x91", "\x92"
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


def filled(text: str, values: Mapping[str, str | Iterable[str]]) -> Iterator[str]:
    """Yield what `fill` returns in pieces; a value may come in pieces too."""
    for number, piece in enumerate(SLOT.split(text)):
        value = values[piece] if number % 2 else piece
        yield from (value,) if isinstance(value, str) else value


def encoded(pieces: Iterable[str]) -> bytes:
    """Return texts as UTF-8, one behind the other.

    Each is encoded by itself: joined as text first, all of a large file would be as wide as its widest character,
    and stand in memory once more.
    """
    out = BytesIO()
    for piece in pieces:
        out.write(piece.encode())
    return out.getvalue()
