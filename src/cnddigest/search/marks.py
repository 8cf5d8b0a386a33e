"""Where a Query's words stand in a text as its author wrote it: what a page marks, and what of it is shown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cnddigest.search.folding import traced
from cnddigest.search.model import Query, Term
from cnddigest.search.spelling import placed

COLUMNS = 240  # of an excerpt: three lines or so; an ideograph fills two
BEFORE = 48  # columns of it before what was found
WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\U00020000-\U0003fffd]"
)
INSIDE = re.compile("[0-9A-Za-z\u00c0-\u024f]{2}")  # between two letters of a word; other scripts may be cut anywhere
LONGEST_WORD = 24  # characters: what is longer is cut

Range = tuple[int, int]  # from, up to: places in the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, and whether it is what was looked for."""

    text: str
    marked: bool = False


def matches(words: Sequence[str], term: Term) -> Iterator[int]:
    """Yield at which token each match of a Term begins."""
    *first, last = term.tokens
    count = len(term.tokens)
    for place in range(len(words) - count + 1):
        end = words[place + count - 1]
        if (end.startswith(last) if term.open_ended else end == last) and list(
            words[place : place + count - 1]
        ) == first:
            yield place


def ranges(text: str, query: Query) -> list[list[Range]]:
    """Return for each Term where it stands in the text."""
    found = traced(text)
    spelled = list(placed(found.text))
    words, places = [token for token, _ in spelled], [place for _, place in spelled]
    return [
        [
            (found.starts[places[first]], found.ends[places[first + len(term.tokens) - 1] + len(term.tokens[-1]) - 1])
            for first in matches(words, term)
        ]
        for term in query.terms
    ]


def pieces(text: str, query: Query) -> tuple[Piece, ...]:
    """Return the text in pieces, those marked that were looked for; joined they are the text."""
    return tuple(_cut(text, _joined(ranges(text, query)), 0, len(text)))


def excerpt(text: str, query: Query, *, columns: int = COLUMNS) -> tuple[Piece, ...]:
    """Return the stretch of a text that shows the most of what was looked for, its beginning where nothing stands."""
    found = ranges(text, query)
    first, last = _window(text, found, columns)
    shown = [
        Piece(text=" ".join(piece.text.split("\n")), marked=piece.marked)
        for piece in _cut(text, _joined(found), first, last)
    ]
    before, after = [Piece(text="…")] * (first > 0), [Piece(text="…")] * (last < len(text))
    return (*before, *shown, *after)


def _joined(found: list[list[Range]]) -> list[Range]:
    """Return the ranges of all Terms in order, those that touch as one."""
    joined: list[Range] = []
    for first, last in sorted(each for term in found for each in term):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def _cut(text: str, marked: list[Range], first: int, last: int) -> Iterator[Piece]:
    """Yield the pieces of a stretch."""
    inside = [(max(one, first), min(end, last)) for one, end in marked if one < last and end > first]
    edges = [first, *(edge for both in inside for edge in both), last]
    for number, (one, end) in enumerate(pairwise(edges)):
        if one < end:
            yield Piece(text=text[one:end], marked=number % 2 == 1)


def _window(text: str, found: list[list[Range]], columns: int) -> Range:
    """Return the first stretch in which the most Terms stand."""
    starts = sorted((first, term) for term, places in enumerate(found) for first, _ in places)
    best, most = 0, 0
    for number, (first, _) in enumerate(starts):
        near = {term for place, term in starts[number:] if place < first + (columns - BEFORE) // 2}
        if len(near) > most:
            best, most = first, len(near)
        if most == len(found):
            break
    first = _step(text, best, BEFORE, back=True) if most else 0
    return first, _step(text, first, columns)


def _step(text: str, place: int, columns: int, *, back: bool = False) -> int:
    """Return the place some columns on, or back; not inside a word, and back not beyond a paragraph's beginning."""
    while columns > 0 and (place > 0 if back else place < len(text)):
        char = text[place - 1] if back else text[place]
        if back and char == "\n":
            return place
        columns -= 2 if WIDE.match(char) else 1
        place += -1 if back else 1
    for nearer in range(place, max(place - LONGEST_WORD, 0), -1):
        if not INSIDE.fullmatch(text, nearer - 1, nearer + 1):
            return nearer
    return place
