"""Texts found by their beginning, however they are spelled: the index behind every `match`."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from cnddigest.recap.identity import folded
from cnddigest.recap.sections import letters

T = TypeVar("T")
LONGEST = 400  # characters of a text, and of a match, that are compared
ENOUGH = 4  # hits that are told apart: one more than a finding names
_MARKS = "#>*+-=・•■◆●▼▶★□◇○§ "  # what an author may copy along from the start of a line


class Beginnings(Generic[T]):
    """Things by the beginning of their text. Looking one up takes logarithmic time."""

    def __init__(self, texts: Iterable[tuple[str, T]]) -> None:
        """Take pairs of a text and the thing it stands for."""
        known = [(text[:LONGEST], value) for text, value in texts]
        self._bare = _Sorted(known, _bare)
        self._letters = _Sorted(known, letters)

    def equal(self, match: str) -> list[T]:
        """Return the things with exactly this text, a few at most."""
        return self._bare.equal(match) or self._letters.equal(match)

    def beginning(self, match: str) -> list[T]:
        """Return the things whose text begins like this, a few at most."""
        return self._bare.beginning(match) or self._letters.beginning(match)


class _Sorted(Generic[T]):
    def __init__(self, texts: Sequence[tuple[str, T]], key: Callable[[str], str]) -> None:
        self._key = key
        found = sorted(((key(text), place) for place, (text, _) in enumerate(texts)))
        self._keys = [words for words, _ in found]
        self._values = [texts[place][1] for _, place in found]

    def equal(self, match: str) -> list[T]:
        return list(self._from(match, str.__eq__))

    def beginning(self, match: str) -> list[T]:
        return list(self._from(match, str.startswith))

    def _from(self, match: str, fits: Callable[[str, str], bool]) -> Iterator[T]:
        """Yield each thing once: equal texts stand first among those that begin alike."""
        words = self._key(match[:LONGEST])
        if not words:
            return
        seen: list[T] = []
        for place in range(bisect_left(self._keys, words), len(self._keys)):
            if len(seen) == ENOUGH or not fits(self._keys[place], words):
                break
            if self._values[place] not in seen:
                seen.append(self._values[place])
                yield self._values[place]


def _bare(text: str) -> str:
    words = folded(text)
    return words.lstrip(_MARKS) or words
