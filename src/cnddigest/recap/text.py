"""Plain text into blocks: one line is one paragraph, and some lines are headings."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from types import MappingProxyType

from cnddigest.recap import clues, days, flattened, words
from cnddigest.recap.blocks import Block, LineRole
from cnddigest.recap.breaks import ORNAMENT
from cnddigest.recap.lines import Reading, Row, read
from cnddigest.recap.model import Link
from cnddigest.recap.sections import letters
from cnddigest.recap.wrapped import joined

TITLE, DAY, GROUP, TALK = 1, 2, 3, 4  # the levels of a text's headings: it has no others

SAID_LEVELS: Mapping[LineRole, int] = {"title": TITLE, "day": DAY}  # and the talks' for any other heading
CORRECTION = "correction"  # why a line is dropped that its author does not want

LONGEST_ITEM = 200  # characters of a line in a contents list
MOST_ITEMS = 100  # lines of one, and how far down it may begin
MOST_RELATED = 12  # lines at the end in which other articles may be named
MOST_LATER = 5_000  # lines below in which its items are looked for

_ITEM_MARK = re.compile(r"(?:[-*•・※→|>■◆●+]|\d{1,2}[.)]|[①-⑳]) ?")
_RULE = re.compile(r"[-=~*_─━—＝]{3,}\Z")
_ADDRESS = re.compile(r"https?://[^\s<>\"'「」『』（）()、。，【】]+")
_AFTER = ".,;:!?"


def blocks(text: str, roles: Mapping[int, LineRole] = MappingProxyType({})) -> list[Block]:
    """Return the blocks of a text that has no markup. Every character that is not white space is in one of them.

    `roles` are what the author says of some lines, by their numbers: they hold, and their neighbours follow.
    """
    rows, ornaments = _rows(text)
    if roles:
        rows = [replace(row, role=roles.get(row.line)) for row in rows]
    rows = joined(rows)
    unwanted = [row for row in rows if row.role == "drop"]
    body, tail = _without_tail([row for row in rows if row.role != "drop"] if unwanted else rows)
    contents = _contents(body)
    kept = [row for place, row in enumerate(body) if place not in contents]
    kept, listings = _without_listings(kept)
    readings = _without_prefixes(kept, read(kept))
    levels = [_level(place, kept, readings) for place in range(len(kept))]
    found = [_block(row, reading, level) for row, reading, level in zip(kept, readings, levels, strict=True)]
    dropped = [_furniture(row, "repeated contents list") for place, row in enumerate(body) if place in contents]
    dropped += [_furniture(row, "page furniture") for row in tail] + [_furniture(row, ORNAMENT) for row in ornaments]
    dropped += [_furniture(row, CORRECTION) for row in unwanted]
    return sorted(found + dropped + listings, key=lambda block: block.line)


def addresses(text: str) -> Iterator[re.Match[str]]:
    """Yield the bare addresses in a text, without the punctuation that ends a sentence."""
    return _ADDRESS.finditer(text)


def paragraph(text: str) -> str:
    """Return a line as a paragraph of HTML, its bare addresses linked."""
    parts, place = [], 0
    for match in addresses(text):
        url = match[0].rstrip(_AFTER)
        parts += [escape(text[place : match.start()], quote=False), f'<a href="{escape(url)}">{escape(url)}</a>']
        place = match.start() + len(url)
    return f"<p>{''.join(parts)}{escape(text[place:], quote=False)}</p>"


def _rows(text: str) -> tuple[list[Row], list[Row]]:
    """Return the lines that say something, and the rules and stars between them."""
    rows: list[Row] = []
    ornaments: list[Row] = []
    blank = False
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped:
            blank = True
        elif words.is_ornament(stripped):
            ornaments.append(Row(line=number, text=stripped))
            if rows and not blank and _RULE.match(stripped):
                rows[-1] = Row(line=rows[-1].line, text=rows[-1].text, blank=rows[-1].blank, ruled=True)
            blank = True
        else:
            rows.append(Row(line=number, text=stripped, blank=blank))
            blank = False
    return rows, ornaments


def _without_listings(rows: list[Row]) -> tuple[list[Row], list[Block]]:
    """Take out the tables and lists that hold talks: no line of theirs is a heading."""
    found = {
        start: (end, block)
        for start, (end, block) in flattened.found(rows).items()
        if not any(row.role for row in rows[start:end])
    }
    taken = {place for start, (end, _) in found.items() for place in range(start, end)}
    return [row for place, row in enumerate(rows) if place not in taken], [block for _, block in found.values()]


def _without_tail(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Cut off what the platform put below the article, with the titles of other articles."""
    end = _before_related(rows)
    while end and words.is_furniture(rows[end - 1].text) and not rows[end - 1].role:
        end -= 1
    return rows[:end], rows[end:]


