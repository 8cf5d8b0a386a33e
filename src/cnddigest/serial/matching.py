"""The sessions of a corrected recap found among those of an earlier reading.

The strongest evidence decides first; each kind looks only at what the ones before left over:

    same title and same page, same title and same text
        where exactly one session on each side has it
    same title, which others have too, and much of the same text
        where each is the other's best: their ids only count them, so that two that changed places would swap
    same id and same title, same page, same title, same id
        where exactly one session on each side has it
    nearly the same title       ratio of 0.92 and more, 0.08 ahead of the next, the same digits
    much of the same text       Jaccard index of its 3-grams of 0.3 and more
        where each is the other's best

Time grows with the length of the recap: sessions are compared one by one only with the few that share rare grams.
"""

import re
import zlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cnddigest.recap.identity import folded
from cnddigest.recap.model import Session

# Measured on 365 pairs: different sessions have a Jaccard index of 0.13 at most, edited ones of 0.35 at least.
ALIKE_TITLES, AHEAD = 0.92, 0.08
ALIKE_TEXTS = 0.3
FEWEST_GRAMS = 10  # shorter texts are alike by chance
COMMON = 20  # a gram that stands in more sessions tells nothing about one
NEAREST = 4  # candidates looked at closely; two decide
LONGEST_TITLE = 200  # characters compared; the ratio takes quadratic time
SKETCH = 64  # 3-grams that stand for a text: at an index of 0.3 two sketches share about 20
FEWEST_SHARED = 3  # of them, in a pair worth comparing

