"""Which headings are days and which are talks: found by vote, not by counting `#`."""

from collections import Counter
from collections.abc import Collection, Sequence

from cnddigest.recap import cells, heading, words
from cnddigest.recap.dates import plain
from cnddigest.recap.days import DayMark
from cnddigest.recap.sections import Section, letters

REPEATED = 3  # times the same heading stands in a text before it is a part of talks, such as "Slides"
FORMED = 0.5  # share of a level's headings that must look like talks before their form decides
FEWEST = 3  # headings of that form
FILLED = 0.6  # share of a shallower level's headings with text of their own before it may be the talks'
AS_LONG = 0.5  # and how long these texts must be, against those of the deeper level
THEME_AFTER = frozenset(":-|/,~(")  # what stands between a day and a long theme


def labels(sections: Sequence[Section], title: str) -> frozenset[int]:
    """Return the places of the day labels: of several levels only the highest counts."""
    marks = {place: section.mark for place, section in enumerate(sections) if section.mark}
    whole = {place for place, mark in marks.items() if _is_whole(mark, title)}
    keys = {marks[place].key for place in whole}
    themed = {place for place in marks if place not in whole and _has_theme(sections, place)}
    if not whole and not _are_days([marks[place] for place in sorted(themed)]):
        themed = set()
    found = whole | {place for place in themed if marks[place].key not in keys}
    top = min((sections[place].level for place in found), default=0)
    return frozenset(place for place in found if sections[place].level == top)


def _is_whole(mark: DayMark, title: str) -> bool:
    """Say whether a line is only a label: it may also repeat the event's name, `CNDT2022 1日目`."""
    named = mark.place in ("themed", "end") and letters(mark.rest) and letters(mark.rest) in letters(title)
    return mark.place == "whole" or bool(named)


def _has_theme(sections: Sequence[Section], place: int) -> bool:
    """Say whether a day has a few words of its own, or many over headings of a deeper level."""
    section = sections[place]
    if not section.mark or section.mark.place == "themed":
        return bool(section.mark)
    after = sections[place + 1] if place + 1 < len(sections) else None
    above = after is not None and after.level > section.level and not words.is_resources(after.text)
    apart = plain(section.text).strip()[len(section.mark.text) :].lstrip()[:1] in THEME_AFTER
    numbered = section.mark.number is not None and section.mark.leads
    return above and numbered and apart and not heading.names_speaker(section.text)


def _are_days(marks: Sequence[DayMark]) -> bool:
    """Days with a theme are believed when they count on: `Day 1: workshops`, `Day 2: talks`."""
    keys = [mark.key for mark in marks]
    numbers = [mark.number for mark in marks if mark.number is not None]
    return len(set(keys)) == len(keys) and len(keys) > 1 and numbers == sorted(numbers)


def prefixes(sections: Sequence[Section], *, but: Collection[int]) -> frozenset[int]:
    """Return the places of talks that begin with their day: several, of several days or of the first."""
    marks = {
        place: section.mark
        for place, section in enumerate(sections)
        if section.mark and section.mark.leads and place not in but and _is_set_apart(section.mark)
    }
    keys = {mark.key for mark in marks.values()}
    first = any(mark.number in (0, 1) for mark in marks.values())
    return frozenset(marks) if len(marks) > 1 and (len(keys) > 1 or first) else frozenset()


def _is_set_apart(mark: DayMark) -> bool:
    """Tell `Friday 09:30 …` from a title that happens to begin with a weekday or date."""
    return mark.number is not None or mark.word is not None or bool(heading.clock(mark.rest))


def talks(sections: Sequence[Section], prefixed: Collection[int], *, but: Collection[int]) -> int:
    """Return the level of the talks: that of the day prefixes, of a common form, or of most headings with text."""
    if prefixed:
        return Counter(sections[place].level for place in prefixed).most_common(1)[0][0]
    candidates = _candidates(sections, but)
    by_level: dict[int, list[Section]] = {}
    for section in candidates:
        by_level.setdefault(section.level, []).append(section)
    formed = {level: _formed(found) for level, found in by_level.items()}
    shaped = [level for level, found in by_level.items() if formed[level] >= max(FEWEST, FORMED * len(found))]
    if shaped:
        return max(shaped, key=lambda level: formed[level])
    return _by_text(by_level)


def _candidates(sections: Sequence[Section], but: Collection[int]) -> list[Section]:
    count = Counter(letters(section.text) for section in sections)
    return [
        section
        for place, section in enumerate(sections)
        if place not in but and not _is_part(section, count) and not cells.holds_talks(section.body)
    ]


def _is_part(section: Section, count: Counter[str]) -> bool:
    known = words.is_resources(section.text) or words.is_closing(section.text) or words.is_front(section.text)
    return known or count[letters(section.text)] >= REPEATED


def _formed(sections: Sequence[Section]) -> int:
    return sum((heading.form(section.text) or "number") != "number" for section in sections)


def _by_text(by_level: dict[int, list[Section]]) -> int:
    """Let the level with most texts win, unless a shallower one is as full and as long."""
    filled = {level: [s for s in found if s.body] for level, found in by_level.items()}
    best = max(filled, key=lambda level: (len(filled[level]), -level), default=0)
    for level in sorted(filled):
        if level < best and _rivals(by_level[level], filled[level], filled[best]):
            return level
    return best


def _rivals(found: Sequence[Section], filled: Sequence[Section], below: Sequence[Section]) -> bool:
    if len(filled) < 2 or len(filled) < FILLED * len(found) or any(words.is_group(s.text) for s in found):
        return False
    return _length(filled) >= AS_LONG * _length(below)


def _length(sections: Sequence[Section]) -> float:
    return sum(len(block.text) for section in sections for block in section.body) / max(1, len(sections))