def _before_related(rows: Sequence[Row]) -> int:
    """Return where a list of other articles begins: below its word no sentence and no day comes any more."""
    start = max(len(rows) - MOST_RELATED, 1)
    begins = next((n for n in range(start, len(rows)) if words.leads_away(rows[n].text)), len(rows))
    other = all(clues.is_loose(row.text) and not words.is_closing(row.text) for row in rows[begins + 1 :])
    other = other and not any(row.role for row in rows[begins:])
    return begins if other and begins > len(rows) / 2 else len(rows)


def _contents(rows: Sequence[Row]) -> frozenset[int]:
    """Return the places of contents lists, with their headings.

    Such a list is a run of lines that come again below in the same order, with others between. Under a contents
    heading, two are enough and the line below may be longer: there it has its speaker.
    """
    last = {row.text: place for place, row in enumerate(rows)}
    found: set[int] = set()
    run: list[int] = []
    for place, row in enumerate(rows):
        if last[row.text] > place and len(row.text) <= LONGEST_ITEM:
            run.append(place)
            continue
        found.update(_repeated(rows, run, last))
        run = []
    announced = next((place for place, row in enumerate(rows[:MOST_ITEMS]) if words.is_contents(row.text)), None)
    found |= _announced(rows, announced) if announced is not None else frozenset()
    return frozenset(place for place in found if not rows[place].role)


def _repeated(rows: Sequence[Row], run: list[int], last: dict[str, int]) -> list[int]:
    again = [last[rows[place].text] for place in run]
    if len(run) < 3 or again != sorted(again) or again[-1] - again[0] < 2 * (len(run) - 1) or again[0] <= run[-1]:
        return []
    headed = run[0] and words.is_contents(rows[run[0] - 1].text)
    return [run[0] - 1, *run] if headed else run


def _announced(rows: Sequence[Row], heading: int) -> frozenset[int]:
    """Return the contents list below its heading: as long as each item begins a later line."""
    places = [heading]
    later = [letters(row.text) for row in rows[heading + 1 : heading + MOST_LATER]]
    for place in range(heading + 1, min(len(rows), heading + MOST_ITEMS)):
        item = letters(_ITEM_MARK.sub("", rows[place].text))
        if not item or not any(text.startswith(item) for text in later[place - heading :]):
            break
        places.append(place)
    return frozenset(places) if len(places) > 2 else frozenset()


def _without_prefixes(rows: Sequence[Row], readings: Sequence[Reading]) -> list[Reading]:
    """Take `[1日目] 港の話` for a talk where its day stands on other lines too: no day has two themes."""
    marks = {row.text: days.mark(row.text) for row, reading in zip(rows, readings, strict=True) if reading.label}
    count = Counter(mark.key for mark in marks.values() if mark)
    talks = {
        text for text, mark in marks.items() if mark and mark.leads and mark.place == "themed" and count[mark.key] > 1
    }
    return [
        replace(reading, label=False) if row.text in talks and not row.role else reading
        for row, reading in zip(rows, readings, strict=True)
    ]


def _level(place: int, rows: Sequence[Row], readings: Sequence[Reading]) -> int:
    """Return the level of a heading: a track is one that another heading follows at once. 0 for text."""
    reading, role = readings[place], rows[place].role
    if not reading.heading:
        return 0
    if role:
        return SAID_LEVELS.get(role, TALK)
    if reading.label:
        return DAY
    if not place and not reading.shaped and not any(row.role == "title" for row in rows):
        return TITLE
    leads = place + 1 < len(rows) and readings[place + 1].heading and not readings[place + 1].label
    return GROUP if leads and words.is_group(rows[place].text) else TALK


def _block(row: Row, reading: Reading, level: int) -> Block:
    links = _links(row.text)
    margin = math.inf if row.role else reading.margin
    if level:
        return Block(
            kind="heading",
            line=row.line,
            strings=(row.text,),
            level=level,
            links=links,
            margin=margin,
            role=row.role,
        )
    return Block(
        kind="card" if links and links[0].url == row.text else "paragraph",
        line=row.line,
        strings=(row.text,),
        html=paragraph(row.text),
        links=links,
        margin=margin,
        role=row.role,
    )


def _links(text: str) -> tuple[Link, ...]:
    if "://" not in text:
        return ()
    urls = (match[0].rstrip(_AFTER) for match in addresses(text))
    return tuple(Link(label=url, url=url) for url in urls)


def _furniture(row: Row, reason: str) -> Block:
    return Block(kind="furniture", line=row.line, strings=(row.text,), reason=reason)
