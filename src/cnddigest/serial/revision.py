"""A corrected recap taken over into a Serial of which some Parts are out.

    in the recap                         in the Serial
    ---------------------------------    --------------------------------------------------------------------
    nothing changed                      nothing changes, to the byte
    a title or text corrected            the released Entry keeps id and date; its `updated_at` is now
    markup, track or clock corrected     the released text is replaced; its `updated_at` stays
    a released session renamed           it keeps its id (see `serial.matching`)
    a released session gone              it stays as it was, marked as withdrawn; back again, it is unmarked
    a released session moved             it stays in the Part and the place in which it was released
    a new session on a day that is out   by day: it joins the end of that day's Part, published now
                                         by session or number: it comes with the Parts that follow
    a session that was waiting           it keeps waiting, on whatever day it stands now
    introduction of recap or day         corrected where it was released, never repeated
    closing                              corrected where it was released; else in the last Part

Parts that are not out are cut anew from what is left; their numbers go on from those that are. Several edits at
once are dated a second apart, the last one now, so that no two Entries of a feed have one `updated`.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from cnddigest.recap.features import enriched
from cnddigest.recap.identity import folded
from cnddigest.recap.model import NO_CLOSING, NOTHING, Closing, Day, Finding, Recap, Session
from cnddigest.serial.cadence import SECOND, whole
from cnddigest.serial.matching import Match, match
from cnddigest.serial.mentions import placed
from cnddigest.serial.model import Chapter, Part, Release, SessionEntry
from cnddigest.serial.parts import cut, day_title, with_distinct_titles

_NUMBERED = re.compile(r" \(\d+\)$")  # what `with_distinct_titles` adds
_Spot = tuple[int, int]  # a released chapter: number of its Part, and its place in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What a reading changes: the released Parts that were edited, all Parts not out, and what was done."""

    edited: tuple[Release, ...]
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A recap held against what is out; its sessions have their permanent names.

    `known` are the ids of released sessions. `sessions` are those of the recap and `day_of` the days they stand
    on, by id. `days` is the conference day of each released chapter, `joining` the sessions that come to its end.
    """

    recap: Recap
    known: frozenset[str]
    sessions: Mapping[str, Session]
    day_of: Mapping[str, Day]
    days: Mapping[_Spot, Day]
    joining: Mapping[_Spot, Sequence[Session]]


def revise(  # noqa: PLR0913 - the rule of the cut and its words, as `cut` has them
    released: Sequence[Release],
    recap: Recap,
    rule: str | int,
    *,
    title: str,
    more: str,
    now: dt.datetime,
    waiting: Collection[str] = (),
) -> Revision:
    """Take a reading of the recap over into what is released (all Parts that are out, in order).

    `rule`, `title` and `more` are those of `cut`. `waiting` are the ids of the sessions that the record had in
    Parts not out: none of them is a released session in new words, or new on its day.
    """
    if not released:
        return Revision(edited=(), parts=placed(cut(enriched(recap), rule, title=title, more=more)), findings=())
    old = [session for release in released for session in release.part.sessions]
    waits = set(waiting) - {session.id for session in old}
    matched = match(old, [session for session in recap.sessions if session.id not in waits])
    named = enriched(_named(recap, matched, old), out=[session.id for session in old])
    reading = _read(released, named, rule, waits)
    closes = any(release.part.closing.prose or release.part.closing.heading for release in released)
    rest = cut(_rest(reading, closes), rule, title=title, more=more, first=released[-1].part.number + 1)
    revised = _revised(released, reading, title, closes_last=not (closes or rest))
    parts = placed(_renumbered(with_distinct_titles([*revised, *rest])))
    return Revision(
        edited=tuple(_edited(released, parts, whole(now), gone={session.id for session in matched.vanished})),
        parts=parts[len(released) :],
        findings=tuple(_findings(released, reading, matched, waits)),
    )


def _named(recap: Recap, matched: Match, old: Iterable[Session]) -> Recap:
    """Return the recap with each session under its permanent name; a new one may not take that of an old one."""
    names = {new.id: earlier.id for earlier, new in matched.pairs}
    known = {session.id for session in old}
    taken = known | {session.id for session in recap.sessions}
    for session in recap.sessions:
        if session.id not in names:
            names[session.id] = _free(session.id, taken) if session.id in known else session.id
            taken.add(names[session.id])
    days = tuple(replace(day, sessions=tuple(replace(s, id=names[s.id]) for s in day.sessions)) for day in recap.days)
    return replace(recap, days=days)


def _free(name: str, taken: Collection[str]) -> str:
    return next(candidate for n in count(2) if (candidate := f"{name}-{n}") not in taken)


def _read(released: Sequence[Release], recap: Recap, rule: str | int, waits: Collection[str]) -> _Reading:
    known = frozenset(session.id for release in released for session in release.part.sessions)
    day_of = {session.id: day for day in recap.days for session in day.sessions}
    days = dict(_days(released, recap, day_of))
    open_at = {day.number: spot for spot, day in days.items()}
    joining: dict[_Spot, list[Session]] = {}
    for session in recap.sessions if rule == "day" else ():
        spot = open_at.get(day_of[session.id].number)
        if spot and session.id not in known and session.id not in waits:
            joining.setdefault(spot, []).append(session)
    sessions = {session.id: session for session in recap.sessions}
    return _Reading(recap=recap, known=known, sessions=sessions, day_of=day_of, days=days, joining=joining)


def _days(released: Iterable[Release], recap: Recap, day_of: Mapping[str, Day]) -> Iterator[tuple[_Spot, Day]]:
    """Yield each released chapter with the day most of its sessions stand on, else with that of its words."""
    by_number = {day.number: day for day in recap.days}
    by_label = {folded(day.label): day for day in reversed(recap.days) if day.label}
    by_words = {day.introduction.paragraphs: day for day in reversed(recap.days) if day.introduction.paragraphs}
    for release in released:
        for place, chapter in enumerate(release.part.chapters):
            votes = Counter(day_of[session.id].number for session in chapter.sessions if session.id in day_of)
            most = min(votes, key=lambda number: (-votes[number], number), default=0)
            in_words = by_label.get(folded(chapter.label)) or by_words.get(chapter.introduction.paragraphs)
            if day := by_number.get(most) or in_words:
                yield (release.part.number, place), day


def _rest(reading: _Reading, closes: bool) -> Recap:
    """Return the recap without all that is out or joins it."""
    joined = {session.id for sessions in reading.joining.values() for session in sessions}
    begun = {day.number for day in reading.days.values()}
    days = tuple(
        replace(
            day,
            introduction=NOTHING if day.number in begun else day.introduction,
            sessions=tuple(s for s in day.sessions if s.id not in reading.known and s.id not in joined),
        )
        for day in reading.recap.days
    )
    closing = NO_CLOSING if closes else reading.recap.closing
    return replace(reading.recap, introduction=NOTHING, days=days, closing=closing)


def _revised(released: Sequence[Release], reading: _Reading, title: str, *, closes_last: bool) -> list[Part]:
    """Return the released Parts in the words of the recap."""
    begun: set[int] = set()
    parts = []
    for release in released:
        part = release.part
        chapters = tuple(
            _chapter(chapter, reading, (part.number, place), begun) for place, chapter in enumerate(part.chapters)
        )
        closes = (closes_last and release is released[-1]) or part.closing.prose or part.closing.heading
        parts.append(
            replace(
                part,
                title=_title(part, chapters, title),
                introduction=reading.recap.introduction if part.number == 1 else part.introduction,
                chapters=chapters,
                closing=_closing(part.closing, reading.recap.closing) if closes else part.closing,
            )
        )
    return parts


def _chapter(chapter: Chapter, reading: _Reading, spot: _Spot, begun: set[int]) -> Chapter:
    """Return a released chapter in the words of the recap; `begun` are the days whose introduction is in one."""
    kept = tuple(_in_new_words(session, reading.sessions.get(session.id, session)) for session in chapter.sessions)
    kept += tuple(reading.joining.get(spot, ()))
    day = reading.days.get(spot)
    if day is None:
        return replace(chapter, sessions=kept)
    introduction = NOTHING if day.number in begun else day.introduction
    begun.add(day.number)
    return replace(chapter, label=day.label, date=day.date, introduction=introduction, sessions=kept)


def _in_new_words(old: Session, new: Session) -> Session:
    """Return the new form, or the old one where they differ only in what no reader sees."""
    same = replace(new, number=old.number, heading=old.heading, line=old.line)
    return old if same == old else new


def _closing(old: Closing, new: Closing) -> Closing:
    return old if replace(new, line=old.line) == old else new


def _title(part: Part, chapters: Sequence[Chapter], title: str) -> str:
    """Return a released Part's title anew, by day or by its first session, as it was made."""
    by_day = day_title(part.day, title)
    first = part.sessions[0].title if part.sessions else ""
    if first and part.title.startswith(first) and _NUMBERED.sub("", part.title) != by_day:
        corrected = next(session.title for chapter in chapters for session in chapter.sessions)
        return corrected + part.title.removeprefix(first)
    return day_title(chapters[0].label, title) if chapters else part.title


