"""A talk's heading, taken apart: day, running number, track, clock, code, kind, title, speakers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cnddigest.recap import days, words
from cnddigest.recap.model import Kind
from cnddigest.recap.names import LONGEST, is_certain
from cnddigest.recap.speakers import QUOTES, SURE, TRIM, named
from cnddigest.recap.vocabulary import either, every

SHARED = 0.3  # share of the talks that end the same way before their ends are believed to be speakers
CODED, FEWEST_CODES = 0.6, 3  # share, and number, of the talks that begin with a code of their own
SHARED_FIRST = 0.6  # the same for `Kari Nordmann: Plattformer for folk flest`, which looks like a subtitle
BESIDE_MEAL = 4  # Japanese letters beside the word for a break; in Latin script one word before and one after

# Full-width forms and their ASCII twins, one to one: places found in the one are places in the other.
_NARROW = {0xFF01 + n: 0x21 + n for n in range(0x5E)} | {0x3000: " ", 0xA0: " "}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―", "-"))
_BAR = re.compile(r" ?[|/] ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the talks of one recap write their headings: what is only believed because many share it."""

    forms: frozenset[str] = frozenset()
    numbered: bool = False
    coded: bool = False
    labelled: bool = False


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

    label: re.Pattern[str]
    number: re.Pattern[str]
    track: re.Pattern[str]
    clock: re.Pattern[str]
    code: re.Pattern[str]
    bare_code: re.Pattern[str]
    keynote: re.Pattern[str]
    lightning: re.Pattern[str]
    panel: re.Pattern[str]
    event: re.Pattern[str]


