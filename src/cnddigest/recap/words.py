"""Whole headings that are known by their words: closings, front matter, furniture, resources, groups."""

import re
from functools import cache, lru_cache

from cnddigest.recap.dates import plain
from cnddigest.recap.vocabulary import DETAILS, either, every, listed

LONGEST = 60  # characters; a heading made of known words is short

_AROUND = " \t　()[]【】<>《》〈〉:;,.、。!?・|/-#*_=~■◆●▼▶★□◇○◎§0123456789"


_SYMBOLS = re.compile(r"\A[^\w]{1,8}|(?<=\w)[^\w]{1,8}\Z")  # a picture before the word, or after


@lru_cache(maxsize=256)
def bare(text: str) -> str:
    """Return a line folded, without what stands around its words."""
    if len(text) > 2 * LONGEST:
        return ""
    line = " ".join(plain(text).lower().split()).strip(_AROUND)
    return line if line.isalnum() else _SYMBOLS.sub("", line).strip(_AROUND)


_MARKS = re.compile(r"(?:[■◆●▼▶★□◇○◎§•]|#(?!\d)){1,6}[ 　]?")


def unmarked(text: str) -> str:
    """Return a heading without the mark that plain text has before it, as in `■1日目`: that is markup."""
    return _MARKS.sub("", text.strip(), count=1) if _MARKS.match(text.strip()) else text.strip()


@cache
def _whole(kind: str) -> re.Pattern[str]:
    return re.compile(either(every(kind)))


@cache
def _filled() -> re.Pattern[str]:
    """Match closing words with others of their kind, and little words between: `まとめと感想`."""
    closing = either(every("closing"))
    filler = either(every("closing_filler"))
    little = rf"(?: ?{filler}){{0,4}}"
    return re.compile(rf"(?:{filler} ?){{0,4}}{closing}(?:{little} ?{closing}){{0,2}}{little}")


def is_closing(text: str) -> bool:
    """Say whether a heading is a closing and nearly nothing else."""
    return bool((line := bare(text)) and _filled().fullmatch(line))


def is_front(text: str) -> bool:
    """Say whether a heading only opens: `はじめに`, `Introduction`."""
    return bool(_whole("front").fullmatch(bare(text)))


@cache
def _about() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(form).replace("X", "(.{2,60})") for form in sorted(every("about"))))


def about(text: str) -> str | None:
    """Return what a heading explains: `Kelp Ruby Camp` in `What is Kelp Ruby Camp?`."""
    match = _about().fullmatch(bare(text))
    return next(filter(None, match.groups()), "").strip() if match else None


def is_contents(text: str) -> bool:
    """Say whether a heading announces a contents list."""
    return bool(_whole("contents").fullmatch(bare(text)))


def is_resources(text: str) -> bool:
    """Say whether a heading only announces slides, links, questions of the talk above it."""
    return bool(_whole("resources").fullmatch(bare(text)))


@cache
def _detail() -> re.Pattern[str]:
    """Match the label of a line such as `Speaker: First Last`; its group names what the line is about."""
    kinds = "|".join(rf"(?P<{kind}>{either(listed(labels))})" for kind, labels in DETAILS.items())
    return re.compile(rf"(?<![^\s|｜/,、・])(?:{kinds}) ?[:：] ?(?=\S)", re.IGNORECASE)


def is_detail(text: str) -> bool:
    """Say whether a line under a heading says who, when or where: `Speaker: First Last`."""
    return bool(_detail().match(_unlisted(text[:LONGEST])))


def details(text: str) -> list[tuple[str, str]]:
    """Return what such a line says, and about what, a key of `vocabulary.DETAILS`: it may say several things."""
    line = _unlisted(text[: 4 * LONGEST])
    found = list(_detail().finditer(line)) if _detail().match(line) else []
    ends = [*(match.start() for match in found[1:]), len(line)]
    return [(str(m.lastgroup), line[m.end() : end].strip(_AFTER)) for m, end in zip(found, ends, strict=False)]


_AFTER = " \t　|｜/,、・·"


def _unlisted(text: str) -> str:
    return text.lstrip(" \t　-*・•■◆▼●")


def is_lightning(text: str) -> bool:
    """Say whether a heading is about lightning talks as a group."""
    return bool(_lightning().search(bare(text)))


def is_only_lightning(text: str) -> bool:
    """Say whether a heading stands for lightning talks and says nothing else: `LT大会`."""
    return bool(_lightning().fullmatch(bare(text)))


def is_group(text: str) -> bool:
    """Say whether a heading names a track, a room or a run of short talks rather than a talk."""
    return bool((line := bare(text)) and _track().fullmatch(line)) or is_lightning(text)


@cache
def _lightning() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){either(every('lightning'))}(?![a-z])")


@cache
def _track() -> re.Pattern[str]:
    return re.compile(rf"(?:.{{0,20}}\b)?{either(every('track'))}(?:s? ?[a-z0-9]?\b.{{0,20}})?")


def is_furniture(text: str) -> bool:
    """Say whether a line is the platform's, not the author's: a comment form, a share button."""
    return bool((line := bare(text)) and _whole("furniture").fullmatch(line)) or leads_away(text)


def leads_away(text: str) -> bool:
    """Say whether titles of other articles stand below this line: `関連記事`."""
    return bool((line := bare(text)) and _whole("related").fullmatch(line))


def is_ornament(text: str) -> bool:
    """Say whether a line is only a rule or stars: it has no letter and no digit."""
    return not any(character.isalnum() for character in text[: 2 * LONGEST])


def is_titled(text: str) -> bool:
    """Say whether a heading reads like the title of a recap: `… まとめ`, `Notes from …`."""
    return bool(_titled().search(plain(text[: 3 * LONGEST]).lower()))


@cache
def _titled() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){either(every('title'))}(?![a-z])")


def names_year(text: str) -> bool:
    """Say whether a heading names a year, as events do."""
    return bool(re.search(r"(?<!\d)20\d\d(?!\d)", text[: 3 * LONGEST]))
