"""Hard-wrapped Latin text: which lines were one paragraph before an editor broke them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from cnddigest.recap import words
from cnddigest.recap.lines import Row

FEWEST_BREAKS = 3  # lines broken at the same width before a text counts as wrapped
WIDEST = 110  # columns; longer lines were not broken by hand
NARROWEST = 40
GOES_ON = 0.3  # share of continued lines that begin with a small letter
SLACK = 12  # columns by which an editor may fall short of its width: ragged paragraphs, long words

_BULLET = re.compile(r"(?:[-*•+>]|\d{1,2}[.)]) ")
_ADDRESS = re.compile(r"<?https?://\S+>?$")


def joined(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with wrapped lines put together; other texts come back as they are.

    A line was broken where the first word of the next one would not have fitted.
    """
    width = _width(rows)
    if not width:
        return list(rows)
    found: list[Row] = []
    parts: list[str] = []
    for row in rows:
        if parts and not _is_apart(found[-1], row) and _continues(parts[-1], row, width):
            parts.append(row.text)
            continue
        _finish(found, parts)
        found.append(row)
        parts = [row.text]
    _finish(found, parts)
    return found


def _finish(found: list[Row], parts: list[str]) -> None:
    if len(parts) > 1:
        first = found[-1]
        found[-1] = replace(first, text=" ".join(parts))


def _is_apart(first: Row, row: Row) -> bool:
    """Say whether its author says that a line begins something, or that the paragraph before is a heading."""
    return row.role not in (None, "text") or first.role not in (None, "text", "drop")


def _width(rows: Sequence[Row]) -> int:
    """Return the width at which a text was wrapped, 0 if it was not."""
    breaks = sorted(len(a.text) for a, b in _neighbours(rows) if a.text.isprintable() and _is_latin(a.text))
    total = sum(not words.details(row.text) for row in rows)
    if len(breaks) < max(FEWEST_BREAKS, 0.2 * total):
        return 0
    width = breaks[int(0.98 * (len(breaks) - 1))]
    goes_on = sum(b.text[0].islower() for _, b in _neighbours(rows))
    if goes_on < GOES_ON * len(breaks):
        return 0
    full = sum(len(a.text) + 1 + len(_first_word(b.text)) > width - SLACK for a, b in _neighbours(rows))
    return width if NARROWEST <= width <= WIDEST and full >= 0.6 * len(breaks) and any(row.blank for row in rows) else 0


def _neighbours(rows: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Yield each line with the one right below it, unless that says who speaks or where: it was not broken off."""
    return ((a, b) for a, b in pairwise(rows) if not (b.blank or words.details(b.text)))


def _continues(before: str, row: Row, width: int) -> bool:
    if row.blank or _BULLET.match(row.text) or _ADDRESS.match(before):
        return False
    return len(before) + 1 + len(_first_word(row.text)) > width - SLACK


def _first_word(text: str) -> str:
    return text.partition(" ")[0]


def _is_latin(text: str) -> bool:
    return text.isascii() or max(text[:200]) < "\u2e80"
