"""Text as markdown that says the same: what would be markup gets a backslash, and nothing else does."""

import re

INLINE = re.compile(r"[\\`*\[\]<]|~(?=~)|&(?=#?\w{1,31};)|(?<![^\W_])_|_(?![^\W_])|\{(?=[%{])|@(?=\[)")
# What only counts at the start of a line: headings, quotations, lists, rules, boxes, tables, definitions, indents.
LEADING = re.compile(r"(?:#{1,6}(?=\s|$|[^\s#])|>|[-+](?=\s|$)|[-=]{2,}\s*$|:{2,}|\||=+\s*$|[-_*]{1}(?=\s*[-_*]))")
NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
HEADER = re.compile(r"([A-Za-z][\w -]{0,30})(:)(?=\s|$)")


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
    lines = [line_start(inline(line)) for line in text.split("\n")]
    return "\\\n".join(line for line in lines if line)


def heading(level: int, text: str) -> str:
    """Return a heading; one that ends in `#` keeps it."""
    words = inline(" ".join(text.split("\n")).strip())
    return f"{'#' * level} {re.sub(r'#(?=#*$)', lambda _: chr(92) + '#', words)}"
