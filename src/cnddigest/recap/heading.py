"""A talk's heading, taken apart: day, running number, track, clock, code, kind, title, speakers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from cnddigest.recap import days, words
from cnddigest.recap.model import Kind
from cnddigest.recap.names import LONGEST, is_certain, people
from cnddigest.recap.vocabulary import either, every

SHARED = 0.3  # share of the talks that end the same way before their ends are believed to be speakers
SHARED_FIRST = 0.6  # the same for `Kari Nordmann: Plattformer for folk flest`, which looks like a subtitle
BESIDE_MEAL = 4  # Japanese letters beside the word for a break; in Latin script one word before and one after

# Full-width forms and their ASCII twins, one to one: places found in the one are places in the other.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(0x5E)} | {0x3000: " ", 0xA0: " "}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―", "-"))
_BAR = re.compile(r" ?[|/] ?")
_TRIM = " \t　-–—―:：|｜/／,、・"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the talks of one recap write their headings: what is only believed because many share it."""

    forms: frozenset[str] = frozenset()
    numbered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The parts of a heading. `starts_at` is `HH:MM`; `kind` is what the words of the heading say."""

    title: str
    kind: Kind = "talk"
    track: str | None = None
    starts_at: str | None = None
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What may stand before a title, in this order."""

    number: re.Pattern[str]
    track: re.Pattern[str]
    clock: re.Pattern[str]
    code: re.Pattern[str]
    keynote: re.Pattern[str]
    lightning: re.Pattern[str]
    event: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """Compile the patterns once."""
    keynote, lightning, event, meal = (either(every(kind)) for kind in ("keynote", "lightning", "event", "meal"))
    hour = r"(?:[01]?\d|2[0-3])"
    clock = rf"({hour})(?:[:h時.]([0-5]\d)分?|([h時])(?!\w))(?: ?(am|pm))?"
    after = r"[ \]):|,、-]{0,4}"
    return Patterns(
        number=re.compile(
            r"(?:(?:#|no\.? ?|talk |session |セッション|発表)?(\d{1,3}) ?[.):：]|[【\[(](\d{1,3})[】\])]) ?(?=\D)",
            re.IGNORECASE,
        ),
        track=re.compile(rf"\[([^\[\]]{{1,40}})\] ?(?={hour}[:h時]|【|\[)"),
        clock=re.compile(rf"[\[(]?{clock}(?: ?[-~〜～] ?{clock})?{after}", re.IGNORECASE),
        code=re.compile(r"[\[【(] ?(?:[A-Z0-9]{1,4}(?:-[A-Z0-9]{1,4}){1,3}|[A-Z]{1,3}\d{1,3}) ?[\]】)]" + after),
        keynote=_kind_pattern(keynote),
        lightning=_kind_pattern(lightning),
        event=re.compile(
            rf"{event}|(?:\S{{1,20}} )?{meal}(?: \S{{1,20}})?|[^ -~]{{0,{BESIDE_MEAL}}}{meal}[^ -~]{{0,{BESIDE_MEAL}}}"
        ),
    )


def _kind_pattern(word: str) -> re.Pattern[str]:
    """Match `基調講演「`, `Keynote:`, `【LT】` before a title."""
    return re.compile(rf"[\[【]{word}[\]】] ?|{word} ?\d? ?(?=[「『“\"(]|[:|/-] ?)[:|/-]? ?", re.IGNORECASE)


def narrow(text: str) -> str:
    """Return the text with ASCII instead of full-width letters and one kind of dash, place for place."""
    return text.translate(_NARROW).translate(_DASHES)


def style(headings: Sequence[str]) -> Style:
    """Find out what the talks' headings have in common."""
    count = Counter(form for text in headings for form in {found.form for found in _named(narrow(text))})
    shares = {"first": SHARED_FIRST}
    numbers = [int(match[1] or match[2]) for text in headings if (match := patterns().number.match(narrow(text)))]
    rising = numbers == sorted(set(numbers)) and numbers[:1] in ([0], [1])
    return Style(
        forms=frozenset(
            form for form, number in count.items() if number >= max(2, shares.get(form, SHARED) * len(headings))
        ),
        numbered=len(numbers) >= 2 and rising and len(numbers) >= len(headings) / 2,
    )


def form(text: str) -> str | None:
    """Return what shows that a line is a talk's: its clock, code, number or the way it names its speaker."""
    line = narrow(text)
    if len(line) > 3 * LONGEST:
        return None
    known = patterns()
    for name in ("clock", "code", "number"):
        if getattr(known, name).match(line):
            return name
    return next((found.form for found in _named(line) if found.form != "first"), None)


def split(text: str, style: Style, *, day: bool = False) -> Heading:
    """Take a heading apart; in doubt the title keeps the whole. With `day`, it may begin with the day."""
    line, start = narrow(text), 0
    start = len(line) - len(words.unmarked(line)) if words.unmarked(line) in line else 0
    if day:
        start = _past_day(text, start)
    if style.numbered:
        start = _past(patterns().number, line, start)
    track = None if patterns().code.match(line, start) else patterns().track.match(line, start)
    start = track.end() if track else start
    start, starts_at = _clock(line, start)
    code = patterns().code.match(line, start)
    if code:
        start = code.end()
        start, starts_at = (start, starts_at) if starts_at else _clock(line, start)
    start, kind = _kind(line, start)
    start, end, speakers = _speakers(line, start, style)
    title = _unquoted(text[start:end].strip(_TRIM)) or text.strip()
    return Heading(
        title=title,
        kind=kind if kind != "talk" or speakers else event_or_talk(title),
        track=text[track.start(1) : track.end(1)].strip() if track else None,
        starts_at=starts_at,
        speakers=speakers,
    )


