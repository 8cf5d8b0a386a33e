"""The form in which two spellings of a word are equal, and where each of its characters came from.

| folded | example |
|---|---|
| width and composition (NFKC) | `ＡＢＣ`, `ｶﾞ`, `㍿` |
| case | `Kubernetes`, `Straße` |
| accents on Latin letters | `café` |
| hiragana and katakana | `こんてな`: people type before they convert |
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

ACCENTED = re.compile("([A-Za-z])[\u0300-\u036f]+")
ACCENTS = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
# One character for one: full-width forms, which Japanese prose is full of though no normal form has them, and hiragana
# as the katakana of the same sound, iteration marks included.
WIDE = {0x3000: 0x20, **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}}
KANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
# Vowels and finals of Hangul: they join what stands before them, though Unicode calls them letters.
JOINING = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb]")


def folded(text: str) -> str:
    """Return the folded form."""
    if text.isascii():
        return text.lower()
    return _quickly(text) or _folded(text)


def _folded(text: str) -> str:
    bare = ACCENTED.sub(r"\1", unicodedata.normalize("NFKD", text.translate(WIDE)))
    return unicodedata.normalize("NFKC", bare.casefold()).translate(KANA)


def _quickly(text: str) -> str:
    """Return the folded form where each character gives one, as in most texts; `""` elsewhere."""
    narrow = text.translate(WIDE)
    if ACCENTS.search(narrow) or not unicodedata.is_normalized("NFKC", narrow):
        return ""
    small = narrow.casefold()  # gives one character or more for each
    if len(small) != len(text) or not unicodedata.is_normalized("NFKC", small):
        return ""
    return small.translate(KANA)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A folded text; its character `n` was made of `original[starts[n]:ends[n]]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def traced(text: str) -> Folded:
    """Return the folded form with the way back."""
    if quick := text.lower() if text.isascii() else _quickly(text):
        return Folded(text=quick, starts=range(len(text)), ends=range(1, len(text) + 1))
    pieces, starts, ends = list[str](), list[int](), list[int]()
    known: dict[str, str] = {}
    for first, last in _clusters(text):
        cluster = text[first:last]
        if cluster not in known:
            known[cluster] = folded(cluster)
        pieces.append(known[cluster])
        starts += [first] * len(known[cluster])
        ends += [last] * len(known[cluster])
    return Folded(text="".join(pieces), starts=starts, ends=ends)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Return the bounds of the pieces that can be folded by themselves: a character and what joins it."""
    begins = [place for place, char in enumerate(text) if not place or not _joins(char)]
    return list(pairwise([*begins, len(text)]))


def _joins(char: str) -> bool:
    if char < "\u0300":
        return False
    first = unicodedata.normalize("NFKD", char)[0]  # of a half-width voiced mark: the mark that combines
    return unicodedata.category(first)[0] == "M" or bool(JOINING.match(first))
