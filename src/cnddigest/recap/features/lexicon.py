"""The terms of a text: its Latin words, and its runs of katakana and of kanji."""

import re
import unicodedata
from functools import lru_cache

_LETTER = "a-z0-9\u00df-\u024f"
TERM = re.compile(rf"[{_LETTER}][{_LETTER}+#]*(?:[-.][{_LETTER}]+)*|[ァ-ヴー]{{2,}}|[一-鿿々]{{2,}}")


def terms(folded_text: str) -> list[str]:
    """Return the terms of a folded text in order, each as often as it stands there."""
    return TERM.findall(folded_text)


def columns(text: str) -> int:
    """Return how wide a text is: a kana or kanji is as wide as two Latin letters (Unicode Standard Annex 11)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def run_of(character: str) -> str:
    """Return which runs a character belongs to, `""` for hiragana, signs and blanks."""
    if character.isascii():
        return "latin" if character.isalnum() else ""
    if "ァ" <= character <= "ヴ" or character == "ー":
        return "katakana"
    if "一" <= character <= "鿿" or character == "々":
        return "kanji"
    return "latin" if character.isalpha() and _columns(character) == 1 else ""


@lru_cache(maxsize=8192)
def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
