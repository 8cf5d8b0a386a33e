"""Talks that are no headings: items of a list, cells of a timetable."""

import re
from collections.abc import Iterator, Sequence
from html import escape, unescape

from cnddigest.recap import clues, heading, words
from cnddigest.recap.blocks import Block, Cell
from cnddigest.recap.dates import plain
from cnddigest.recap.draft import DraftSession

FORMED = 0.6  # share of a list's items that must read like talks, of a table's rows that begin with a clock
FEWEST = 2  # talks of a list, rows of a timetable
OUTWEIGHS = 1.5  # prose this many times as long as the list: the talks are only mentioned


def holds_talks(body: Sequence[Block]) -> bool:
    """Say whether talks stand in these blocks as list items or table cells."""
    listed = sum(len(block.text) for block in body if is_listing(block))
    prose = sum(len(block.text) for block in body if block.kind == "paragraph")
    return bool(listed) and prose <= OUTWEIGHS * listed


def is_listing(block: Block) -> bool:
    """Say whether a block is a timetable, or a list of talks with their speakers or times."""
    if block.kind == "table":
        return is_timetable(block) or bool(_columns(block))
    if block.kind != "list" or len(block.cells) < FEWEST:
        return False
    items = [_heading(row[0])[0] if row else "" for row in block.cells]
    formed = sum(bool((form := heading.form(item)) and form != "number") for item in items)
    return formed >= FORMED * len(items) or (len(items) > FEWEST and all(map(_is_name_first, items)))


def _is_name_first(item: str) -> bool:
    """Say whether an item is `Kjersti Moe: Makefiler er fine`, and does not tell what she said."""
    return heading.begins_with_name(item) and not clues.finished(plain(item))


def is_timetable(block: Block) -> bool:
    """Say whether the rows of a table begin with a clock."""
    rows = [row for row in block.cells if row]
    clocks = sum(bool(heading.clock(_text(row[0]))) for row in rows)
    return clocks >= FEWEST and clocks >= FORMED * len(rows)


def sessions(block: Block, *, group: str | None = None) -> Iterator[DraftSession]:
    """Yield the talks of a list or timetable in reading order."""
    if block.kind == "list":
        for row in block.cells:
            yield from (_session(cell, group=group) for cell in row if _text(cell))
    elif is_timetable(block):
        yield from _timetable(block, group)
    else:
        yield from _by_columns(block, group)


def _timetable(block: Block, group: str | None) -> Iterator[DraftSession]:
    """Read time by room: the first column is the clock, the header names the rooms."""
    header = block.cells[0] if block.cells and not heading.clock(_text(block.cells[0][0])) else ()
    rooms = [_text(cell) for cell in header]
    for row in block.cells[1:] if header else block.cells:
        starts_at = heading.clock(_text(row[0])) if row else None
        for place, cell in enumerate(row[1:], start=1):
            if _text(cell):
                room = rooms[place] if place < len(rooms) and len(rooms) > 2 else None
                yield _session(cell, group=group, track=room or None, starts_at=starts_at)


def _columns(block: Block) -> dict[str, int]:
    """Find the columns of a table that has one talk per row: `title`, perhaps `speaker` and `time`."""
    header = [_text(cell).strip().lower() for cell in block.cells[0]] if len(block.cells) > FEWEST else []
    known = {
        "title": (
            "title",
            "talk",
            "session",
            "presentation",
            "タイトル",
            "発表",
            "題名",
            "講演",
            "セッション",
            "発表タイトル",
            "titre",
            "titel",
            "vortrag",
        ),
        "speaker": (
            "speaker",
            "speakers",
            "who",
            "登壇者",
            "発表者",
            "講演者",
            "話者",
            "スピーカー",
            "orateur",
            "referent",
            "foredragsholder",
        ),
        "time": ("time", "start", "時間", "時刻", "開始", "heure", "zeit", "tid"),
    }
    found = {role: place for place, text in enumerate(header) for role, names in known.items() if text in names}
    return found if {"title", "speaker"} <= set(found) else {}


def _by_columns(block: Block, group: str | None) -> Iterator[DraftSession]:
    columns = _columns(block)
    for row in block.cells[1:]:
        cells = dict(enumerate(row))
        title = cells.get(columns["title"])
        if not title or not _text(title):
            continue
        speaker, time = (cells.get(columns.get(role, -1)) for role in ("speaker", "time"))
        starts_at = heading.clock(_text(time)) if time else None
        used = {id(cell) for cell in (title, speaker, time if starts_at else None)}
        rest = [cell for cell in row if id(cell) not in used]
        joined = Cell(
            strings=(*title.strings, *(string for cell in rest for string in cell.strings)),
            links=title.links + tuple(link for cell in rest for link in cell.links),
            line=title.line,
        )
        named = f"{_text(title)} / {_text(speaker)}" if speaker and _text(speaker) else _text(title)
        yield _session(joined, group=group, starts_at=starts_at, named=named)


def _session(
    cell: Cell,
    *,
    group: str | None = None,
    track: str | None = None,
    starts_at: str | None = None,
    named: str | None = None,
) -> DraftSession:
    title, said = _heading(cell) if named is None else (named, "")
    rest = (said, *cell.strings[1:]) if said else cell.strings[1:]
    links = [link for link in cell.links if link.url.startswith(("https://", "http://"))]
    own = bool(links) and links[0].label.strip() in title
    html = "".join(f"<p>{escape(string, quote=False)}</p>" for string in rest)
    body = Block(kind="paragraph", line=cell.line, strings=rest, html=html, links=tuple(links[own:])) if rest else None
    return DraftSession(
        heading=title,
        line=cell.line,
        kind="lightning" if group and words.is_lightning(group) else "talk",
        group=group,
        track=track,
        starts_at=starts_at,
        url=links[0].url if own else None,
        links=tuple(links[own:]),
        body=(body,) if body else (),
    )


def _text(cell: Cell) -> str:
    return cell.strings[0].strip() if cell.strings else ""


_LEAD = re.compile(r"\s{0,9}(?:<p>)?<(strong|b|em|a)\b[^>]{0,2000}>(.{1,400}?)</\1>", re.DOTALL)
_COLON = re.compile(r" ?[:：] ?")


def _heading(cell: Cell) -> tuple[str, str]:
    """Cut `**Title** by First Last: what it was about` into the talk's heading and its text."""
    text = _text(cell)
    lead = _LEAD.match(cell.html)
    name = unescape(re.sub(r"<[^<>]{0,2000}>", "", lead[2])).strip() if lead else ""
    if not name or not text.startswith(name):
        return text, ""
    first = unescape(re.sub(r"<[^<>]{0,2000}>", "", cell.html.partition("\n")[0])).strip()
    if text.startswith(f"{first} ") and heading.form(first):
        return first, text[len(first) + 1 :]
    colon = _COLON.search(text, len(name))
    if not colon or colon.end() == len(text) or not heading.form(text[: colon.start()]):
        return text, ""
    return text[: colon.start()], text[colon.end() :]


def unused(block: Block, found: Sequence[DraftSession]) -> Iterator[tuple[int, str]]:
    """Yield what no session took over: the header's words but for tracks, and rows that hold no talk."""
    if block.kind != "table" or not block.cells:
        return
    known = {session.track for session in found}
    taken = {session.line for session in found}
    headed = not (block.cells[0] and heading.clock(_text(block.cells[0][0])))
    for place, row in enumerate(block.cells):
        for cell in row:
            header = headed and not place
            if _text(cell) and (_text(cell) not in known if header else cell.line not in taken):
                yield cell.line or block.line, _text(cell)
