"""Markdown whose front matter says `outline: exact`: headings mean what they are, and nothing is guessed.

`# …` begins a day, `## …` a session, deeper headings stand inside a text. What headings can't say stands in the front
matter: the closing's heading, the days' numbers and dates, and facts about sessions, found by their headings.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from cnddigest.recap.blocks import Block
from cnddigest.recap.draft import DayFacts, Draft, DraftDay, DraftSession
from cnddigest.recap.model import Dropped, Kind, Link, Session
from cnddigest.recap.prose import address, links
from cnddigest.recap.sections import lines

DAY, SESSION = 1, 2  # levels of headings
WORDS = ("track", "group", "starts_at", "ends_at", "room", "code", "language", "level", "url")
KINDS = frozenset(get_args(Kind))

Facts = Mapping[str, Any]


@dataclass(slots=True)
class _Open:
    """A day that is being read."""

    label: str = ""
    line: int = 0
    introduction: list[Block] = field(default_factory=list)
    sessions: list[tuple[Block, list[Block]]] = field(default_factory=list)


def plant(blocks: Iterable[Block], front: Facts) -> Draft:
    """Return blocks as a draft; whatever the front matter says wrong is as if it were not said."""
    closing = front.get("closing")
    introduction: list[Block] = []
    days: list[_Open] = []
    end: tuple[Block, list[Block]] | None = None
    dropped: list[Dropped] = []
    into = introduction
    for block in blocks:
        if block.kind == "furniture":
            dropped += [Dropped(line=line, text=text, reason=block.reason) for line, text in lines(block)]
        elif block.kind == "heading" and block.level <= SESSION and not end:
            if block.level == DAY and isinstance(closing, str) and block.text == closing:
                end = (block, into := [])
            elif block.level == DAY:
                days.append(_Open(block.text, block.line))
                into = days[-1].introduction
            else:
                days = days or [_Open()]
                days[-1].sessions.append((block, into := []))
        else:
            into.append(block)
    if days and not days[0].label:
        count = _number(front.get("introduction"))
        days[0].introduction = introduction[count:] if count is not None else []
        introduction = introduction[:count]
    return Draft(
        title=str(front.get("title", "")),
        introduction=tuple(introduction),
        days=tuple(_days(days, front)),
        closing_heading=end[0].text if end and front.get("closing_has_heading") != "no" else None,
        closing_line=end[0].line if end else 0,
        closing=tuple(end[1]) if end else (),
        dropped=tuple(dropped),
    )


def _days(days: Sequence[_Open], front: Facts) -> Iterable[DraftDay]:
    said = _mappings(front.get("days"))
    known: dict[str, list[Facts]] = {}
    for one in _mappings(front.get("sessions")):
        known.setdefault(str(one.get("heading", "")), []).append(one)
    for place, day in enumerate(days):
        facts = said[place] if place < len(said) else {}
        yield DraftDay(
            label=day.label,
            line=day.line,
            facts=DayFacts(number=_number(facts.get("number")) or place + 1, date=_date(facts.get("date"))),
            introduction=tuple(day.introduction),
            sessions=tuple(_session(heading, body, known) for heading, body in day.sessions),
        )


def _session(heading: Block, body: list[Block], known: Mapping[str, list[Facts]]) -> DraftSession:
    waiting = known.get(heading.text)
    facts = waiting.pop(0) if waiting else {}
    url = address(body[0]) if body and "url" not in facts else None
    kept = body[1:] if url else body
    return DraftSession(
        heading=str(facts.get("written", heading.text)),
        line=heading.line,
        prefixed=facts.get("prefixed") == "yes",
        url=url,
        card=body[0] if url else None,
        links=links([heading, *kept], without=url),
        body=tuple(kept),
        facts=tuple(sorted((name, value) for name, value in _fields(facts).items())),
    )


def told(session: Session, facts: Iterable[tuple[str, object]]) -> Session:
    """Return a session with the facts of its front matter in place of what was read."""
    return replace(session, **dict(facts))  # type: ignore[arg-type]


def _fields(facts: Facts) -> dict[str, object]:
    """Return the fields of a session that are said, `""` meaning that there is none."""
    found: dict[str, object] = {name: facts[name] or None for name in WORDS if isinstance(facts.get(name), str)}
    if isinstance(facts.get("title"), str) and facts["title"]:
        found["title"] = facts["title"]
    if facts.get("kind") in KINDS:
        found["kind"] = facts["kind"]
    if isinstance(facts.get("speakers"), list):
        found["speakers"] = tuple(map(str, facts["speakers"]))
    if isinstance(facts.get("links"), list):
        found["links"] = tuple(
            Link(label=str(one.get("label", "")), url=str(one.get("url", ""))) for one in _mappings(facts["links"])
        )
    return found


def _mappings(value: object) -> list[Facts]:
    return [one if isinstance(one, Mapping) else {} for one in value] if isinstance(value, list) else []


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 5 else None


def _date(value: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
