"""What a line says about the conference day: a label of its own, the prefix of a talk, or nothing."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from cnddigest.recap import dates
from cnddigest.recap.dates import Written
from cnddigest.recap.vocabulary import either, every, numbered

LONGEST_LABEL = 60  # characters; nobody writes a longer one
MOST_WORDS = 5  # beside the day, in a label with a theme
COLUMNS_PER_WORD = 3  # two to four Japanese characters count as one word

Place = Literal[
    "whole",  # nothing but the day: `Day 1 (Friday)`
    "themed",  # the day and, set apart, a few words: `Dag 0 - workshops`
    "start",  # the day begins a longer line: `Friday 09:30 Small Queues`
    "end",  # the day ends a longer line: `CNDT2022 1日目`
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMark:
    """The day in a line. `number`, `word`, `date`, `weekday` (0 is Monday) are None where the line has none.

    `text` is the day's part of the line and `rest` what stands beside it, both as written.
    """

    place: Place
    text: str
    rest: str = ""
    number: int | None = None
    word: Literal["first", "last", "eve"] | None = None
    date: Written | None = None
    weekday: int | None = None
    leads: bool = False  # nothing stands before the day, and something after it

    @property
    def key(self) -> tuple[object, ...]:
        """Return what two marks of the same day share."""
        if self.number is not None:
            return ("number", self.number)
        if self.date:
            return ("date", self.date.month, self.date.day)
        return ("word", self.word) if self.word else ("weekday", self.weekday)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What can stand for a day, and what may stand beside it."""

    hint: re.Pattern[str]
    number: re.Pattern[str]
    ordinal: re.Pattern[str]
    word: re.Pattern[str]
    weekday: re.Pattern[str]
    short: re.Pattern[str]
    filler: re.Pattern[str]
    talkative: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """Compile the patterns once."""
    day, ordinals = either(every("day")), either(numbered("ordinals"))
    words = {kind: either(every(kind)) for kind in ("first_day", "last_day", "eve")}
    weekdays = either(numbered("weekdays"))
    short = either(numbered("weekdays_short"))
    latin = either(word for word in every("filler") if word.isascii())
    wide = either(word for word in every("filler") if not word.isascii())
    joins = either([*(word for word in every("joins") | every("to") if word.isascii()), "-", "+"])
    kinds = either(every("keynote") | every("lightning"))
    return Patterns(
        hint=re.compile(rf"\d|日|{day}|{weekdays}|{'|'.join(words.values())}"),
        number=re.compile(
            r"第? ?(\d{1,2}|[一二三四五六七])(?:(?:日目)?[・,と-]\d{1,2}(?=日目))? ?日目?(?!間|本|程)"
            rf"|\b{day}s?[ .#-]{{0,2}}(\d{{1,2}}|{either(numbered('numbers'))})\b(?!\d|:\d)"
            rf"(?: ?{joins} ?(?:{day} ?)?\d{{1,2}}(?= ?(?:[:(,|\]】]|$)))?"
        ),
        ordinal=re.compile(rf"(?<!\w)({ordinals}) {day}\b|(?<![\d.])(\d)\. ?tag\b"),
        word=re.compile("|".join(rf"(?P<{kind}>{pattern})" for kind, pattern in words.items())),
        weekday=re.compile(
            rf"\b({weekdays})s?\b|(?<![一-鿿])([月火水木金土日])曜日?"
            r"|\(([月火水木金土日])(?:曜日?)?(?:[・,]?祝日?)?\)"
        ),
        short=re.compile(rf"\b({short})\b\.?"),
        filler=re.compile(rf"\b{latin}\b|{wide}"),
        talkative=re.compile(rf"[「」『』“”\"«»?!]|\d[:h]\d\d|\d時|{kinds}|[。.]$"),
    )


def mark(text: str, *, anywhere: bool = False) -> DayMark | None:
    """Read a line: None where it names no day, or only somewhere in the middle unless `anywhere` will do."""
    line = dates.plain(text).strip()
    if not line or len(line) > 4 * LONGEST_LABEL or not patterns().hint.search(line.lower()):
        return None
    facts, taken = _facts(line.lower())
    if not taken:
        return None
    return _placed(line, facts, sorted(taken), anywhere=anywhere)


@dataclass(slots=True)
class _Facts:
    number: int | None = None
    word: Literal["first", "last", "eve"] | None = None
    date: Written | None = None
    weekday: int | None = None


def _facts(line: str) -> tuple[_Facts, list[tuple[int, int]]]:
    """Return the day's facts and where in the line they stand."""
    facts, taken = _Facts(), list[tuple[int, int]]()
    for read in (_read_date, _read_number, _read_word, _read_weekday):
        for span in read(line, facts):
            if all(span[1] <= start or end <= span[0] for start, end in taken):
                taken.append(span)
    return facts, taken


