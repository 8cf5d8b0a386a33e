"""Why a reading is what it is: each heading, and in plain text each line, with what spoke for it."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isinf

from cnddigest.recap import clues, days, heading, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.model import Recap
from cnddigest.recap.sections import letters, lines

SHARED = 3  # headings of one form before it is the talks' form
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
VOTED = 1.5  # margin of a talk that is one because most of its list look like talks, and of last words without heading
CLOSE = 1.0  # a margin below this is a finding: the reading could have gone the other way
REPEATED = 3  # times a heading stands in a text before it is a part of talks


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a line was read as, and why. `confidence` is from 0 to 1; `level` is a heading's, 0 where it has none."""

    line: int
    text: str
    role: str
    reasons: tuple[str, ...]
    margin: float
    level: int = 0

    @property
    def confidence(self) -> float:
        """Return how likely the reading is."""
        return round(clues.confidence(self.margin), 2)


def decisions(blocks: Iterable[Block], recap: Recap) -> Sequence[Decision]:
    """Return in reading order what was decided in one of a recap's files.

    That is a decision for each heading, for each talk in a list or table, for each line that was dropped, and in
    plain text for each line.
    """
    found = list(blocks)
    view = _View(found, recap)
    judged = list(filter(None, map(view.decision, found)))
    told = {one.line for one in judged}
    return sorted([*judged, *view.listed(told), *view.left_out(told)], key=lambda one: one.line)


