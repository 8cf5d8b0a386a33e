"""References that name a day and no title: `1日目に講演されていた…`, "in yesterday's talk".

Such words mean a session only by what it is about: they become a link where the day they name has exactly one session
that is related to the one that speaks. Whoever names a talk of that day more closely, by its title or
its speaker, has said which one it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from cnddigest.recap import days
from cnddigest.recap.days import DayMark
from cnddigest.recap.features import references
from cnddigest.recap.features.names import TALKS
from cnddigest.recap.features.passages import letters_of, rewritten
from cnddigest.recap.identity import folded
from cnddigest.recap.model import Day, Related, Session
from cnddigest.recap.vocabulary import either, numbered

SHORTEST_NAME = 2  # characters of a speaker's name that tells a person
MOST = 100  # talks of a day of which one can be told by its day alone, and phrases in one run of text; bounds the time
LONGEST = 100_000  # characters of a text; a longer one is no summary of a talk
NEAREST = 4  # characters after the words among which a quoted title is another name for the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How a language speaks of one talk and of the day it was given, as patterns over folded text.

    `forms` join `day` and `kind`; `before` are the days that mean the one before.
    """

    day: str
    before: str
    kind: str
    forms: tuple[str, ...]


_JAPANESE_FORM = (
    r"{day}(?:に|の|で|には|では|にも)?(?:あった|行われた|行なわれた|聞いた|聴いた|見た|参加した|聴講した)?{kind}"
    # Several talks, and what belongs to a talk, are not one talk; and a product is announced with the same word.
    r"(?<!発表(?=さ))(?!(?:されていた|された|していた)?(?:資料|者|内容|時間|枠|会場|順|数|一覧|群|たち))"
    r"(?![のをでには]{{0,3}}(?:中で|うち|いくつ|どれ|いずれ|すべて|全て|全部|みな|ほとんど|多く|終わ|始ま))"
    r"(?:されていた|された|していた)?"
)
LANGUAGES: Mapping[str, Language] = {
    "ja": Language(
        # Not the day of another event (`東京の1日目`), not one of several (`1日目と2日目`).
        day=(
            r"(?<![の年一\d・~〜-])(?<!\d[、と])(?<!日目[、と])(?<!初日[、と])"
            r"(?:第?(?:\d{{1,2}}|[一二三四五六七])日目|第\d{{1,2}}日|初日|最終日|前夜祭|[月火水木金土日]曜日?|{before})"
        ),
        before="前日|昨日",
        kind="基調講演|キーノート|講演|発表|セッション|トーク|lt(?![a-z])",
        forms=(_JAPANESE_FORM,),
    ),
    "en": Language(
        day=(
            r"\b(?:day (?:\d{{1,2}}|one|two|three|four|five)"
            r"|(?:the )?(?:first|second|third|fourth|fifth|opening|last|final) day|{weekdays}|{before})"
        ),
        before="yesterday|(?:the )?day before|(?:the )?previous day",
        kind="talk|session|presentation|keynote",
        forms=(
            r"{day}(?:['’]s)? {kind}\b(?! (?:slot|room|list)s?\b)",
            r"\b{kind} (?:(?:given|held|heard|we heard|i heard) )?(?:(?:on|from|of) )?{day}\b(?!['’]s)",
        ),
    ),
    "fr": Language(
        day=(
            r"(?:jour \d{{1,2}}|(?:premier|deuxième|second|troisième|dernier) jour"
            r"|(?:première|deuxième|seconde|troisième|dernière) journée|{weekdays}|{before})"
        ),
        before="hier|la veille",
        kind="conférence|session|présentation|exposé|keynote",
        forms=(r"\b{kind} (?:du |de |de la |d['’]|le )?{day}\b",),
    ),
    "de": Language(
        day=r"(?:tag \d{{1,2}}|(?:ersten|zweiten|dritten|vierten|letzten) tag(?:es)?|{weekdays}|{before})",
        before="gestern|vortag",
        kind="vortrag|session|keynote",
        forms=(r"\b{kind} (?:am |vom |von |an |des )?{day}\b", r"\b(?:am )?{day} im {kind}\b"),
    ),
    "no": Language(
        day=r"(?:dag \d{{1,2}}|(?:den )?(?:første|andre|tredje|fjerde|siste) dag(?:en)?|{weekdays}|{before})",
        before="i går|dagen før",
        kind="foredraget|innlegget|presentasjonen|keynoten",
        forms=(r"\b{kind} (?:på |fra )?{day}\b",),
    ),
}
SENTENCE_END = re.compile(r"[。!?]|\.(?= |$)")
KEYNOTES = re.compile("基調講演|キーノート|keynote")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days of a recap, what their labels say of them, and their speakers with the talk of each."""

    days: tuple[Day, ...]
    marks: tuple[DayMark | None, ...]
    speakers: tuple[tuple[tuple[str, str], ...], ...]

    def place(self, said: str, today: int) -> int | None:
        """Return the place of the day that some words mean, said on a given day; None where it comes later."""
        if _before().fullmatch(said):
            found = [today - 1]
        else:
            mark = _mark(said)
            found = list(self._places(mark)) if mark else []
        return found[0] if len(found) == 1 and 0 <= found[0] <= today else None

    def _places(self, mark: DayMark) -> Iterator[int]:
        if mark.number is not None:
            yield from self._numbered(mark.number)
        elif mark.word == "first":
            yield from self._numbered(1)
        elif mark.word == "last":
            yield len(self.days) - 1
        elif mark.word == "eve":
            yield from (place for place, other in enumerate(self.marks) if other and other.word == "eve")
        elif mark.weekday is not None:
            yield from (place for place in range(len(self.days)) if self._weekday(place) == mark.weekday)

    def _weekday(self, place: int) -> int | None:
        date, mark = self.days[place].date, self.marks[place]
        return date.weekday() if date else mark.weekday if mark else None

    def _numbered(self, number: int) -> Iterator[int]:
        """Yield the days whose labels say this number; where none says any, the one that has it, the eve aside."""
        labelled = [mark.number if mark else None for mark in self.marks]
        if any(label is not None for label in labelled):
            yield from (place for place, label in enumerate(labelled) if label == number)
        else:
            counted = [place for place, mark in enumerate(self.marks) if not mark or mark.word != "eve"]
            yield from counted[number - 1 : number] if number else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """A session that may speak of days: the place of its own, and each day's related session where it has just one."""

    today: int
    related: Mapping[int, Session]
    calendar: Calendar

    def meant(self, match: re.Match[str], letters: str) -> int | None:
        """Return the place of the day whose related session some words mean."""
        place = self.calendar.place(match["day"], self.today)
        session = self.related.get(place) if place is not None else None
        after = letters[match.end() : match.end() + NEAREST]
        if not session or any(sign in references.OPENING for sign in after):
            return None
        wanted = "keynote" if KEYNOTES.search(match["kind"]) else "lightning" if match["kind"] == "lt" else ""
        return place if wanted in ("", session.kind) else None

    def closer(self, markup: str, shown: str) -> dict[int, int]:
        """Return the days of which a text names a talk more closely, and from where in it on."""
        links = {found[1]: found.start() for found in reversed(list(references.REFERENCE.finditer(markup)))}
        named = {place: self._named(place, links, shown) for place in self.related}
        return {place: start for place, start in named.items() if start is not None}

    def _named(self, place: int, links: Mapping[str, int], shown: str) -> int | None:
        """Return where the first link to a session of that day stands.

        That is the beginning where it is the very one, and where the speaker of another one is spoken of.
        """
        target = self.related[place].id
        speakers = self.calendar.speakers[place]
        own = {name for session_id, name in speakers if session_id == target}
        if target in links or any(name in shown for _, name in speakers if name not in own):
            return 0
        sessions = self.calendar.days[place].sessions
        return min((links[session.id] for session in sessions if session.id in links), default=None)


