"""Sessions that are about the same things: compared by their terms (tf-idf, cosine), with the terms they share."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from cnddigest.recap.model import Related

ALIKE = 0.6  # on a recap read closely, the two pairs that belong together score 0.84 and more, others 0.58 and less
ALIKE_IN_TWO = 0.75  # where they share no more than two terms: on the same recap one such pair of strangers has 0.71
MOST = 3  # related sessions of one kind: those that come before, and those that come after
MOST_TERMS = 5  # shared terms that are named
FEWEST_SHARED = 2  # one shared word is chance
FEWEST_TERMS = 12  # different terms of a text; a sentence or two is like another one by chance
COMMON = 20  # sessions with a term, beyond which it tells nothing about two of them; bounds time and memory
SHORTEST = 3  # letters of a Latin term

# What recaps say of any talk.
JAPANESE = (
    "以上 一番 一般 一部 会場 印象 可能 感想 解説 概要 課題 開催 活用 機能 今回 今後 "
    "言及 講演 講師 最後 最初 参加 仕組 資料 紹介 自分 質問 実際 実装 実践 重要 状況 "
    "場合 情報 素晴 説明 全体 他社 対応 大変 導入 登壇 登壇者 当日 特徴 内容 発表 "
    "発表者 必要 評価 分野 方法 本当 毎回 問題 利用 理由 理解 話題 日目 回目 番目 年月 会社 スライド "
    "セッション テーマ デモ トーク ポイント メモ"
)
LATIN = (
    "able about after again all also always and another any are around because been before being both but can could "
    "did does done don each even every everyone few first for from get give given good got great had has have her here "
    "him his how into its just know last later less like look lot made main make makes many may might more most much "
    "must need never new next nor not now off old once one only onto other our out over own part people point really "
    "room said same say says see seen session sessions she should show showed shown since slide slides some speaker "
    "speakers still such take taken talk talks team than that the their them then there these they thing things think "
    "this those three through time told too two under until upon use used uses using very want was way well went were "
    "what when where which while who whole why will with without work worked works would year years yet you your"
)
EMPTY = frozenset((*JAPANESE.split(), *LATIN.split()))


def related(texts: Mapping[str, Counter[str]]) -> dict[str, tuple[Related, ...]]:
    """Return for each session that has any its related ones, the nearest first.

    `texts` says how often each session has each term, by id, in reading order. At most `MOST` related ones come
    before it and `MOST` after. Only terms that a few sessions share are looked at, so the time is in proportion to
    the texts.
    """
    sessions_with: Counter[str] = Counter()
    for counts in texts.values():
        sessions_with.update(counts.keys())
    shared = {term: count for term, count in sessions_with.items() if 1 < count <= COMMON and tells(term)}
    vectors = {name: vector for name, counts in texts.items() if (vector := _vector(counts, shared, len(texts)))}
    having: dict[str, list[str]] = {}
    for name, vector in vectors.items():
        for term in vector:
            having.setdefault(term, []).append(name)
    order = {name: place for place, name in enumerate(texts)}
    nearest = {name: list(_nearest(name, vectors, having, order)) for name in vectors}
    return {name: _ranked(name, found, order) for name, found in nearest.items() if found}


@lru_cache(maxsize=65_536)
def tells(term: str) -> bool:
    """Say whether a term can tell one session from another."""
    return term not in EMPTY and not (term[0].isdigit() or (term.isascii() and len(term) < SHORTEST))


def _vector(counts: Counter[str], shared: Mapping[str, int], sessions: int) -> dict[str, float]:
    """Return a text's shared terms with their weights, as a vector of length 1; nothing for too short a text."""
    raw = {
        term: (1 + math.log(counts[term])) * math.log(sessions / shared[term])
        for term in sorted(counts.keys() & shared.keys())
    }
    length = math.sqrt(sum(weight * weight for weight in raw.values()))
    if not length or len(raw) < FEWEST_SHARED or sum(map(tells, counts)) < FEWEST_TERMS:
        return {}
    return {term: weight / length for term, weight in raw.items()}


def _nearest(
    name: str,
    vectors: Mapping[str, Mapping[str, float]],
    having: Mapping[str, Sequence[str]],
    order: Mapping[str, int],
) -> Iterator[Related]:
    """Yield the sessions that are near enough, the nearest first."""
    vector = vectors[name]
    scores: dict[str, float] = {}
    for term, weight in vector.items():
        for other in having[term]:
            scores[other] = scores.get(other, 0.0) + weight * vectors[other][term]
    del scores[name]
    for other, score in sorted(scores.items(), key=lambda found: (-found[1], order[found[0]])):
        if score < ALIKE:
            break
        both = {term: weight * vectors[other][term] for term, weight in vector.items() if term in vectors[other]}
        if len(both) > FEWEST_SHARED or (len(both) == FEWEST_SHARED and score >= ALIKE_IN_TWO):
            words = sorted(both, key=lambda term: (-both[term], term))[:MOST_TERMS]
            yield Related(session_id=other, terms=tuple(words))


def _ranked(name: str, found: Sequence[Related], order: Mapping[str, int]) -> tuple[Related, ...]:
    """Return the nearest on either side, in their order."""
    before = [one for one in found if order[one.session_id] < order[name]][:MOST]
    after = [one for one in found if order[one.session_id] > order[name]][:MOST]
    return tuple(one for one in found if one in before or one in after)