def _renumbered(parts: Iterable[Part]) -> Iterator[Part]:
    """Count the sessions through all Parts."""
    numbers = count(1)
    for part in parts:
        chapters = tuple(
            replace(chapter, sessions=tuple(replace(session, number=next(numbers)) for session in chapter.sessions))
            for chapter in part.chapters
        )
        yield replace(part, chapters=chapters)


def _edited(
    released: Sequence[Release], parts: Sequence[Part], now: dt.datetime, gone: Collection[str]
) -> Iterator[Release]:
    """Yield the Releases that changed, with the dates of what was edited: a second apart, the last one now."""
    drafts = [(release, part, _edits(release, part, gone)) for release, part in zip(released, parts, strict=False)]
    left = sum(len(edits) for _, _, edits in drafts)
    for release, part, edits in drafts:
        dates = {edit: now - (left - n) * SECOND for n, edit in enumerate(edits, 1)}
        left -= len(edits)
        edited = replace(
            release,
            part=part,
            updated_at=max([release.updated_at, *dates.values()]),
            entries=tuple(_entries(release, part, dates, gone)),
        )
        if edited != release:
            yield edited


def _edits(release: Release, part: Part, gone: Collection[str]) -> list[str]:
    """Return what readers should hear of: ids of sessions, or the Part's own where only its frame changed."""
    entries = {entry.session_id: entry for entry in release.entries}
    before = {session.id: _words(session) for session in release.part.sessions}
    edits = [
        session.id
        for session in part.sessions
        if before.get(session.id) != _words(session) or entries[session.id].withdrawn != (session.id in gone)
    ]
    return edits or ([part.id] if _frame(part) != _frame(release.part) else [])