def speaking(recap_days: Sequence[Day], related: Mapping[str, tuple[Related, ...]]) -> dict[str, Speaking]:
    """Return what each session may mean by a day: nothing where the recap has one day, or days without labels."""
    if len(recap_days) < 2 or not all(day.label for day in recap_days):
        return {}
    calendar = _calendar(recap_days)
    where = {session.id: (place, session) for place, day in enumerate(recap_days) for session in day.sessions}
    found: dict[str, Speaking] = {}
    for name, (today, session) in where.items():
        by_day: dict[int, list[Session]] = {}
        for place, other in (where[one.session_id] for one in related.get(name, ())):
            by_day.setdefault(place, []).append(other)
        lone = {
            place: others[0]
            for place, others in by_day.items()
            if len(others) == 1 and len(recap_days[place].sessions) <= MOST
        }
        if lone and session.kind in TALKS:
            found[name] = Speaking(today=today, related=lone, calendar=calendar)
    return found


def _calendar(recap_days: Sequence[Day]) -> Calendar:
    named = (
        ((session.id, folded(name)) for session in day.sessions for name in session.speakers) for day in recap_days
    )
    return Calendar(
        days=tuple(recap_days),
        marks=tuple(days.mark(day.label) for day in recap_days),
        speakers=tuple(tuple(one for one in of_day if len(one[1]) >= SHORTEST_NAME) for of_day in named),
    )


