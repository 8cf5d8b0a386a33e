"""The author's last words where no heading begins them: what follows a break below the last talk."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cnddigest.recap import cells
from cnddigest.recap.blocks import Block
from cnddigest.recap.breaks import is_rule
from cnddigest.recap.dates import plain
from cnddigest.recap.sections import Section

LONGEST = 1_500  # characters of last words without a heading; more is a text that an author would have named
SIGNS = 2  # of a closing, before a paragraph without any break above it may be one

LISTS = frozenset({"list", "day", "title"})  # roles of sections that may hold whole talks
TALKS = LISTS | {"talk", "inside"}  # and of those that hold the text of one

# How people end a recap. Each says something of the event, its people or the text itself; a talk's summary seldom does.
LANGUAGES: Mapping[str, tuple[str, ...]] = {
    "ja": (
        "以上(?:です|、|が|で(?:す|終)|となり)",
        "ありがとうござい",
        "お?(?:疲れ|つかれ)(?:様|さま)",
        "来年|次回|次の開催",
        r"(?:[二三四五2-5]日間|両日)(?!の(?:講演|発表))",
        "全体(?:を通し|として|的に)|イベント全体",
        "参加(?:して(?:よか|良か|みて)|でき)",
        "(?:運営|スタッフ|主催者?|登壇者)の(?:皆|みな|方)|運営スタッフ",
        "感謝",
        "また(?:お会い|会い|会え|参加|来)",
        "(?:本|この|当)(?:記事|レポート|まとめ|ブログ)|読んで(?:いただ|頂|くださ|下さ)|お読みいただ",
        "楽し(?:かった|い時間|め)",
    ),
    "en": (
        r"\bthank(?:s| you)\b",
        r"\bsee you\b|\buntil (?:next|then)\b",
        r"\bnext (?:year|time|edition)\b",
        r"\ball in all\b|\boverall\b|\bin (?:short|summary|conclusion)\b|\bto sum up\b",
        r"\bthat(?:['’]s| is| was) (?:it|all)\b",
        r"\b(?:two|three|four|both) days\b",
        r"\borgani[sz]ers?\b|\bvolunteers\b",
        r"\bthis (?:post|recap|write-?up|report)\b|\bfor reading\b",
        r"\b(?:looking forward|can['’]t wait)\b",
        r"\bthe (?:conference|event) (?:was|is|ended)\b|\b(?:went|way|train) home\b",
    ),
    "fr": (
        r"\bmerci\b",
        r"\bl['’]an(?:née)? prochaine?\b|\bprochaine édition\b",
        r"\bà (?:bientôt|la prochaine)\b",
        r"\b(?:en somme|au final|pour finir|bref)\b",
        r"\b(?:deux|trois) jours\b",
        r"\b(?:organisat|bénévoles)",
    ),
    "de": (
        r"\bdank(?:e|en)?\b",
        r"\bnächste[sn]? (?:jahr|mal)\b",
        r"\bbis (?:bald|dann|zum nächsten)\b",
        r"\balles in allem\b|\binsgesamt\b",
        r"\b(?:zwei|drei|beiden) tagen?\b",
        r"\bveranstalter",
    ),
    "no": (
        r"\btakk\b",
        r"\bneste (?:år|gang)\b",
        r"\bvi (?:ses|sees|møtes)\b",
        r"\balt i alt\b",
        r"\b(?:to|tre|begge) dage(?:r|ne)\b",
        r"\barrangør",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """What may be the closing: the last section's blocks before it, and its own. `sure` says that it is one."""

    before: tuple[Block, ...]
    words: tuple[Block, ...]
    sure: bool


def found(sections: Sequence[Section], roles: Sequence[str]) -> Farewell | None:
    """Return what stands behind the last break of the last talk, where no heading begins a closing.

    It is the closing where it is the only break in the text of any talk, so that no author's habit, and where it is
    short and speaks like one. A last paragraph that does so without a break may be one.
    """
    if not sections or "closing" in roles or roles[-1] not in TALKS:
        return None
    body = sections[-1].body
    places = list(_breaks(body))
    if not places:
        return _without_break(body, roles[-1])
    before, words = body[: places[-1]], tuple(block for block in body[places[-1] :] if not is_rule(block))
    if not _may_close(words) or (roles[-1] in LISTS and not cells.holds_talks(before)):
        return None
    speaks = bool(_signs(words))
    elsewhere = any(
        role in TALKS and next(_breaks(one.body), None) for one, role in zip(sections[:-1], roles[:-1], strict=True)
    )
    habit = elsewhere or len(places) > 1
    return None if habit and not speaks else Farewell(before=before, words=words, sure=speaks and not habit)


def _breaks(body: Sequence[Block]) -> Iterator[int]:
    """Yield the places before which a break stands, with text on either side."""
    for place, block in enumerate(body):
        if place and (block.parted or (is_rule(block) and place + 1 < len(body))):
            yield place


def _without_break(body: tuple[Block, ...], role: str) -> Farewell | None:
    last = body[-1:]
    if role not in ("talk", "inside") or len(body) == 1 or not _may_close(last) or len(_signs(last)) < SIGNS:
        return None
    return Farewell(before=body[:-1], words=last, sure=False)


def _may_close(words: Sequence[Block]) -> bool:
    """Say whether these are some sentences: no list of talks, no mere addresses, nothing of which the author spoke."""
    kinds = {block.kind for block in words}
    length = sum(len(block.text) for block in words)
    said = any(block.role for block in words)
    return "paragraph" in kinds and 0 < length <= LONGEST and not said and not cells.holds_talks(words)


def _signs(words: Sequence[Block]) -> list[str]:
    """Return the signs of a closing that a text has."""
    text = plain("\n".join(block.text for block in words)).lower()
    return [sign.pattern for sign in _patterns() if sign.search(text)]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(sign) for signs in LANGUAGES.values() for sign in signs)
