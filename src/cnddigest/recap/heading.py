"""A talk's heading, taken apart: day, running number, track, clock, code, kind, title, speakers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from cnddigest.recap import days, words
from cnddigest.recap.language import NAMED, tag
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
_NARROW |= {ord(dash): "-" for dash in "‐‑‒–—―"}

Times = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the talks of one recap write their headings: what is only believed because many share it."""

    forms: frozenset[str] = frozenset()
    numbered: bool = False
    coded: bool = False
    labelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The parts of a heading. `starts_at`, `ends_at` are `HH:MM`; `kind` is what its words say."""

    title: str
    kind: Kind = "talk"
    track: str | None = None
    code: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    room: str | None = None
    language: str | None = None
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
    spoken: re.Pattern[str]
    room: re.Pattern[str]
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
    room = either(every("room"))
    hour = r"(?:[01]?\d|2[0-3])"
    clock = rf"({hour})(?:[:h時.]([0-5]\d)分?|([h時])(?!\w))(?: ?(am|pm)\b)?(?: ?(?:uhr|hrs?)\b)?"
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
        clock=re.compile(rf"(?:kl\.? ?|um )?[\[(]?{clock}(?: ?[-~〜～] ?{clock})?{after}", re.IGNORECASE),
        code=re.compile(r"[\[【(] ?(?:[A-Z0-9]{1,4}(?:-[A-Z0-9]{1,4}){1,3}|[A-Z]{1,3}\d{1,3}) ?[\]】)]" + after),
        bare_code=re.compile(r"[A-Z]{1,3}-?\d{1,3}(?:-\d{1,2})?(?: ?[:.|)] ?| - | )(?=\S)"),
        spoken=re.compile(
            rf" ?[\[(【](?:in )?({either(NAMED)})[\])】]$| ?[\[【](en|ja|jp|fr|de|no)[\]】]$", re.IGNORECASE
        ),
        room=re.compile(
            rf" ?@ ?({room}[^@()]{{0,20}}|[^@() ]{{1,20}} ?{room})$"
            rf"| ?[\[(【]({room} ?[\w-]{{1,12}}|[^\[\]()【】 ]{{1,20}} ?{room})[\])】]$",
            re.IGNORECASE,
        ),
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
    return text if text.isascii() else text.translate(_NARROW)


def style(headings: Sequence[str]) -> Style:
    """Find out what the talks' headings have in common."""
    forms = [{found.form for found in named(narrow(text))} for text in headings]
    count = Counter(form for found in forms for form in found)
    if _are_companies(forms, count):
        del count["brackets"]
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


def _are_companies(forms: Sequence[set[str]], count: Counter[str]) -> bool:
    """Say whether brackets follow a speaker, `… — First Last (Company)`, named in a way that more talks share."""
    bracketed = [found for found in forms if "brackets" in found]
    return bool(bracketed) and any(
        count[form] > len(bracketed) for form in set.intersection(*bracketed) - {"brackets", "first"}
    )


def _are_coded(headings: Sequence[str]) -> bool:
    """Say whether most headings begin with a code of their own: `A-1 …`, `B-4 …`, not `S3 …` and `EC2 …`."""
    read = [code for text in headings if (code := bare_code(text))]
    codes = set(read)
    shapes = {re.sub(r"\d+", "0", code) for code in codes}
    letters = {code.rstrip("0123456789-") for code in codes}
    alike = len({re.sub("[A-Z]", "A", shape) for shape in shapes}) == 1
    ordered = len(letters) <= len(codes) / 2 + 1 or read == sorted(codes)  # one talk of each track: A2, B3, C4
    return len(codes) >= max(FEWEST_CODES, CODED * len(headings)) and alike and ordered


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


def begins_with_name(text: str) -> bool:
    """Say whether a line begins with what may be its speaker: `First Last: …`."""
    return any(found.form == "first" for found in named(narrow(text)))


def names_speaker(text: str) -> bool:
    """Say whether a line ends with what may be its speaker."""
    return any(found.form != "first" for found in named(narrow(text)))


