"""Blocks into sections: a heading with what stands under it, without contents lists and furniture."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cnddigest.recap import days, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.breaks import ORNAMENT
from cnddigest.recap.days import DayMark
from cnddigest.recap.model import Dropped

CONTENTS = 0.8  # share of a list's lines that are headings elsewhere before it is a contents list
FEWEST = 2  # lines of a contents list


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, what it says about the day, and the blocks before the next heading."""

    heading: Block
    body: tuple[Block, ...] = ()
    mark: DayMark | None = None

    @property
    def text(self) -> str:
        """Return the heading on one line."""
        return self.heading.text

    @property
    def level(self) -> int:
        """Return the heading's level, 1 to 6."""
        return self.heading.level


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A whole text: what stands before the first heading, the sections, and what is nobody's text.

    `urls` are addresses that a contents list gave, by the letters of the heading they belong to.
    """

    preamble: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    urls: Mapping[str, str]


def letters(text: str) -> str:
    """Return only letters and digits, folded: what survives any markup."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def cut(blocks: Iterable[Block]) -> Sections:
    """Cut blocks at their headings; contents lists and furniture are set aside."""
    found = list(blocks)
    headings = {letters(block.text) for block in found if block.kind == "heading"} - {""}
    dropped: list[Dropped] = []
    urls: dict[str, str] = {}
    kept: list[Block] = []
    parted = False
    for block in found:
        if block.kind == "furniture":
            dropped += _lines(block, block.reason or "page furniture")
            parted = parted or block.reason == ORNAMENT
        elif block.kind in ("list", "table") and _is_contents(block, headings):
            dropped += _lines(block, "contents")
            urls |= _urls(block, headings)
        else:
            kept.append(replace(block, parted=True) if parted else block)
            parted = False
    preamble, sections = _split(_without_last_lines(kept, dropped))
    sections, more = _without_furniture(sections)
    return Sections(preamble=preamble, sections=tuple(sections), dropped=tuple(dropped) + tuple(more), urls=urls)


def lines(block: Block) -> Iterator[tuple[int, str]]:
    """Yield each string of a block with its line."""
    if block.cells:
        for row in block.cells:
            for cell in row:
                yield from ((cell.line or block.line, string) for string in cell.strings)
    else:
        yield from ((block.line, string) for string in block.strings)


def _lines(block: Block, reason: str) -> list[Dropped]:
    return [Dropped(line=line, text=text, reason=reason) for line, text in lines(block) if text.strip()]


def _is_contents(block: Block, headings: set[str]) -> bool:
    strings = [found for _, text in lines(block) if (found := letters(text))]
    return len(strings) >= FEWEST and sum(text in headings for text in strings) >= CONTENTS * len(strings)


def _urls(block: Block, headings: set[str]) -> dict[str, str]:
    cells = (cell for row in block.cells for cell in row if cell.strings)
    return {
        letters(cell.strings[0]): link.url
        for cell in cells
        for link in cell.links[:1]
        if link.url.startswith(("https://", "http://")) and letters(cell.strings[0]) in headings
    }


def _without_last_lines(blocks: list[Block], dropped: list[Dropped]) -> list[Block]:
    """Cut off furniture that was glued to the last paragraph, line by line."""
    while blocks and blocks[-1].kind == "paragraph" and len(blocks[-1].strings) == 1 and not blocks[-1].role:
        last = blocks[-1]
        text, newline, line = last.strings[0].rpartition("\n")
        if not words.is_furniture(line) or (newline and not last.html.rstrip().endswith(f"{line}</p>")):
            break
        count = text.count("\n") + 1 if newline else 0
        dropped.append(Dropped(line=last.line + count, text=line, reason="page furniture"))
        html = last.html.rstrip().removesuffix(f"{line}</p>").rstrip().removesuffix("<br />") + "</p>"
        shorter = replace(last, strings=(text,), html=html)
        blocks = [*blocks[:-1], shorter] if newline else blocks[:-1]
    return blocks


def _split(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], list[Section]]:
    starts = [place for place, block in enumerate(blocks) if block.kind == "heading"]
    ends = [*starts[1:], len(blocks)][: len(starts)]
    sections = [
        Section(heading=blocks[a], body=tuple(blocks[a + 1 : b]), mark=days.mark(blocks[a].text))
        for a, b in zip(starts, ends, strict=True)
    ]
    return tuple(blocks[: starts[0]] if starts else blocks), sections


def _without_furniture(sections: list[Section]) -> tuple[list[Section], list[Dropped]]:
    """Drop headings of contents lists, and what the platform put below the article."""
    dropped: list[Dropped] = []
    kept = [section for section in sections if not _announces_contents(section)]
    for section in sections:
        if _announces_contents(section):
            dropped += _lines(section.heading, "contents")
    while kept and _is_furniture(kept[-1]):
        last = kept.pop()
        for block in (last.heading, *last.body):
            dropped += _lines(block, "page furniture")
    return kept, dropped


def _announces_contents(section: Section) -> bool:
    return not section.body and not section.heading.role and words.is_contents(section.text)


def _is_furniture(section: Section) -> bool:
    """Say whether a last section is the platform's: its words alone, or nothing but links to other articles."""
    if any(block.role for block in (section.heading, *section.body)):
        return False
    if words.leads_away(section.text):
        return all(block.links for block in section.body)
    return words.is_furniture(section.text) and all(words.is_furniture(block.text) for block in section.body)
