"""Text as markdown that says the same: what would be markup gets a backslash, and nothing else does."""

import re
from collections.abc import Iterable

INLINE = re.compile(r"[\\`*\[\]<]|~(?=~)|&(?=#?\w{1,31};)|(?<![^\W_])_|_(?![^\W_])|\{(?=[%{])|@(?=\[)")
# What only counts at the start of a line: headings, quotations, lists, rules, boxes, tables, definitions, indents.
LEADING = re.compile(r"(?:#{1,6}(?=\s|$|[^\s#])|>|[-+](?=\s|$)|[-=]{2,}\s*$|:{2,}|\||=+\s*$|-(?=\s*-))")
NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
WORDS = re.compile(r"(\s+)")
ADDRESS = re.compile(r"https?://[^\s\\<>\"`\[\]{}|^]+", re.ASCII)


def inline(text: str) -> str:
    """Return text that markdown shows as it is, wherever it stands in a line."""
    return "".join(_word(word) if "://" in word else _escaped(word) for word in WORDS.split(text))


def _escaped(text: str) -> str:
    return INLINE.sub(lambda found: f"\\{found[0]}", text)


def _word(word: str) -> str:
    """Return a word with an address in it: a link takes no backslash for what it is."""
    if not INLINE.search(word):
        return word
    return f"<{word}>" if ADDRESS.fullmatch(word) else "\\://".join(map(_escaped, word.split("://")))


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
    before, last = line[: line.rfind(" ") + 1], line[line.rfind(" ") + 1 :]
    if ADDRESS.fullmatch(last):
        return f"{before}<{last}>\\\n"
    return f"{line}  \n" if "://" in last and not last.endswith(">") else f"{line}\\\n"


def heading(level: int, text: str) -> str:
    """Return a heading; one that ends in `#` keeps it."""
    words = inline(" ".join(text.split("\n")).strip())
    return f"{'#' * level} {re.sub(r'#(?=#*$)', lambda _: chr(92) + '#', words)}"
