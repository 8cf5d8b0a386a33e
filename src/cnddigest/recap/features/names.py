"""What a text may call a session by: its title, a part of its title in quotes, its code."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cnddigest.recap.features.lexicon import columns, terms
from cnddigest.recap.identity import folded
from cnddigest.recap.model import Session

NARROWEST = 12  # columns of a title that is believed without quotes, or of a part of one in quotes: 6 kanji
NARROWEST_QUOTED = 6  # columns of a whole title in quotes
SHORTEST_CODE = 3  # characters; `A1` is anything
LONGEST = 200  # characters of a title; more is a text
TALKS = frozenset({"talk", "keynote", "lightning"})  # nobody means the lunch break by 「昼食」

PARTS = re.compile(r"\s*(?::\s|[|〜~—]|\s[-–]\s|[「『(【]|$)\s*")
CODE = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A session's name, folded. `bare`: it is long enough to be recognised without quotes around it."""

    text: str
    session_id: str
    bare: bool


def names(sessions: Iterable[Session]) -> Mapping[str, Name]:
    """Return every name that means one session and no other, by its text. A whole title goes before a part of one."""
    talks = [session for session in sessions if session.kind in TALKS]
    titled = [(session, folded(session.title[: 2 * LONGEST])) for session in talks]
    whole = [name for session, title in titled for name in _whole(session, title)]
    titles = {name.text for name in whole}
    parts = [name for session, title in titled for name in _parts(session, title) if name.text not in titles]
    found: dict[str, Name] = {}
    several: set[str] = set()
    for name in (*whole, *parts):
        if found.setdefault(name.text, name).session_id != name.session_id:
            several.add(name.text)
    return {text: name for text, name in found.items() if text not in several}


def _whole(session: Session, title: str) -> Iterator[Name]:
    if columns(title) >= NARROWEST_QUOTED and len(title) <= LONGEST:
        yield Name(text=title, session_id=session.id, bare=_is_telling(title))
    code = folded(session.code) if session.code else ""
    if len(code) >= SHORTEST_CODE and CODE.match(code):
        yield Name(text=code, session_id=session.id, bare=True)


def _parts(session: Session, title: str) -> Iterator[Name]:
    """Yield what a title's colons, dashes and brackets set apart: people quote `Panope` and leave the rest."""
    for part in PARTS.split(title[:LONGEST]):
        text = part.strip(" 」』)】!?。")
        if text != title and columns(text) >= NARROWEST:
            yield Name(text=text, session_id=session.id, bare=False)


def _is_telling(title: str) -> bool:
    """Say whether a title in running text is a title: wide enough, and no single Latin word such as `observability`."""
    return columns(title) >= NARROWEST and (len(terms(title)) > 1 or not title.isascii())
