"""How alike titles are, without comparing each with each."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache

from cnddigest.recap.identity import folded

LONGEST = 120  # characters compared: the ratio takes quadratic time
TELLING = 16  # of a title's rarest 3-grams, by which those like it are found
COMMON = 200  # a 3-gram that stands in more titles tells nothing about one
NEAREST = 5  # candidates looked at closely; three are ever shown
NAMED = 0.6  # ratio below which a title is not even worth naming

_PART = re.compile(r"\d+|[前中後上下][編巻半篇]|[一二三四五六七八九十]+(?=[回編部話章])|\b(?:i{1,3}|iv|vi{0,3}|ix|x)\b")


@lru_cache(maxsize=8192)
def squeezed(title: str) -> str:
    """Return the form in which two spellings of a title are equal, blanks included: `Goで 書く` and `GOで書く`."""
    return "".join(folded(title).split())


def ratios(mine: Mapping[int, str], theirs: Mapping[int, str]) -> Iterator[tuple[int, int, float]]:
    """Yield how alike squeezed titles of either side are, from 0.6 to 1, for those that share rare 3-grams."""
    having: dict[str, list[int]] = {}
    for j, title in theirs.items():
        for gram in _grams(title):
            having.setdefault(gram, []).append(j)
    for i, title in mine.items():
        telling = sorted((len(having[gram]), gram) for gram in _grams(title) if gram in having)[:TELLING]
        shared = Counter(j for count, gram in telling if count <= COMMON for j in having[gram])
        for j in sorted(shared, key=lambda j: (-shared[j], j))[:NEAREST]:
            if (value := ratio(title, theirs[j])) >= NAMED:
                yield i, j, value


def parts(title: str) -> tuple[str, ...]:
    """Return what numbers a title: `… (1)` and `… (2)`, `… 前編` and `… 後編` are two talks that look alike."""
    return tuple(_PART.findall(folded(title)))


def ratio(one: str, other: str) -> float:
    """Return twice the characters two titles share, as a part of all: 1 for equal ones; 0 for less than 0.6.

    Equal beginnings and ends are counted first: titles in a series are much the same, and slow to compare otherwise.
    """
    one, other = one[:LONGEST], other[:LONGEST]
    total = len(one) + len(other)
    if not total or min(len(one), len(other)) * 2 < NAMED * total:
        return 0.0
    first = _shared(one, other)
    last = _shared(one[first:][::-1], other[first:][::-1])
    middle = SequenceMatcher(None, one[first : len(one) - last], other[first : len(other) - last], autojunk=False)
    found = sum(block.size for block in middle.get_matching_blocks())
    value = 2 * (first + last + found) / total
    return value if value >= NAMED else 0.0


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _grams(title: str) -> set[str]:
    bounded = f"^{title[:LONGEST]}$"
    return {bounded[n : n + 3] for n in range(len(bounded) - 2)}
