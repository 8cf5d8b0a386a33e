"""Calendar dates in a text: when the event took place, in the spellings of five languages."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cnddigest.recap.vocabulary import either, every, numbered

LONGEST_EVENT = 14  # days; a longer range is no conference
LONGEST_LINE = 60  # characters of a line that only says when an event took place
HEAD = 4_000  # characters in which the event's date is looked for when the introduction has none


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―〜～~", "-"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A date as written: the year may be missing."""

    month: int
    day: int
    year: int | None = None

    def on(self, year: int | None) -> dt.date | None:
        """Return the date, with that year where none is written; None where there is no such day."""
        full = self.year or year
        try:
            return dt.date(full, self.month, self.day) if full else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days of an event, first to last."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> tuple[dt.date, ...]:
        """Return each day of it."""
        return tuple(self.first + dt.timedelta(days=n) for n in range((self.last - self.first).days + 1))


def plain(text: str) -> str:
    """Return the text in NFKC with one kind of dash."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """The three ways to write one or several days that belong together."""

    numeric: re.Pattern[str]  # 2022年11月21日-22日, 11/21(月)・22(火), 2022-11-21
    month_first: re.Pattern[str]  # June 6-7, 2026
    day_first: re.Pattern[str]  # 8-9 May 2026, du 14 au 15 mars 2026
    token: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """Compile the patterns once: month names and joining words come from the vocabulary."""
    month = rf"\b{either(numbered('months'))}\b\.?"
    nth = r"(?:st|nd|rd|th|er|\.)?"
    latin = either(word for word in every("joins") | every("to") if word.isascii() or word == "à")
    join = rf"(?: ?- ?|, (?:and )?| {latin} )"
    weekday = r"(?:\([^()]{1,12}\))?"
    wide = rf" ?(?:{either([*every('joins'), '-', 'から'])}) ?"
    day = rf"\d{{1,2}}{nth}(?![\d:])"
    more = r"(?:\d{4}[年/.-] ?)?(?:\d{1,2}[月/.-] ?)?\d{1,2}(?![\d:])日?"
    return Patterns(
        numeric=re.compile(
            r"(?<![\d/.-])(?:\d{4}年 ?\d{1,2}月|\d{4}[/.-]\d{1,2}[/.-]|\d{1,2}月|\d{1,2}/) ?\d{1,2}(?![\d:/])日?"
            rf"{weekday}(?:{wide}{more}{weekday}){{0,5}}"
        ),
        month_first=re.compile(rf"{month} {day}(?:{join}(?:{month} )?{day}){{0,5}}(?:,? ?\d{{4}})?", re.IGNORECASE),
        day_first=re.compile(
            rf"(?<![\d/.:-]){day}(?:{join}{day}){{0,5}} (?:of |de )?{month}(?:,? \d{{4}})?"
            rf"(?:{join}{day} (?:of |de )?{month}(?:,? \d{{4}})?)?",
            re.IGNORECASE,
        ),
        token=re.compile(rf"\d+|{month}", re.IGNORECASE),
    )


def written(text: str) -> Iterator[tuple[Written, ...]]:
    """Yield the dates of a text (as `plain` returns it), those that are written as one together."""
    known = patterns()
    for match in known.numeric.finditer(text):
        yield tuple(_numeric(match[0]))
    for pattern in (known.month_first, known.day_first):
        for match in pattern.finditer(text):
            yield tuple(_named(match[0], day_first=pattern is known.day_first))


def is_span(line: str) -> bool:
    """Say whether a line is nothing but several days that belong together: when an event took place."""
    if len(line) > LONGEST_LINE or not any(character.isdigit() for character in line):
        return False
    text, known = _weekday().sub("", plain(line)).strip(" .。"), patterns()
    found = (pattern.fullmatch(text) for pattern in (known.numeric, known.month_first, known.day_first))
    return any(len(next(written(match[0]), ())) > 1 for match in found if match)


def _numeric(text: str) -> Iterator[Written]:
    year = month = None
    without_weekdays = re.sub(r"\([^()]*\)", " ", text)
    for y, m, d in re.findall(r"(?:(\d{4})[年/.-] ?)?(?:(\d{1,2})[月/.-] ?(?=\d))?(\d{1,2})(?!\d)", without_weekdays):
        year, month = int(y) if y else year, int(m) if m else month
        if month:
            yield Written(year=year, month=month, day=int(d))


def _named(text: str, *, day_first: bool) -> Iterator[Written]:
    """Read `June 30-July 2, 2026` and `30 June-2 July 2026`: the month before, or after, its days."""
    tokens = [token.lower().rstrip(".") for token in patterns().token.findall(text)]
    years = [int(token) for token in tokens if token.isdigit() and len(token) == 4]
    year, month = (years[-1] if years else None), None
    for token in reversed(tokens) if day_first else tokens:
        if not token.isdigit():
            month = numbered("months")[token]
        elif len(token) <= 2 and month:
            yield Written(year=year, month=month, day=int(token))


def year_in(*texts: str) -> int | None:
    """Return the first year of this century that the texts name."""
    return next((int(match[0]) for text in texts for match in re.finditer(r"(?<!\d)20\d\d(?!\d)", text)), None)


@cache
def _weekday() -> re.Pattern[str]:
    return re.compile(rf"\b{either(numbered('weekdays'))},?(?: den)? (?=\w)", re.IGNORECASE)


def spans(text: str, year: int | None) -> Iterator[Span]:
    """Yield every plausible event that a text names, in no particular order of importance.

    Weekdays are passed over: `Saturday, June 8 to Sunday, June 9, 2024` is one event.
    """
    for group in written(_weekday().sub("", plain(text))):
        named = next((one.year for one in group if one.year), year)
        days = sorted(day for day in (one.on(named) for one in group) if day)
        if days and (days[-1] - days[0]).days < LONGEST_EVENT:
            yield Span(first=days[0], last=days[-1])


def event(title: str, introduction: str, head: str, *, written_on: dt.date | None) -> Span | None:
    """Return when the event took place: the first range of several days, else the first single day.

    The date of the post only lends its year, to dates that are written without one.
    """
    year = year_in(title, introduction) or (written_on.year if written_on else None)
    found = [span for text in (introduction, title, head[:HEAD]) for span in spans(text, year)]
    several = (span for span in found if span.first != span.last)
    return next(several, found[0] if found else None)
