"""Why a reading is what it is: each heading, and in plain text each line, with what spoke for it."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isinf

from cnddigest.recap import clues, days, heading, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.model import Recap
from cnddigest.recap.sections import letters

SHARED = 3  # headings of one form before it is the talks' form
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
        """Return how likely the reading is: its margin is half of what it has over the other one, as log odds."""
        return 1.0 if isinf(self.margin) else round(1 / (1 + exp(-2 * min(self.margin, 50.0))), 2)


def decisions(blocks: Iterable[Block], recap: Recap) -> Iterator[Decision]:
    """Yield a decision for each heading, for each line of plain text, and for each line an author says something of."""
    found = list(blocks)
    view = _View(found, recap)
    for block in found:
        if block.kind == "heading" or recap.format == "text" or block.role:
            role = view.role(block)
            yield Decision(
                line=block.line,
                text=block.text,
                role=role,
                reasons=tuple(view.reasons(block, role)),
                margin=block.margin,
                level=block.level if block.kind == "heading" and isinf(block.margin) else 0,
            )


class _View:
    """A whole text, to hold one of its lines against."""

    def __init__(self, blocks: Sequence[Block], recap: Recap) -> None:
        self.recap = recap
        headings = [block for block in blocks if block.kind == "heading"]
        self.roles = _roles(recap)
        self.talks = Counter(block.level for block in headings if self.roles.get(block.line) in KINDS)
        self.forms = Counter(form for block in headings if (form := heading.form(block.text)))
        self.same = Counter(letters(block.text) for block in headings)
        self.dropped = {line.line: line.reason for line in recap.dropped}

    def role(self, block: Block) -> str:
        """Return what a block is in the recap."""
        role = self.roles.get(block.line)
        if block.kind != "heading":
            return role if role == "dropped" else "text"
        return role or ("title" if block.text == self.recap.title else "inside")

    def reasons(self, block: Block, role: str) -> Iterator[str]:
        """Yield what spoke for a role, the weightiest first."""
        if block.role:
            yield "its author says so"
            return
        if role == "dropped":
            yield self.dropped.get(block.line, "page furniture")
            return
        if isinf(block.margin):
            yield from self._of_heading(block, role)
        else:
            yield from self._of_line(block, role)

    def _of_heading(self, block: Block, role: str) -> Iterator[str]:
        most, count = self.talks.most_common(1)[0] if self.talks else (0, 0)
        if role == "day":
            yield _day(block.text)
        elif role in KINDS:
            yield (
                f"level {block.level} holds the talks: {count} of them" if block.level == most else "it has text below"
            )
            yield from self._form(block.text)
        elif role == "closing":
            yield "a closing word" if words.is_closing(block.text) else "it comes after the last talk"
        elif role == "title":
            yield "the first heading, above all others"
        elif self.same[letters(block.text)] >= REPEATED:
            yield f"the same heading stands {self.same[letters(block.text)]} times"
        else:
            yield f"below the talks' level {most}" if block.level > most else "it is no talk of its own"

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
        yield "so do the lines around it: this one was close" if block.margin < 1 else "the lines around it agree"

    def _form(self, text: str) -> Iterator[str]:
        form = heading.form(text)
        if form and self.forms[form] >= SHARED:
            yield f"the same form as {self.forms[form] - 1} others"


KINDS: Collection[str] = ("talk", "keynote", "lightning", "event", "section")


def _day(text: str) -> str:
    mark = days.mark(text)
    if not mark:
        return "names a day"
    facts: Mapping[str, object | None] = {"number": mark.number, "word": mark.word, "weekday": mark.weekday}
    said = [f"{name} {value}" for name, value in facts.items() if value is not None]
    return "names a day" + (f" ({', '.join(said)})" if said else "")


def _roles(recap: Recap) -> dict[int, str]:
    """Say what stands on which line, as far as a recap keeps its lines."""
    roles = {recap.closing.line: "closing"} if recap.closing.heading else {}
    for day in recap.days:
        if day.label:
            roles[day.line] = "day"
        roles |= {session.line: session.kind for session in day.sessions}
    roles |= {line.line: "dropped" for line in recap.dropped}
    return roles