@cache
def patterns() -> Patterns:
    """Compile the patterns once."""
    keynote, lightning, panel, event, meal = (
        either(every(kind)) for kind in ("keynote", "lightning", "panel", "event", "meal")
    )
    hour = r"(?:[01]?\d|2[0-3])"
    clock = rf"({hour})(?:[:h時.]([0-5]\d)分?|([h時])(?!\w))(?: ?(am|pm))?"
    after = r"[ \]):|,、-]{0,4}"
    return Patterns(
        label=re.compile(rf"{either(every('label'))} ?: ?(?=\S)", re.IGNORECASE),
        number=re.compile(
            r"(?:(?:#|no\.? ?|talk |session |セッション|発表)?(\d{1,3}) ?[.):：]"
            r"|(?:#|talk |session |セッション|発表)(\d{1,3})(?=[ 「『])(?! (?-i:[a-zà-ÿ]))"  # `Talk 3 of many` goes on
            r"|[【\[(](\d{1,3})[】\])]) ?(?=\D)",
            re.IGNORECASE,
        ),
        track=re.compile(rf"\[([^\[\]]{{1,40}})\] ?(?={hour}[:h時]|【|\[)"),
        clock=re.compile(rf"[\[(]?{clock}(?: ?[-~〜～] ?{clock})?{after}", re.IGNORECASE),
        code=re.compile(r"[\[【(] ?(?:[A-Z0-9]{1,4}(?:-[A-Z0-9]{1,4}){1,3}|[A-Z]{1,3}\d{1,3}) ?[\]】)]" + after),
        bare_code=re.compile(r"[A-Z]{1,3}-?\d{1,3}(?:-\d{1,2})?(?: ?[:.|)] ?| - | )(?=\S)"),
        keynote=_kind_pattern(keynote),
        lightning=_kind_pattern(lightning),
        panel=_kind_pattern(panel),
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
    count = Counter(form for text in headings for form in {found.form for found in named(narrow(text))})
    shares = {"first": SHARED_FIRST}
    numbers = [
        int(match[1] or match[2] or match[3]) for text in headings if (match := patterns().number.match(narrow(text)))
    ]
    rising = numbers == sorted(set(numbers)) and numbers[:1] in ([0], [1])
    return Style(
        forms=frozenset(
            form for form, number in count.items() if number >= max(2, shares.get(form, SHARED) * len(headings))
        ),
        numbered=len(numbers) >= 2 and rising and len(numbers) >= len(headings) / 2,
        coded=_are_coded(headings),
        labelled=sum(bool(patterns().label.match(narrow(text))) for text in headings) >= max(2, len(headings) / 2),
    )


def _are_coded(headings: Sequence[str]) -> bool:
    """Say whether most headings begin with a code of their own: `A-1 …`, `B-4 …`, not `S3 …` and `EC2 …`."""
    codes = {code for text in headings if (code := bare_code(text))}
    shapes = {re.sub(r"\d+", "0", code) for code in codes}
    letters = {code.rstrip("0123456789-") for code in codes}
    alike = len({re.sub("[A-Z]", "A", shape) for shape in shapes}) == 1
    return len(codes) >= max(FEWEST_CODES, CODED * len(headings)) and alike and len(letters) <= len(codes) / 2 + 1


def bare_code(text: str) -> str | None:
    """Return the code that a line begins with, as in `A-1 …`: one believed only where most talks have one."""
    match = patterns().bare_code.match(narrow(text[:LONGEST]))
    return match[0].rstrip(" :.|)-") if match else None


def begins_with_kind(text: str) -> bool:
    """Say whether a line begins with the kind of talk it names: `Keynote: …`, `Panel: …`, `基調講演「…」`."""
    line, known = narrow(text[: 3 * LONGEST]), patterns()
    return any(pattern.match(line) for pattern in (known.keynote, known.lightning, known.panel))


def form(text: str) -> str | None:
    """Return what shows that a line is a talk's: its clock, code, number or the way it names its speaker."""
    line = narrow(text)
    if len(line) > 3 * LONGEST:
        return None
    known = patterns()
    for name in ("clock", "code", "number"):
        if getattr(known, name).match(line):
            return name
    return next((found.form for found in named(line) if found.form != "first"), None)


def names_speaker(text: str) -> bool:
    """Say whether a line ends with what may be its speaker."""
    return any(found.form != "first" for found in named(narrow(text)))


def split(text: str, style: Style, *, day: bool = False) -> Heading:
    """Take a heading apart; in doubt the title keeps the whole. With `day`, it may begin with the day."""
    line, start = narrow(text), 0
    start = len(line) - len(words.unmarked(line)) if words.unmarked(line) in line else 0
    if day:
        start = _past_day(text, start)
    if style.labelled:
        start = _past(patterns().label, line, start)
    if style.numbered:
        start = _past(patterns().number, line, start)
    track = None if patterns().code.match(line, start) else patterns().track.match(line, start)
    start = track.end() if track else start
    start, starts_at = _clock(line, start)
    code = patterns().code.match(line, start)
    if code:
        start = code.end()
    elif style.coded:
        start = _past(patterns().bare_code, line, start)
    start, starts_at = (start, starts_at) if starts_at else _clock(line, start)
    start, kind = _kind(line, start)
    start, end, speakers = _speakers(line, start, style)
    title = _unquoted(text[start:end].strip(TRIM)) or text.strip()
    return Heading(
        title=title,
        kind=kind if kind != "talk" or speakers else _by_title(title),
        track=text[track.start(1) : track.end(1)].strip() if track else None,
        starts_at=starts_at,
        speakers=speakers,
    )


def _by_title(title: str) -> Kind:
    return "lightning" if words.is_only_lightning(title) else event_or_talk(title)


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
    if not mark or not mark.leads:
        return start
    day = mark.text.strip()
    place = narrow(text).find(day, start)
    end = place + len(day)
    return end + _lead(text[end:]) if place >= 0 else start


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip(TRIM + ")）]】"))


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
    for found in named(line, start):
        if found.form in style.forms or found.form in SURE or all(map(is_certain, found.speakers)):
            return found.start, found.end, found.speakers
    return start, len(line), ()


def _unquoted(title: str) -> str:
    """Take off quotes that hold the whole title."""
    for opening, closing in QUOTES.items():
        inner = title[1:-1]
        if title[:1] == opening and title[-1:] == closing and inner.strip() and not {opening, closing} & set(inner):
            return inner.strip()
    return title
