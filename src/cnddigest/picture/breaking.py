"""Where a heading is broken into lines: words stay whole, and Japanese obeys kinsoku and keeps its words together.

text ──pieces──> words and single signs ──cheapest──> as few lines as there is room for, as even as they can be
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

# JIS X 4051 (and CSS `line-break: strict`): what may not begin a line, and what may not end one.
NEVER_FIRST = frozenset(
    "、。，．,.・：；:;？！?!゛゜ヽヾゝゞ々ー’”)）〕]］}｝〉》」』】°′″℃％%…‥〜～"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
NEVER_LAST = frozenset("‘“(（〔[［{｛〈《「『【")
EAST_ASIAN = "\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
PIECE = re.compile(rf"[{EAST_ASIAN}]|[^\s{EAST_ASIAN}]+")
LINE = 100.0  # one more line is worse than anything below
# A break after a sign is free, and so is one where a word of Japanese is likely to begin; a break inside of one costs
# up to as much as a line that is left empty.
INSIDE = {"katakana": 1.0, "kanji": 0.4, "hiragana": 0.3, "latin": 0.0}
BEGINS = frozenset({("hiragana", "kanji"), ("hiragana", "katakana"), ("hiragana", "latin")})
ELSEWHERE = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is never broken, with its width; `spaced` says that a space stands before it."""

    text: str
    width: float
    spaced: bool


def lines(text: str, measure: Callable[[str], float], room: float) -> tuple[str, ...]:
    """Return a text in as few lines as fit into `room`; `measure` tells how wide a text is, in the same unit.

    A word that is wider than a line is broken anywhere.
    """
    pieces, space = list(_pieces(text, measure, room)), measure(" ")
    best: list[tuple[float, int]] = [(0.0, 0)]  # what the cheapest lines up to a piece cost, and where the last begins
    for end in range(1, len(pieces) + 1):
        best.append(_cheapest(pieces, best, end, room, space))
    cuts = [len(pieces)]
    while cuts[-1]:
        cuts.append(best[cuts[-1]][1])
    return tuple(_joined(pieces[first:end]) for first, end in pairwise(reversed(cuts)))


def roughness(lines: Sequence[str]) -> float:
    """Return what the breaks between these lines cost: 0 where each stands between words."""
    return sum(_penalty(before[-1], after[0]) for before, after in pairwise(lines))


def _pieces(text: str, measure: Callable[[str], float], room: float) -> list[Piece]:
    found = [(match[0], match.start() > 0 and text[match.start() - 1].isspace()) for match in PIECE.finditer(text)]
    pieces: list[Piece] = []
    for word, spaced in found:
        width = measure(word)
        shards = [word] if width <= room else list(word)
        pieces += [
            Piece(text=shard, width=width if shard == word else measure(shard), spaced=spaced and not place)
            for place, shard in enumerate(shards)
        ]
    return pieces


def _cheapest(
    pieces: Sequence[Piece], best: Sequence[tuple[float, int]], end: int, room: float, space: float
) -> tuple[float, int]:
    """Return the least cost of lines up to `end`, and where the last of them begins."""
    found, width = (inf, end - 1), 0.0
    penalty = (
        0.0 if end == len(pieces) or pieces[end].spaced else _penalty(pieces[end - 1].text[-1], pieces[end].text[0])
    )
    for first in range(end - 1, -1, -1):
        width += pieces[first].width
        if width > room and first < end - 1:
            break
        cost = best[first][0] + LINE + max(0.0, 1 - width / room) ** 2 + penalty
        found = min(found, (cost, first))
        width += space if pieces[first].spaced else 0.0
    return found


def _penalty(last: str, first: str) -> float:
    """Return what it costs to end a line with one sign and begin the next with the other."""
    if last in NEVER_LAST or first in NEVER_FIRST:
        return 2 * LINE  # worse than a line more
    scripts = _script(last), _script(first)
    if "sign" in scripts or scripts in BEGINS:
        return 0.0
    return INSIDE[scripts[0]] if scripts[0] == scripts[1] else ELSEWHERE


def _script(char: str) -> str:
    if char.isdigit() or (char.isascii() and char.isalpha()):
        return "latin"
    name = unicodedata.name(char, "")
    for script, word in (("HIRAGANA", "hiragana"), ("KATAKANA", "katakana"), ("CJK", "kanji"), ("HANGUL", "kanji")):
        if name.startswith(script):
            return word
    return "latin" if char.isalpha() else "sign"


def _joined(pieces: Sequence[Piece]) -> str:
    return "".join(f" {piece.text}" if piece.spaced and place else piece.text for place, piece in enumerate(pieces))
