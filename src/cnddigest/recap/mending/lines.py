"""Corrections of lines: which block of a text each one means, and the text read with what they say."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cnddigest.recap import formats, text
from cnddigest.recap.blocks import Block, LineRole
from cnddigest.recap.corrections.model import Corrections, LineCorrection, enumerated, stale
from cnddigest.recap.mending import parts
from cnddigest.recap.mending.beginnings import ENOUGH, LONGEST, Beginnings
from cnddigest.recap.model import Finding
from cnddigest.recap.source import SourceText


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands: its line, its block and which part of it; no block for a line inside a paragraph."""

    line: int
    block: int = -1
    part: int = 0


def blocks(source: SourceText, corrections: Corrections) -> tuple[Iterable[Block], list[Finding]]:
    """Return the blocks of a file as its author says they are, and a finding per correction that can't be made."""
    if not corrections.lines:
        return formats.blocks(source), []
    found = list(formats.blocks(source))
    roles, findings = _roles(source, found, corrections)
    if source.format == "text":
        return text.blocks(source.text, {place.line: role for place, role in roles.items()}), findings
    by_block: dict[int, dict[int, LineRole]] = {}
    for place, role in roles.items():
        by_block.setdefault(place.block, {})[place.part] = role
    return [one for n, block in enumerate(found) for one in parts.told(block, by_block.get(n, {}))], findings


def _roles(
    source: SourceText, found: Sequence[Block], corrections: Corrections
) -> tuple[dict[_Place, LineRole], list[Finding]]:
    """Return what is said of which place; of two corrections of one line, or two titles, the first holds."""
    index = _Index(found, source.text if source.format == "text" else "")
    roles: dict[_Place, LineRole] = {}
    findings: list[Finding] = []
    for said in corrections.lines:
        places = index.found(said.match)
        problem = _problem(said, places, roles)
        if problem:
            line = min((place.line for place in places), default=1)
            findings.append(stale(corrections, said.at, problem, said.match, line=line))
        else:
            roles[places[0]] = said.role
    return roles, findings


def _problem(said: LineCorrection, places: Sequence[_Place], roles: Mapping[_Place, LineRole]) -> str:
    if not places:
        return "correction matches no line of the text any more"
    if len(places) > 1:
        return f"correction matches lines {enumerated(place.line for place in places)}, so give more of the beginning"
    if places[0] in roles:
        return f"line {places[0].line} is corrected twice, so the second correction is left out"
    if said.role == "title" and "title" in roles.values():
        return "a recap has one title, so the second correction is left out"
    return ""


class _Index:
    """Every line of a text by its beginning: headings, other text, and what was left out."""

    def __init__(self, found: Sequence[Block], source: str) -> None:
        heads: list[tuple[str, _Place]] = []
        kept: list[tuple[str, _Place]] = []
        left: list[tuple[str, _Place]] = []
        for number, block in enumerate(found):
            into = left if block.kind == "furniture" else kept
            for part, (line, words) in enumerate(parts.lines(block)):
                into.append((words, _Place(line, number, part)))
            if block.kind == "heading":
                heads += kept[-1:]
        if source:
            left += _inner(source, {place.line for _, place in (*kept, *left)})
        self._heads, self._kept, self._left = Beginnings(heads), Beginnings(kept), Beginnings(left)

    def found(self, match: str) -> list[_Place]:
        """Return the places that a correction may mean, best one; several where it can't be told.

        All of a line goes before its beginning, a heading before a list item of the same words, a text before
        what was left out of it.
        """
        for look in (self._heads.equal, self._kept.equal, self._kept.beginning, self._left.equal):
            if places := look(match):
                return places
        return self._left.beginning(match)


def _inner(source: str, known: set[int]) -> Iterator[tuple[str, _Place]]:
    """Yield the lines that are inside a paragraph of a hard-wrapped text, each with what follows it."""
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        if number not in known and line.strip():
            following = " ".join(lines[number - 1 : number - 1 + ENOUGH])
            yield following[:LONGEST], _Place(number)