def split(text: str, style: Style, *, day: bool = False) -> Heading:
    """Take a heading apart; in doubt the title keeps the whole. With `day`, it may begin with the day."""
    line, start = narrow(text), 0
    start = len(line) - len(words.unmarked(line)) if words.unmarked(line) in line else 0
    start = _past_day(text, start, sure=day)
    if style.labelled:
        start = _past(patterns().label, line, start)
    if style.numbered:
        start = _past(patterns().number, line, start)
    track = None if patterns().code.match(line, start) else patterns().track.match(line, start)
    start = track.end() if track else start
    start, times = _clock(line, start)
    start, code = _code(line, start, style)
    start, times = (start, times) if times[0] else _clock(line, start)
    start, kind = _kind(line, start)
    line, spoken, room = _without_place(line, start)
    start, end, speakers = _speakers(line, start, style)
    if speakers and not (spoken or room):
        cut, spoken, room = _without_place(line[:end].rstrip(TRIM), start)
        end = len(cut)
    title = _unquoted(text[start:end].strip(TRIM)) or text.strip()
    return Heading(
        title=title,
        kind=kind if kind != "talk" or speakers else _by_title(title),
        track=text[track.start(1) : track.end(1)].strip() if track else None,
        code=code,
        starts_at=times[0],
        ends_at=times[1],
        room=room,
        language=tag(spoken) if spoken else None,
        speakers=speakers,
    )


def _by_title(title: str) -> Kind:
    return "lightning" if words.is_only_lightning(title) else event_or_talk(title)


def event_or_talk(title: str) -> Kind:
    """Tell lunch and party from talks: hardly a word stands beside their own."""
    return "event" if patterns().event.fullmatch(narrow(title).lower().strip()) else "talk"


def clock(text: str) -> str | None:
    """Return the wall clock, `HH:MM`, that a text begins with."""
    return clocks(text)[0]


def clocks(text: str) -> Times:
    """Return the wall clocks that a text begins with: `10:00-10:45`, or only the first."""
    return _clock(narrow(text.strip()), 0)[1]


def _past(pattern: re.Pattern[str], line: str, start: int) -> int:
    match = pattern.match(line, start)
    return match.end() if match and match.end() < len(line) else start


def _past_day(text: str, start: int, *, sure: bool) -> int:
    """Pass over the day that a heading begins with; unless `sure`, only before a clock, a code or a kind of talk."""
    mark = days.mark(text[start:])
    if not mark or not mark.leads:
        return start
    day = mark.text.strip()
    place = narrow(text).find(day, start)
    end = place + len(day)
    after = end + _lead(text[end:])
    return after if place >= 0 and (sure or _begins_talk(narrow(text[after:]))) else start


def _begins_talk(line: str) -> bool:
    known = patterns()
    return any(pattern.match(line) for pattern in (known.keynote, known.lightning, known.clock, known.code))


def _lead(text: str) -> int:
    return len(text) - len(text.lstrip(TRIM + ")）]】"))


def _clock(line: str, start: int) -> tuple[int, Times]:
    match = patterns().clock.match(line, start)
    if not match:
        return start, (None, None)
    begins, ends = _time(*match.group(1, 2, 4)), match[5] and _time(*match.group(5, 6, 8))
    return (match.end() if match.end() < len(line) else start), (begins, ends if ends and ends > begins else None)


def _time(hours: str, minutes: str | None, half: str | None) -> str:
    hour = int(hours) % 12 + 12 * (half.lower() == "pm") if half else int(hours)
    return f"{hour:02}:{minutes or '00'}"


def _code(line: str, start: int, style: Style) -> tuple[int, str | None]:
    """Return the talk's code in the programme, `A-1`; without brackets only where most talks have one."""
    match = patterns().code.match(line, start)
    if match and match.end() < len(line):
        return match.end(), match[0].strip(" [](){}【】:|,、-")
    bare = patterns().bare_code.match(line, start)
    if not bare or not (style.coded or patterns().clock.match(line, bare.end())):
        return start, None
    return bare.end(), bare[0].rstrip(" :.|)-")


def _without_place(line: str, start: int) -> tuple[str, str | None, str | None]:
    """Return a heading without the language and the room at its end, and these."""
    line, spoken = _cut(patterns().spoken, line, start)
    line, room = _cut(patterns().room, line, start)
    return line, spoken, room


def _cut(pattern: re.Pattern[str], line: str, start: int) -> tuple[str, str | None]:
    """Cut off the end of a heading that says where, or in which language; something must stand before it."""
    match = pattern.search(line, start) if len(line) <= 3 * LONGEST else None
    if not match or match.start() <= start:
        return line, None
    return line[: match.start()], next(filter(None, match.groups())).strip()


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