def _entries(
    release: Release, part: Part, dates: Mapping[str, dt.datetime], gone: Collection[str]
) -> Iterator[SessionEntry]:
    entries = {entry.session_id: entry for entry in release.entries}
    for session in part.sessions:
        if entry := entries.get(session.id):
            updated_at = max(entry.updated_at, dates.get(session.id, entry.updated_at))
            yield replace(entry, updated_at=updated_at, withdrawn=session.id in gone)
        else:
            moment = max(dates[session.id], release.release_at)
            yield SessionEntry(session_id=session.id, published_at=moment, updated_at=moment)


def _words(session: Session) -> tuple[object, ...]:
    return session.title, session.prose.paragraphs, session.speakers, session.url, session.links


def _frame(part: Part) -> tuple[object, ...]:
    """Return what a reader reads in a Part beside its sessions."""
    days = [(chapter.label, chapter.introduction.paragraphs) for chapter in part.chapters]
    return part.title, part.introduction.paragraphs, days, part.closing.heading, part.closing.prose.paragraphs


def _findings(
    released: Sequence[Release], reading: _Reading, matched: Match, waits: Collection[str]
) -> Iterator[Finding]:
    withdrawn = {entry.session_id for release in released for entry in release.entries if entry.withdrawn}
    yield from _doubts(matched)
    yield from _departures(matched, withdrawn)
    yield from _arrivals(reading, waits, withdrawn)
    for release in released:
        for place, chapter in enumerate(release.part.chapters):
            yield from _moves(chapter, reading, (release.part.number, place))


def _doubts(matched: Match) -> Iterator[Finding]:
    """Yield a finding for each session that kept its name while its text went to another."""
    for session in matched.doubtful:
        message = f"text of a released session stands under another title now, and its name stays here: {session.title}"
        yield Finding(rule="session-unclear", severity="warning", line=0, message=message)


def _departures(matched: Match, withdrawn: Collection[str]) -> Iterator[Finding]:
    unclear = {session.id for session in matched.ambiguous}
    for session in matched.vanished:
        if session.id not in withdrawn:
            doubt = ", though others resemble it," if session.id in unclear else ""
            message = f"released session is gone from the recap{doubt} and stays as it was: {session.title}"
            yield Finding(rule="session-vanished", severity="warning", line=0, message=message)


def _moves(chapter: Chapter, reading: _Reading, spot: _Spot) -> Iterator[Finding]:
    for session in (reading.sessions[s.id] for s in chapter.sessions if s.id in reading.sessions):
        if reading.day_of[session.id].number != reading.days[spot].number:
            message = f"released session was moved, and stays in part {spot[0]}: {session.title}"
            yield Finding(rule="session-moved", severity="info", line=session.line, message=message)


def _arrivals(reading: _Reading, waits: Collection[str], withdrawn: Collection[str]) -> Iterator[Finding]:
    """Yield a finding for each session that is new where others are out, in reading order."""
    joins = {session.id: spot[0] for spot, sessions in reading.joining.items() for session in sessions}
    order = reading.recap.sessions
    out = max((n for n, session in enumerate(order) if session.id in reading.known), default=-1)
    for n, session in enumerate(order):
        if session.id in joins:
            message = f"session joins part {joins[session.id]}, which is out: {session.title}"
        elif session.id in withdrawn:
            message = f"withdrawn session is back: {session.title}"
        elif n < out and session.id not in reading.known and session.id not in waits:
            message = f"session stands among released ones, and comes with the next part: {session.title}"
        else:
            continue
        yield Finding(rule="session-added", severity="info", line=session.line, message=message)