_NO_LETTERS = re.compile(r"[\W_]+")
_Scores = Mapping[tuple[int, int], float]
_Grams = Mapping[int, Iterable[Hashable]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What became of the old sessions, each side in its reading order.

    `pairs` are (old, new). `ambiguous` are those of `vanished` that new ones resemble, none clearly the one.
    `doubtful` are old ones that are paired by name or page, while their text is another one's now.
    """

    pairs: tuple[tuple[Session, Session], ...]
    added: tuple[Session, ...]
    vanished: tuple[Session, ...]
    ambiguous: tuple[Session, ...]
    doubtful: tuple[Session, ...] = ()


def match(old: Sequence[Session], new: Sequence[Session]) -> Match:
    """Pair the sessions of two readings; a session is in one pair at most."""
    found = _Pairs(old, new)
    for evidence in (_title_and_page, _title_and_text):
        found.pair_equal(evidence)
    found.pair_nearest(_shared_title_scores, at_least=ALIKE_TEXTS, ahead=0.0)
    for evidence in (_id_and_title, _page, _title, _id):
        found.pair_equal(evidence)
    unclear = found.pair_nearest(_title_scores, at_least=ALIKE_TITLES, ahead=AHEAD)
    unclear |= found.pair_nearest(_text_scores, at_least=ALIKE_TEXTS, ahead=0.0)
    return Match(
        pairs=tuple((old[i], new[found.new_of[i]]) for i in sorted(found.new_of)),
        added=tuple(new[j] for j in sorted(found.new_left)),
        vanished=tuple(old[i] for i in sorted(found.old_left)),
        ambiguous=tuple(old[i] for i in sorted(unclear & found.old_left)),
        doubtful=tuple(old[i] for i in sorted(found.doubtful())),
    )


def _title_and_page(session: Session) -> Hashable:
    return (folded(session.title), session.url) if session.url and session.title else None


def _title_and_text(session: Session) -> Hashable:
    text = _NO_LETTERS.sub("", folded(" ".join(session.prose.paragraphs)))
    return (folded(session.title), text) if text and session.title else None


def _id_and_title(session: Session) -> Hashable:
    return session.id, folded(session.title)


def _page(session: Session) -> Hashable:
    return session.url or None


def _title(session: Session) -> Hashable:
    return folded(session.title) or None


def _id(session: Session) -> Hashable:
    return session.id


class _Pairs:
    """Positions of paired sessions, and of those still left on either side."""

    def __init__(self, old: Sequence[Session], new: Sequence[Session]) -> None:
        self.old, self.new = old, new
        self.old_left, self.new_left = set(range(len(old))), set(range(len(new)))
        self.new_of: dict[int, int] = {}

    def pair_equal(self, key: Callable[[Session], Hashable]) -> None:
        """Pair what has the same key, where it is the only one left with it on its side."""
        mine, theirs = _only(self.old, self.old_left, key), _only(self.new, self.new_left, key)
        for shared in mine.keys() & theirs.keys():
            self._pair(mine[shared], theirs[shared])

    def pair_nearest(
        self, score: Callable[[Mapping[int, Session], Mapping[int, Session]], _Scores], *, at_least: float, ahead: float
    ) -> set[int]:
        """Pair what is each other's best by so much; return the old ones that came near and are not paired."""
        if not self.old_left or not self.new_left:
            return set()
        scores = score({i: self.old[i] for i in self.old_left}, {j: self.new[j] for j in self.new_left})
        by_old, by_new = _ranked(scores), _ranked({(j, i): value for (i, j), value in scores.items()})
        near = {i for i, ranks in by_old.items() if ranks[0][0] >= at_least}
        for i in sorted(near):
            j = by_old[i][0][1]
            if by_new[j][0][1] == i and _is_ahead(by_old[i], ahead) and _is_ahead(by_new[j], ahead):
                self._pair(i, j)
        return near & self.old_left

    def doubtful(self) -> set[int]:
        """Return the paired old positions whose text is unlike their partner's, and like another one's."""
        changed = {i: j for i, j in self.new_of.items() if _are_unlike(self.old[i], self.new[j])}
        scores = _text_scores({i: self.old[i] for i in changed}, {j: self.new[j] for j in changed.values()})
        return {i for (i, j), value in scores.items() if value >= ALIKE_TEXTS and j != changed[i]}

    def _pair(self, i: int, j: int) -> None:
        self.new_of[i] = j
        self.old_left.remove(i)
        self.new_left.remove(j)


def _only(
    sessions: Sequence[Session], positions: Iterable[int], key: Callable[[Session], Hashable]
) -> dict[Hashable, int]:
    keys = [(known, n) for n in positions if (known := key(sessions[n])) is not None]
    counts = Counter(known for known, _ in keys)
    return {known: n for known, n in keys if counts[known] == 1}


def _ranked(scores: _Scores) -> dict[int, list[tuple[float, int]]]:
    """Return the scores of each first position, the best first, the earliest of equal ones first."""
    ranks: dict[int, list[tuple[float, int]]] = {}
    for (one, other), value in scores.items():
        ranks.setdefault(one, []).append((value, other))
    return {one: sorted(values, key=lambda rank: (-rank[0], rank[1])) for one, values in ranks.items()}


def _is_ahead(ranks: Sequence[tuple[float, int]], by: float) -> bool:
    return len(ranks) < 2 or ranks[0][0] - ranks[1][0] >= by


def _title_scores(old: Mapping[int, Session], new: Mapping[int, Session]) -> _Scores:
    mine = {i: folded(session.title)[:LONGEST_TITLE] for i, session in old.items()}
    theirs = {j: folded(session.title)[:LONGEST_TITLE] for j, session in new.items()}
    near = _nearest(
        {i: _title_grams(title) for i, title in mine.items()},
        {j: _title_grams(title) for j, title in theirs.items()},
    )
    scores = {(i, j): _title_ratio(mine[i], theirs[j]) for i, j in near}
    return {pair: value for pair, value in scores.items() if value}


def _title_ratio(one: str, other: str) -> float:
    """Return how alike two titles are, 0 where that is too little to matter or they differ in a number."""
    if [c for c in one if c.isdigit()] != [c for c in other if c.isdigit()]:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for bound in (matcher.real_quick_ratio, matcher.quick_ratio):
        if bound() < ALIKE_TITLES - AHEAD:
            return 0.0
    return matcher.ratio()


def _text_scores(old: Mapping[int, Session], new: Mapping[int, Session]) -> _Scores:
    near = _nearest(
        {i: _sketch(_text_grams(session)) for i, session in old.items()},
        {j: _sketch(_text_grams(session)) for j, session in new.items()},
        sharing=FEWEST_SHARED,
    )
    return {(i, j): value for i, j in near if (value := _jaccard(_text_grams(old[i]), _text_grams(new[j])))}


def _shared_title_scores(old: Mapping[int, Session], new: Mapping[int, Session]) -> _Scores:
    """Compare the texts of sessions whose title others on their side have too."""
    mine, theirs = _by_title(old), _by_title(new)
    scores: dict[tuple[int, int], float] = {}
    for title in mine.keys() & theirs.keys():
        if title and max(len(mine[title]), len(theirs[title])) > 1:
            scores |= _text_scores({i: old[i] for i in mine[title]}, {j: new[j] for j in theirs[title]})
    return scores


def _by_title(sessions: Mapping[int, Session]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for n, session in sessions.items():
        found.setdefault(folded(session.title), []).append(n)
    return found


def _are_unlike(one: Session, other: Session) -> bool:
    """Say whether two sessions have texts that are long enough to compare, and not alike."""
    if one.prose.paragraphs == other.prose.paragraphs:
        return False
    mine, theirs = _text_grams(one), _text_grams(other)
    return bool(mine and theirs) and _jaccard(mine, theirs) < ALIKE_TEXTS


def _text_grams(session: Session) -> set[int]:
    """Return the checksums of the 3-grams of a text's letters and digits: the same in every process, and small."""
    octets = _NO_LETTERS.sub("", folded(" ".join(session.prose.paragraphs))).encode("utf-32-le", "surrogatepass")
    grams = {zlib.crc32(octets[n : n + 12]) for n in range(0, len(octets) - 8, 4)}  # 4 octets a character
    return grams if len(grams) >= FEWEST_GRAMS else set()


def _jaccard(one: set[int], other: set[int]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0


def _title_grams(title: str) -> set[str]:
    return {title[n : n + 2] for n in range(len(title) - 1)}


def _sketch(grams: Iterable[int]) -> list[int]:
    """Return the same few of a text's grams wherever they stand: those with the smallest checksums."""
    return sorted(grams)[:SKETCH]


def _nearest(old: _Grams, new: _Grams, *, sharing: int = 1) -> Iterator[tuple[int, int]]:
    """Yield each old position with the few new ones that share most rare grams with it."""
    having: dict[Hashable, list[int]] = {}
    for j, grams in new.items():
        for gram in grams:
            having.setdefault(gram, []).append(j)
    rare = {gram: places for gram, places in having.items() if len(places) <= COMMON}
    for i, grams in old.items():
        shared = Counter(j for gram in grams for j in rare.get(gram, ()))
        ranked = sorted(shared, key=lambda j: (-shared[j], j))[:NEAREST]
        yield from ((i, j) for j in ranked if shared[j] >= sharing)