def marked(markup: str, one: Speaking) -> str:
    """Return HTML in which the first words that mean a session by its day are a link to it.

    Names are marked before (see `references`): what follows the name of a session of the same day, or stands in one
    sentence with it, means that one.
    """
    shown = folded(markup) if len(markup) <= LONGEST else ""
    if not any(pattern.search(shown) for pattern in _patterns()):
        return markup
    closer = one.closer(markup, shown)
    done: set[int] = set()
    reached = 0

    def linked(text: str) -> str:
        nonlocal reached
        at = max(markup.find(text, reached), reached)
        reached = at + len(text)
        letters, starts = letters_of(text)
        sentences_end = max((found.end() for found in SENTENCE_END.finditer(letters)), default=0)
        written, end = [], 0
        for match in _phrases(letters):
            first, last = starts[match.start()], starts[match.end()]
            place = one.meant(match, letters)
            if place is None or place in done or first < end:
                continue
            if place in closer and (at > closer[place] or match.end() > sentences_end):
                continue
            done.add(place)
            target = f"{references.SCHEME}{one.related[place].id}"
            written += [text[end:first], f'<a href="{target}">{text[first:last]}</a>']
            end = last
        return "".join((*written, text[end:]))

    return rewritten(markup, linked)


def _phrases(letters: str) -> list[re.Match[str]]:
    matches = (match for pattern in _patterns() for match in pattern.finditer(letters))
    return sorted(matches, key=lambda match: match.start())[:MOST]


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    weekdays = rf"\b{either(numbered('weekdays'))}\b"
    return tuple(
        re.compile(
            form.format(
                day=f"(?P<day>{known.day.format(before=known.before, weekdays=weekdays)})",
                kind=f"(?P<kind>{known.kind})",
            )
        )
        for known in LANGUAGES.values()
        for form in known.forms
    )


@lru_cache(maxsize=256)
def _mark(said: str) -> DayMark | None:
    """Read a day in running text as a label has it: `金曜日`, `tag`, `dag`."""
    return days.mark(re.sub(r"(?<=dag)en$|(?<=tag)es$", "", re.sub("曜$", "曜日", said)), anywhere=True)


@cache
def _before() -> re.Pattern[str]:
    return re.compile("|".join(known.before for known in LANGUAGES.values()))