class _View:
    """A whole text, to hold one of its lines against."""

    def __init__(self, blocks: Sequence[Block], recap: Recap) -> None:
        self.recap = recap
        headings = [block for block in blocks if block.kind == "heading"]
        self.lines = _lines(blocks)
        self.holders = {line: block for block in blocks if block.cells for line, _ in lines(block)}
        self.sessions = [one for day in recap.days for one in day.sessions if self._stands(one.line, one.heading)]
        self.roles = self._roles()
        self.talks = Counter(block.level for block in headings if self.roles.get(block.line) in KINDS)
        self.forms = Counter(form for block in headings if (form := heading.form(block.text)))
        self.same = Counter(letters(block.text) for block in headings)
        self.groups = Counter(letters(one.group) for one in self.sessions if one.group)
        self.front = set(map(letters, recap.introduction.paragraphs))

    def _stands(self, line: int, text: str) -> bool:
        """Say whether a text stands on this line of this file: a recap may be several."""
        return letters(text) in self.lines.get(line, "\0")

    def _roles(self) -> dict[int, str]:
        """Return what stands on which line, as far as a recap keeps its lines."""
        closing, days = self.recap.closing, self.recap.days
        roles = {closing.line: "closing"} if closing.heading and self._stands(closing.line, closing.heading) else {}
        roles |= {day.line: "day" for day in days if day.label and self._stands(day.line, day.label)}
        roles |= {one.line: one.kind for one in self.sessions}
        return roles | {one.line: "dropped" for one in self.recap.dropped if self._stands(one.line, one.text)}

    def decision(self, block: Block) -> Decision | None:
        """Return what a heading or line is, None for a block that was not judged by itself."""
        if self._is_last_words(block):
            reason = "below the only break in any talk, and in the words of a closing"
            return Decision(line=block.line, text=block.text, role="closing", reasons=(reason,), margin=VOTED)
        if block.kind != "heading" and self.recap.format != "text" and not block.role:
            return None
        role = self.role(block)
        return Decision(
            line=block.line,
            text=block.text,
            role=role,
            reasons=tuple(self.reasons(block, role)),
            margin=block.margin,
            level=block.level if block.kind == "heading" and isinf(block.margin) else 0,
        )

    def _is_last_words(self, block: Block) -> bool:
        """Say whether a closing without a heading begins here."""
        closing = self.recap.closing
        if closing.heading is not None or not closing.prose.paragraphs or block.kind == "heading" or block.role:
            return False
        return block.line == closing.line and block.strings[:1] == closing.prose.paragraphs[:1]

    def listed(self, told: Collection[int]) -> Iterator[Decision]:
        """Yield the talks that have no heading: items of a list, cells of a timetable, lines in bold."""
        count = Counter(id(self.holders[one.line]) for one in self.sessions if one.line in self.holders)
        for one in self.sessions:
            if one.line in told:
                continue
            holder = self.holders.get(one.line)
            reason = "a line in bold, as those of other talks are"
            if holder:
                place = "an item of a list" if holder.kind == "list" else "a cell of a timetable"
                reason = f"{place} with {count[id(holder)]} talks"
            yield Decision(line=one.line, text=one.heading, role=one.kind, reasons=(reason,), margin=VOTED)

    def left_out(self, told: Collection[int]) -> Iterator[Decision]:
        """Yield the lines that were dropped and are not told yet."""
        sure = float("inf")
        for one in self.recap.dropped:
            if one.line not in told and self._stands(one.line, one.text):
                yield Decision(line=one.line, text=one.text, role="dropped", reasons=(one.reason,), margin=sure)

    def role(self, block: Block) -> str:
        """Return what a block is in the recap."""
        role = self.roles.get(block.line)
        if block.kind != "heading":
            return role if role == "dropped" else "text"
        if role:
            return role
        if block.text == self.recap.title:
            return "title"
        name = letters(block.text)
        return "group" if name in self.groups else "introduction" if name in self.front else "inside"

    def reasons(self, block: Block, role: str) -> Iterator[str]:
        """Yield what spoke for a role, the weightiest first."""
        if block.role:
            yield "its author says so"
        elif role == "dropped":
            yield next((one.reason for one in self.recap.dropped if one.line == block.line), "page furniture")
        elif isinf(block.margin):
            yield from self._of_heading(block, role)
        else:
            yield from self._of_line(block, role)

    def _of_heading(self, block: Block, role: str) -> Iterator[str]:
        same = self.same[letters(block.text)]
        if role == "day":
            yield _day(block.text)
        elif role in KINDS:
            yield from self._of_talk(block)
        elif role == "closing":
            yield "a closing word" if words.is_closing(block.text) else "it comes after the last talk"
        elif role == "title":
            yield "the first heading, above all others"
        elif role == "group":
            yield f"it stands over {self.groups[letters(block.text)]} talks"
        elif role == "introduction":
            yield "it comes before the first talk"
        elif same >= REPEATED:
            yield f"the same heading stands {same} times"
        else:
            yield "it is no talk of its own, but a part of what it stands in"

    def _of_talk(self, block: Block) -> Iterator[str]:
        level, count = self.talks.most_common(1)[0]
        on_level = block.level == level and count > 1
        yield f"level {level} holds the talks: {count} of them" if on_level else "a heading with text below"
        if any(day.label and day.line == block.line for day in self.recap.days):
            yield "it begins with its day"
        yield from self._form(block.text)

    def _of_line(self, block: Block, role: str) -> Iterator[str]:
        line = clues.line_of(block.text)
        told = [
            (line.label, "a day's label: " + _day(block.text)),
            (line.closing and role == "closing", "a closing word"),
            (line.address, "nothing but an address"),
            (line.finished, "ends like a sentence"),
            (line.listed, "begins like a list item"),
            (line.announces, "announces a list"),
            (line.kind, "begins with a kind of talk"),
            (line.dated, "begins with a date"),
            (clues.columns(unicodedata.normalize("NFKC", block.text)) > clues.LONG_COLUMNS, "long for a heading"),
            (block.kind == "heading" and not line.finished, "does not end like a sentence"),
        ]
        yield from (words for holds, words in told if holds)
        if block.kind == "heading":
            yield from self._form(block.text)
        yield "close: the lines around it decided" if abs(block.margin) < CLOSE else "the lines around it agree"

    def _form(self, text: str) -> Iterator[str]:
        form = heading.form(text)
        if form and self.forms[form] >= SHARED:
            yield f"the same form as {self.forms[form] - 1} others"


KINDS: Collection[str] = ("talk", "keynote", "lightning", "event", "section")


def _day(text: str) -> str:
    mark = days.mark(text)
    if not mark:
        return "names a day"
    weekday = WEEKDAYS[mark.weekday] if mark.weekday is not None else None
    facts = {"number": mark.number, "word": mark.word, "weekday": weekday}
    said = [f"{name} {value}" for name, value in facts.items() if value is not None]
    return "names a day" + (f" ({', '.join(said)})" if said else "")


def _lines(blocks: Iterable[Block]) -> dict[int, str]:
    """Return the letters of all that stands on each line."""
    found: dict[int, str] = {}
    for block in blocks:
        for line, text in lines(block):
            found[line] = found.get(line, "") + letters(text)
    return found
