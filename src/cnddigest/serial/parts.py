"""A recap cut into Parts, by day, by session or by number.

What a reader gets is conserved: each session is in exactly one Part, in reading order; the recap's introduction
is in the first Part, its closing in the last, and a day's introduction where that day begins.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from cnddigest.errors import BadConfiguration
from cnddigest.recap.model import NO_CLOSING, NOTHING, Day, Recap
from cnddigest.serial.model import Chapter, Part

_Piece = tuple[int, Chapter]  # the number of a conference day, and what of it stands in a Part


def cut(recap: Recap, rule: str | int, *, title: str, more: str, first: int = 1) -> tuple[Part, ...]:
    """Cut a recap into Parts numbered from `first` on, no two with the same title.

    `rule` is `"day"` (a Part per day that has sessions or an introduction), `"session"` (one each) or that many
    sessions per Part, counted across days. `title` is the Serial's. `more` follows the first session's title
    where a Part has others, such as `" ほか{count}件"`. A recap without days has no Parts.
    Raises BadConfiguration for another rule.
    """
    days = [day for day in recap.days if day.sessions or day.introduction]
    slices = [(_chapter(day),) for day in days] if rule == "day" else _by_count(days, _sessions_per_part(rule))
    named = _day_title if rule == "day" else _session_title
    return with_distinct_titles(
        Part(
            number=first + n,
            title=named(chapters, title, more),
            introduction=NOTHING if n else recap.introduction,
            chapters=chapters,
            closing=recap.closing if n == len(slices) - 1 else NO_CLOSING,
        )
        for n, chapters in enumerate(slices)
    )


def day_title(label: str, title: str) -> str:
    """Return the title of a Part that is a day: `"1日目 – CloudNative Days"`; a missing half leaves the other."""
    return " – ".join(word for word in (label, title) if word)


def with_distinct_titles(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Add a number to each title that was there before: `LT`, `LT (2)`, `LT (3)`.

    The first keeps its title, so that a Part which is out is not renamed by one that comes after it.
    """
    taken: set[str] = set()
    counts: dict[str, int] = {}
    return tuple(replace(part, title=_distinct(part.title or str(part.number), taken, counts)) for part in parts)


def _distinct(title: str, taken: set[str], counts: dict[str, int]) -> str:
    candidate = title
    while candidate in taken:
        counts[title] = counts.get(title, 1) + 1
        candidate = f"{title} ({counts[title]})"
    taken.add(candidate)
    return candidate


def _sessions_per_part(rule: str | int) -> int:
    count = 1 if rule == "session" else rule
    if not isinstance(count, int) or count < 1:
        raise BadConfiguration(f"not a rule for parts: {rule}", hint='parts is "day", "session" or a number from 1')
    return count


def _day_title(chapters: Sequence[Chapter], title: str, _more: str) -> str:
    return day_title(chapters[0].label, title)


def _session_title(chapters: Sequence[Chapter], title: str, more: str) -> str:
    sessions = [session for chapter in chapters for session in chapter.sessions]
    if not sessions:
        return _day_title(chapters, title, more)
    others = len(sessions) - 1
    return (sessions[0].title or title) + (more.format(count=others) if others else "")


def _chapter(day: Day) -> Chapter:
    return Chapter(label=day.label, date=day.date, introduction=day.introduction, sessions=day.sessions)


def _by_count(days: Iterable[Day], size: int) -> list[tuple[Chapter, ...]]:
    """Return the chapters of each Part of `size` sessions; what follows the last session joins the last Part."""
    slices: list[list[_Piece]] = []
    waiting: list[_Piece] = []
    sessions = 0
    for piece in _pieces(days):
        waiting.append(piece)
        sessions += len(piece[1].sessions)
        if sessions == size:
            slices.append(waiting)
            waiting, sessions = [], 0
    if sessions or not slices:
        slices.append(waiting)
    else:
        slices[-1].extend(waiting)
    return [tuple(_joined(pieces)) for pieces in slices if pieces]


def _pieces(days: Iterable[Day]) -> Iterator[_Piece]:
    """Yield each day in chapters of one session; one without sessions is a chapter with its introduction."""
    for day in days:
        whole = _chapter(day)
        if not day.sessions:
            yield day.number, whole
        for n, session in enumerate(day.sessions):
            introduction = NOTHING if n else day.introduction
            yield day.number, replace(whole, introduction=introduction, sessions=(session,))


def _joined(pieces: Iterable[_Piece]) -> Iterator[Chapter]:
    for _, group in groupby(pieces, key=lambda piece: piece[0]):
        chapters = [chapter for _, chapter in group]
        yield replace(chapters[0], sessions=tuple(session for chapter in chapters for session in chapter.sessions))