def event_or_talk(title: str) -> Kind:
    """Tell lunch and party from talks: hardly a word stands beside their own."""
    return "event" if patterns().event.fullmatch(narrow(title).lower().strip()) else "talk"


def clock(text: str) -> str | None:
    """Return the wall clock, `HH:MM`, that a text begins with."""
    return _clock(narrow(text.strip()), 0)[1]


def _past(pattern: re.Pattern[str], line: str, start: int) -> int:
    match = pattern.match(line, start)
    return match.end() if match and match.end() < len(line) else start


def _past_day(text: str, start: int) -> int:
    mark = days.mark(text[start:])
    if not mark or mark.place != "start":
        return start
    day = mark.text.strip()
    place = narrow(text).find(day, start)
    end = place + len(day)
    return end + _lead(text[end:]) if place >= 0 else start


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip(_TRIM + ")）]】"))


def _clock(line: str, start: int) -> tuple[int, str | None]:
    match = patterns().clock.match(line, start)
    if not match:
        return start, None
    hour = int(match[1])
    if match[4]:
        hour = hour % 12 + 12 * (match[4].lower() == "pm")
    return (match.end() if match.end() < len(line) else start), f"{hour:02}:{match[2] or '00'}"


def _kind(line: str, start: int) -> tuple[int, Kind]:
    for name, kind in (("keynote", "keynote"), ("lightning", "lightning")):
        match = getattr(patterns(), name).match(line, start)
        if match and match.end() < len(line):
            return match.end(), kind  # type: ignore[return-value]  # one of the two literals above
    return start, "talk"


def _speakers(line: str, start: int, style: Style) -> tuple[int, int, tuple[str, ...]]:
    """Return where the title begins and ends, and who speaks.

    A form counts if other talks of the recap share it, or if it is beyond doubt.
    """
    for found in _named(line, start):
        if found.form in style.forms or found.form in _SURE or all(map(is_certain, found.speakers)):
            return found.start, found.end, found.speakers
    return start, len(line), ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """One way to read a heading: where its title stands, and who speaks."""

    form: str
    start: int
    end: int
    speakers: tuple[str, ...]


_SURE = frozenset({"honorific", "quoted"})
_QUOTES = {"「": "」", "『": "』", "“": "”", "„": "“", "«": "»", '"': '"'}
_SEPARATORS = (
    *(("by", " by "), ("by", " von "), ("by", " par "), ("dash", " - "), ("bar", " | "), ("slash", " / ")),
    *(("dash", "- "), ("slash", "/"), ("bar", "|")),
)


def _named(line: str, start: int = 0) -> Iterator[_Named]:
    """Yield every way to read the end of a heading, or its beginning, as speakers."""
    line = line.rstrip()
    if len(line) > 4 * LONGEST:
        return
    for form, find in (("honorific", _honorific), ("san", _san), ("quoted", _after_quote), ("brackets", _bracketed)):
        cut, tail = find(line, start)
        if cut > start and (found := people(tail)):
            yield _Named(form=form, start=start, end=cut, speakers=found)
    for form, separator in _SEPARATORS:
        cut = line.rfind(separator, start)
        if cut > start and (found := people(line[cut + len(separator) :].strip())):
            yield _Named(form=form, start=start, end=cut, speakers=found)
    cut = line.find(": ", start)
    if cut > start and (found := people(line[start:cut].strip())):
        yield _Named(form="first", start=cut + 1, end=len(line), speakers=found)
    cut = max(line.find("「", start), line.find("『", start))
    if cut > start and line[-1] in "」』" and (found := people(line[start:cut].strip(_TRIM))):
        yield _Named(form="before", start=cut, end=len(line), speakers=found)


_PERSON = r"(?:[一-鿿々ヶ]{1,4} [一-鿿々ぁ-んァ-ヶー]{1,5}|[一-鿿々ぁ-んァ-ヶー]{2,8})"


@cache
def _with_title(title: str) -> re.Pattern[str]:
    return re.compile(rf"({_PERSON} ?{title}(?: ?[/、,・&] ?[^/、,&]{{2,12}} ?{title}){{0,7}})$")


def _honorific(line: str, start: int, title: str = "氏") -> tuple[int, str]:
    """Find `… 灘 太郎 氏 / 魚崎 美和 氏`: every name has its honorific."""
    match = _with_title(title).search(line, start) if line.endswith(title) else None
    if not match or (match.start() > start and line[match.start() - 1] not in " 　-/|」』)～~"):
        return start, ""
    return match.start(), match[1]


def _san(line: str, start: int) -> tuple[int, str]:
    """Find the same with さん, which many other words end with too."""
    return _honorific(line, start, "さん")


def _after_quote(line: str, start: int) -> tuple[int, str]:
    """Find `「title」 - name`, with or without the dash."""
    opening = line[start : start + 1]
    close = line.rfind(_QUOTES.get(opening, "\0"), start + 1)
    if close < 0:
        return start, ""
    return close + 1, line[close + 1 :].strip(_TRIM + "by").strip("()")


def _bracketed(line: str, start: int) -> tuple[int, str]:
    place = line.rfind("(", start)
    return (place, line[place + 1 : -1].strip()) if line.endswith(")") and place > start else (start, "")


def _unquoted(title: str) -> str:
    """Take off quotes that hold the whole title."""
    for opening, closing in _QUOTES.items():
        inner = title[1:-1]
        if title[:1] == opening and title[-1:] == closing and inner.strip() and not {opening, closing} & set(inner):
            return inner.strip()
    return title
