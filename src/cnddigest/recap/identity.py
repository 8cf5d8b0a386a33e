"""Permanent names of sessions: a function of their titles, never of their places."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

MOST_WORDS = 40  # characters of readable words in an id; it becomes a file name
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "―": "-", "〜": "~"})
# What NFKC makes of the signs that Japanese prose is full of. Without them most texts are normal already, which Unicode
# sees thirty times as fast as it normalises one.
_WIDE = (("（", "("), ("）", ")"), ("！", "!"), ("？", "?"), ("：", ":"))
_SIGNS = tuple(map(chr, _QUOTES))


def folded(text: str) -> str:
    """Return the form in which two spellings of a title, label or name are equal."""
    if not text.isascii():
        for wide, narrow in _WIDE:
            text = text.replace(wide, narrow)
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii() and any(sign in plain for sign in _SIGNS):  # looking is faster than translating
        plain = plain.translate(_QUOTES)
    return " ".join(plain.split()).casefold()


def session_ids(titles: Iterable[str]) -> Iterator[str]:
    """Yield an id per title: ASCII words, then 8 hex digits of SHA-256, then `-2` for its second session.

    Ids are made of `[a-z0-9-]` and begin with a letter or digit: they stand in file names and `tag:` ids.
    """
    taken: Counter[str] = Counter()
    for title in titles:
        name = _name(folded(title))
        taken[name] += 1
        yield name if taken[name] == 1 else f"{name}-{taken[name]}"


def _name(title: str) -> str:
    digest = hashlib.sha256(title.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_words(title) or 't'}-{digest}"


def _words(title: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", title) if not unicodedata.combining(char))
    words = "-".join(re.findall(r"[a-z0-9]+", bare))
    if len(words) <= MOST_WORDS:
        return words
    return words[: MOST_WORDS + 1].rpartition("-")[0] or words[:MOST_WORDS]
