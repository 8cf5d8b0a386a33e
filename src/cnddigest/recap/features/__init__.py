"""What a reading adds for its readers: references that become links, abbreviations, related sessions, tags."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cnddigest.recap import tags
from cnddigest.recap.features import abbreviations, by_day, names, references, related
from cnddigest.recap.features.by_day import Speaking
from cnddigest.recap.features.lexicon import terms
from cnddigest.recap.features.names import Name
from cnddigest.recap.features.references import Passage
from cnddigest.recap.identity import folded
from cnddigest.recap.model import Prose, Recap, Related, Session

TITLE_COUNTS = 2  # how often the terms of a title count beside those of its text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What to mark: names by the place of their passage, the rest by the id of its session."""

    named: Mapping[int, Sequence[Name]]
    short: Mapping[str, Mapping[str, str]]
    related: Mapping[str, tuple[Related, ...]] = field(default_factory=dict)
    speaking: Mapping[str, Speaking] = field(default_factory=dict)

    def prose(self, place: int, prose: Prose, session_id: str = "") -> Prose:
        """Return a text with its references and abbreviations marked."""
        html = references.marked(prose.html, self.named[place]) if place in self.named else prose.html
        html = by_day.marked(html, self.speaking[session_id]) if session_id in self.speaking else html
        html = abbreviations.marked(html, self.short[session_id]) if session_id in self.short else html
        return prose if html is prose.html else replace(prose, html=html)


def enriched(recap: Recap, *, out: Sequence[str] = ()) -> Recap:
    """Return the recap with its prose marked, and its sessions with their tags and related sessions.

    `out` are the ids of sessions that are out, in the order in which they came; all others come later, whatever their
    place in the recap. An abbreviation is explained only by words that came before. Only `html` is marked: the words
    of a text stay as they are, and so the same original always gives the same.
    """
    passages = [_passage(prose, session_id) for prose, session_id in _texts(recap)]
    terms_of = {passage.session_id: passage.terms for passage in passages}
    ordered = _in_order(recap, out)
    near = related.related({session.id: _terms(session, terms_of) for session in ordered})
    marks = _Marks(
        named=references.found(passages, names.names(recap.sessions)),
        short=_abbreviations(recap, ordered),
        related=near,
        speaking=by_day.speaking(recap.days, near),
    )
    return _marked(recap, marks)


def _texts(recap: Recap) -> Iterator[tuple[Prose, str]]:
    """Yield every text in reading order, with the id of the session it belongs to."""
    yield recap.introduction, ""
    for day in recap.days:
        yield day.introduction, ""
        yield from ((session.prose, session.id) for session in day.sessions)
    yield recap.closing.prose, ""


def _passage(prose: Prose, session_id: str) -> Passage:
    text = folded("\n".join(prose.paragraphs))
    return Passage(folded=text, terms=Counter(terms(text)), session_id=session_id)


def _in_order(recap: Recap, out: Sequence[str]) -> list[Session]:
    """Return the sessions in the order in which they come out."""
    known = {session.id: session for session in recap.sessions}
    first = [known.pop(name) for name in out if name in known]
    return [*first, *known.values()]


def _terms(session: Session, terms_of: Mapping[str, Counter[str]]) -> Counter[str]:
    """Return how often a talk has each term, its title counted in; nothing for what is no talk."""
    if session.kind not in names.TALKS:
        return Counter()
    counts = terms_of[session.id].copy()
    counts.update(terms(folded(session.title)) * TITLE_COUNTS)
    return counts


def _abbreviations(recap: Recap, ordered: Sequence[Session]) -> dict[str, dict[str, str]]:
    """Return for each session what it uses and another one before it explained, where nobody explains it otherwise."""
    known = abbreviations.explained(recap.introduction.paragraphs)
    disputed: set[str] = set()
    found: dict[str, dict[str, str]] = {}
    for session in ordered:
        paragraphs = session.prose.paragraphs
        own = abbreviations.explained(paragraphs)
        short = [name for name in abbreviations.used(paragraphs, known) if name not in own and name not in disputed]
        if short:
            found[session.id] = {name: known[name] for name in short}
        disputed |= {name for name, words in own.items() if folded(known.get(name, words)) != folded(words)}
        known = {**own, **known} if own else known
    return found


def _marked(recap: Recap, marks: _Marks) -> Recap:
    place = 0

    def prose(text: Prose, session_id: str = "") -> Prose:
        nonlocal place
        place += 1
        return marks.prose(place - 1, text, session_id)

    introduction = prose(recap.introduction)
    days = tuple(
        replace(
            day,
            introduction=prose(day.introduction),
            sessions=tuple(_session(session, prose(session.prose, session.id), marks) for session in day.sessions),
        )
        for day in recap.days
    )
    closing = replace(recap.closing, prose=prose(recap.closing.prose))
    return replace(recap, introduction=introduction, days=days, closing=closing)


def _session(session: Session, prose: Prose, marks: _Marks) -> Session:
    said = tags.said(session.prose.paragraphs)
    related_ones = _as_written(marks.related.get(session.id, ()), session)
    if prose is session.prose and not said and related_ones == session.related:
        return session
    return replace(session, prose=prose, tags=tags.listed((*session.tags, *said)), related=related_ones)


def _as_written(found: tuple[Related, ...], session: Session) -> tuple[Related, ...]:
    """Return related sessions with the shared terms as the session spells them: `SLO`, not `slo`."""
    if not found:
        return ()
    text = unicodedata.normalize("NFKC", "\n".join((*session.prose.paragraphs, session.title)))
    lowered = text.lower()

    def spelled(term: str) -> str:
        at = lowered.find(term)
        return text[at : at + len(term)] if at >= 0 else term

    return tuple(replace(one, terms=tuple(map(spelled, one.terms))) for one in found)
