"""Abbreviations that an author explains once, explained again where they return: `SLO（Service Level Objective）`."""

import html as entities
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from cnddigest.recap.features.passages import rewritten

SHORTS = 12  # characters before a bracket in which its abbreviation stands
LONGEST = 80  # characters of an expansion
MOST_WORDS = 10  # of an expansion that stands before its abbreviation
# Articles, prepositions and conjunctions, of which an abbreviation need not know.
_ENGLISH = ("a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to")
_OTHERS = ("de", "del", "der", "des", "die", "du", "et", "für", "i", "la", "le", "les", "og", "und")
SMALL = frozenset((*_ENGLISH, *_OTHERS))

SHORT = r"[A-Z](?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{1,9}"
BRACKET = re.compile(rf"[(（]([^()（）\n]{{2,{2 * LONGEST}}})[)）]")
BEFORE = re.compile(rf"(?:^|[^A-Za-z0-9_-])({SHORT})\s?\Z")
USE = re.compile(rf"(?<![A-Za-z0-9_&#./-]){SHORT}(?![A-Za-z0-9_;/-]|\.[A-Za-z0-9])")
CAPITALS = re.compile(r"[A-Z][A-Za-z0-9]{1,9}")
WORDS = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’][a-z]+)?")
ENDS = re.compile(r"[、,，;；:：=＝]|\s[-–—]\s")
# A phrase of katakana and kanji, with Latin words: anything in hiragana but の is a remark, not an expansion.
JAPANESE = re.compile(r"(?=.*[ァ-ヴ])[ァ-ヴー・一-鿿々のA-Za-z -]{4,40}\Z|[一-鿿々]{4,20}\Z")


def explained(paragraphs: Iterable[str]) -> dict[str, str]:
    """Return the abbreviations that a text explains, each with its expansion; the first one counts.

    A Latin expansion must have the abbreviation's letters for initials, before it or behind it. A Japanese one stands
    in brackets behind it.
    """
    found: dict[str, str] = {}
    for paragraph in paragraphs:
        for bracket in BRACKET.finditer(paragraph):
            for short, expansion in (*_before(paragraph, bracket), *_after(paragraph, bracket)):
                found.setdefault(short, expansion)
    return found


def used(paragraphs: Iterable[str], known: Collection[str]) -> list[str]:
    """Return the known abbreviations that a text may use; `marked` looks closely."""
    seen = {word for paragraph in paragraphs for word in CAPITALS.findall(paragraph)} if known else set()
    return [short for short in known if short in seen] if seen else []


def marked(markup: str, known: Mapping[str, str]) -> str:
    """Return HTML in which the first use of each known abbreviation has its expansion as a title."""
    left = dict(known)

    def explain(found: re.Match[str]) -> str:
        expansion = left.pop(found[0], None)
        return f'<abbr title="{entities.escape(expansion)}">{found[0]}</abbr>' if expansion else found[0]

    return rewritten(markup, lambda text: USE.sub(explain, text) if left else text)


def fits(short: str, expansion: str) -> bool:
    """Say whether the letters of an abbreviation are the initials of a Latin expansion, in order, none left over.

    Small words, and what a hyphen joins, may be left out; a word in capitals counts with each of its letters.
    """
    words = [(word, word.casefold() in SMALL or expansion[max(at - 1, 0)] == "-") for word, at in _words(expansion)]
    return 2 <= len(words) <= MOST_WORDS + 4 and _fit("".join(filter(str.isalpha, short)).casefold(), words)


def _words(text: str) -> list[tuple[str, int]]:
    return [(found[0], found.start()) for found in WORDS.finditer(text)]


def _fit(letters: str, words: list[tuple[str, bool]]) -> bool:
    reached = {0}  # how many letters may be told by the words so far
    for word, may_be_missing in words:
        folded = word.casefold()
        after = set(reached) if may_be_missing else set()
        for done in reached:
            if letters[done : done + 1] == folded[0]:
                after.add(done + 1)
            if len(word) > 1 and word.isupper() and letters.startswith(folded, done):
                after.add(done + len(word))
        reached = after
    return len(letters) in reached


def _before(paragraph: str, bracket: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield `ABBR(expansion)`, of which remarks behind a comma are cut off."""
    short = BEFORE.search(paragraph, max(bracket.start() - SHORTS, 0), bracket.start())
    if not short:
        return
    for text in dict.fromkeys((ENDS.split(bracket[1])[0].strip(), bracket[1].strip())):
        if len(text) <= LONGEST and (fits(short[1], text) or JAPANESE.match(text)):
            yield short[1], " ".join(text.split())
            return


def _after(paragraph: str, bracket: re.Match[str]) -> Iterator[tuple[str, str]]:
    """Yield `expansion (ABBR)`, for the shortest run of words before the bracket that fits."""
    if not re.fullmatch(SHORT, bracket[1]):
        return
    before = paragraph[max(bracket.start() - LONGEST, 0) : bracket.start()].rstrip()
    for _, at in reversed(_words(before)[-MOST_WORDS:]):
        text = before[at:]
        if text.isascii() and fits(bracket[1], text):
            yield bracket[1], " ".join(text.split())
            return
