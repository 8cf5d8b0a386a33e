"""Text as markdown that says the same: what would be markup gets a backslash, and nothing else does."""

import re
from collections.abc import Iterable

INLINE = re.compile(r"[\\`*\[\]<]|~(?=~)|&(?=#?\w{1,31};)|(?<![^\W_])_|_(?![^\W_])|\{(?=[%{])|@(?=\[)")
# What only counts at the start of a line: headings, quotations, lists, rules, boxes, tables, definitions, indents.
LEADING = re.compile(r"(?:#{1,6}(?=\s|$|[^\s#])|>|[-+](?=\s|$)|[-=]{2,}\s*$|:{2,}|\||=+\s*$|-(?=\s*-))")
NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
LAST_ADDRESS = re.compile(r"(?<!\S)https?://[^\s\\<>()\[\]]+$")
OPEN_ADDRESS = re.compile(r"://[^\s>]*$")


def inline(text: str) -> str:
    """Return text that markdown shows as it is, wherever it stands in a line."""
    return INLINE.sub(lambda found: f"\\{found[0]}", text)


def line_start(line: str) -> str:
    """Return a line, escaped by `inline`, that begins no block."""
    stripped = line.lstrip()
    if found := NUMBERED.match(stripped):
        return f"{found[1]}\\{stripped[found.end(1) :]}"
    return f"\\{stripped}" if LEADING.match(stripped) else stripped


def paragraph(text: str) -> str:
    """Return a paragraph; a line break in it is one there."""
    return broken(line_start(inline(line)) for line in text.split("\n"))


def broken(lines: Iterable[str]) -> str:
    """Return lines of one paragraph."""
    *others, last = [line for line in lines if line] or [""]
    return "".join([*map(_ended, others), last])


def _ended(line: str) -> str:
    """Return a line with a break, which is no part of the address that it ends in."""
    line = LAST_ADDRESS.sub(r"<\g<0>>", line)
    return f"{line}  \n" if OPEN_ADDRESS.search(line) else f"{line}\\\n"


def heading(level: int, text: str) -> str:
    """Return a heading; one that ends in `#` keeps it."""
    words = inline(" ".join(text.split("\n")).strip())
    return f"{'#' * level} {re.sub(r'#(?=#*$)', lambda _: chr(92) + '#', words)}"
