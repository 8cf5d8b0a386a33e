"""Which sessions the texts of a Part name, and in which Part each of them stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cnddigest.recap.features.references import targets
from cnddigest.recap.model import Session
from cnddigest.serial.model import Mention, Part


def placed(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return the Parts of a Serial, each with what it needs to lead to the sessions that it names.

    A session that is in no Part is left out: what names it stays text.
    """
    every = tuple(parts)
    where = {
        session.id: Mention(session_id=session.id, title=session.title, part=part.number)
        for part in every
        for session in part.sessions
    }
    return tuple(
        replace(part, mentioned=tuple(where[name] for name in dict.fromkeys(_named(part)) if name in where))
        for part in every
    )


def waiting(part: Part) -> dict[str, list[int]]:
    """Return the numbers of the later Parts that texts of this one refer to, by session; `""` is its own frame.

    Those are the pages that change once such a Part is out.
    """
    later = {one.session_id: one.part for one in part.mentioned if one.part > part.number}
    if not later:
        return {}
    texts = {"": _frame(part), **{session.id: (session.prose.html,) for session in part.sessions}}
    found = {
        name: sorted({later[target] for html in markup for target in targets(html) if target in later})
        for name, markup in texts.items()
    }
    return {name: numbers for name, numbers in found.items() if numbers}


def _named(part: Part) -> Iterator[str]:
    for html in _frame(part):
        yield from targets(html)
    for session in part.sessions:
        yield from _named_by(session)


def _named_by(session: Session) -> Iterator[str]:
    yield from targets(session.prose.html)
    yield from (one.session_id for one in session.related)


def _frame(part: Part) -> Sequence[str]:
    return (
        part.introduction.html,
        *(chapter.introduction.html for chapter in part.chapters),
        part.closing.prose.html,
    )