def _read_date(line: str, facts: _Facts) -> list[tuple[int, int]]:
    known = dates.patterns()
    for pattern in (known.numeric, known.month_first, known.day_first):
        match = pattern.search(line)
        group = next(dates.written(match[0]), ()) if match else ()
        if match and len(group) == 1 and 1 <= group[0].month <= 12 and 1 <= group[0].day <= 31:
            facts.date = group[0]
            return [match.span()]
    return []


def _read_number(line: str, facts: _Facts) -> list[tuple[int, int]]:
    match = next((m for m in patterns().number.finditer(line) if _is_number(m)), None)
    if match:
        facts.number = _value(match[1] or match[2], "numbers")
    else:
        match = patterns().ordinal.search(line)
        if not match:
            return []
        facts.number = _value(match[1] or match[2], "ordinals")
    return [match.span()]


def _is_number(match: re.Match[str]) -> bool:
    """Tell `第2日` and `2日目` from `2日`, which is a date."""
    return not match[1] or match[0].endswith("目") or match[0].startswith("第")


def _value(spelling: str, kind: str) -> int:
    if spelling.isdecimal():
        return int(spelling)
    kanji = "一二三四五六七".find(spelling)
    return kanji + 1 if kanji >= 0 else numbered(kind)[spelling]


def _read_word(line: str, facts: _Facts) -> list[tuple[int, int]]:
    match = patterns().word.search(line)
    if not match:
        return []
    facts.word = {"first_day": "first", "last_day": "last", "eve": "eve"}[str(match.lastgroup)]  # type: ignore[assignment]  # three literals
    return [match.span()]


def _read_weekday(line: str, facts: _Facts) -> list[tuple[int, int]]:
    match = patterns().weekday.search(line)
    if match:
        name = match[1]
        facts.weekday = numbered("weekdays")[name] - 1 if name else "月火水木金土日".index(match[2] or match[3])
        return [match.span()]
    match = patterns().short.search(line) if facts.date or facts.number is not None else None
    if match:
        facts.weekday = numbered("weekdays_short")[match[1]] - 1
        return [match.span()]
    return []


_EDGE = " \t()[]【】<>《》〈〉:;,.、・|/-#*_=■◆●▼▶★□◇○◎§"


def _placed(line: str, facts: _Facts, taken: list[tuple[int, int]], *, anywhere: bool) -> DayMark | None:
    """Decide what the day is to its line by what stands before, between and after."""
    first, last = taken[0][0], taken[-1][1]
    before, after = line[:first].strip(_EDGE), line[last:].strip(_EDGE)
    between = "".join(line[end:start] for (_, end), (start, _) in pairwise(taken)).strip(_EDGE)
    place = _place(line, before, between, after, (first, last)) or ("end" if anywhere else None)
    if not place or (place == "start" and between and len(taken) > 1 and taken[0][1] < last - LONGEST_LABEL):
        return None
    return DayMark(
        place=place,
        text=line[first:last] + (")" if "(" in line[first:last] and ")" not in line[first:last] else ""),
        rest=" ".join(filter(None, (before, after))),
        number=facts.number,
        word=facts.word,
        date=facts.date,
        weekday=facts.weekday,
        leads=bool(after and not before),
    )


def _place(line: str, before: str, between: str, after: str, span: tuple[int, int]) -> Place | None:
    beside = [part for part in (before, between, after) if not _says_nothing(part)]
    if not beside:
        return "whole"
    quiet = len(line) <= LONGEST_LABEL and not patterns().talkative.search(line.lower())
    if quiet and _words(" ".join(beside)) <= MOST_WORDS and not (before and after) and _apart(line, span):
        return "themed"
    if not before:
        return "start"
    return None if after else "end"


def _says_nothing(part: str) -> bool:
    """Say whether this adds nothing to a label: a filler word, the day of the month beside a weekday."""
    rest = patterns().filler.sub("", part.lower())
    return not any(character.isalnum() for character in rest) or bool(re.fullmatch(r"\d{1,2}(?:日|[a-z]{2})?", part))


def _apart(line: str, span: tuple[int, int]) -> bool:
    """Say whether the day is set apart from its theme by more than a space."""
    before, after = line[: span[0]].rstrip(" "), line[span[1] :].lstrip(" ")
    return all(not side or side in _EDGE for side in (before[-1:], after[:1]))


def _words(text: str) -> float:
    wide = sum(1 for character in text if ord(character) >= 0x2E80)
    return len(text.split()) + wide / COLUMNS_PER_WORD
