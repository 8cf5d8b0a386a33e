"""Paragraphs that begin in bold: the headings of authors, and exports, that have no others for talks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cnddigest.recap import clues, days, heading, words
from cnddigest.recap.blocks import Block
from cnddigest.recap.names import LONGEST

FEWEST = 3  # such paragraphs before they are headings: fewer are emphasis
LEVEL = 6  # below all headings that the format knows
DAY_LEVEL = 5  # of a day's label among them
LONGEST_TITLE = 200  # characters

_LEAD = re.compile(r"\s{0,9}<p>\s{0,9}<(strong|b)>(?P<title>[^<]{2,200})</\1>")
_BREAK = re.compile(r"<br ?/?>\s{0,9}")


def promoted(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with their bold lines as headings; as they are where too few of them read like titles."""
    titles = {block.strings[0].partition("\n")[0] for block in blocks if _is_title(block)}
    if len(titles) < FEWEST:
        return list(blocks)
    return [part for block in blocks for part in (_parts(block) if _is_title(block) else (block,))]


def _is_title(block: Block) -> bool:
    """Say whether a paragraph's first line is bold, but for a speaker after it, and no sentence or label."""
    asked = block.kind == "paragraph" and len(block.strings) == 1 and not block.role
    lead = _LEAD.match(block.html) if asked else None
    if not lead or len(first := block.strings[0].partition("\n")[0].strip()) > LONGEST_TITLE + LONGEST:
        return False
    title = lead["title"]
    if clues.finished(title) or title.rstrip()[-1:] in ":：" or words.is_resources(title):
        return False
    alone = bool(re.match(r"</p>|<br", block.html[lead.end() :]))
    return alone or (len(first) > len(title) and heading.names_speaker(first))


def _parts(block: Block) -> Iterator[Block]:
    """Yield the heading, and what stands below it in the same paragraph."""
    first, newline, rest = block.strings[0].partition("\n")
    mark = days.mark(first)
    level = DAY_LEVEL if mark and mark.place in ("whole", "themed") else LEVEL
    own = tuple(link for link in block.links if link.label and link.label in first)
    yield replace(block, kind="heading", strings=(first.strip(),), level=level, links=own)
    if newline:
        others = tuple(link for link in block.links if link not in own)
        html = "<p>" + _BREAK.split(block.html, maxsplit=1)[-1]
        yield replace(block, line=block.line + 1, strings=(rest,), html=html, links=others)
