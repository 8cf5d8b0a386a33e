"""A Recap as clean markdown with front matter that reads back to the same outline."""

from collections.abc import Iterator, Mapping
from itertools import chain

from cnddigest.recap import outline, source
from cnddigest.recap.export import escaping
from cnddigest.recap.export.prose import text
from cnddigest.recap.markdown import blocks
from cnddigest.recap.model import Day, Recap, Session

NAME = "recap.md"
FIELDS = (
    *("title", "kind", "track", "group", "starts_at", "ends_at", "room", "code", "language", "level"),
    *("speakers", "url", "links"),
)
UNNAMED = "(closing)"  # the heading of a closing without one


def exported(recap: Recap) -> str:
    """Return a recap as markdown.

    It is read back, and what its headings and texts don't say is said in its front matter.
    """
    introduction = text(recap.introduction)
    body = "\n\n".join(filter(None, [introduction, *chain.from_iterable(map(_day, recap.days)), *_closing(recap)]))
    front = _front(recap, introduction)
    found = outline.understood([source.decode(NAME, _document(front, body).encode("utf-8", "replace"))])
    facts = [_facts(session, back) for session, back in zip(recap.sessions, found.sessions, strict=False)]
    unsaid = [one for one in facts if len(one) > 1]
    return _document(front | {"sessions": unsaid} if unsaid else front, body)


def _facts(session: Session, back: Session) -> dict[str, object]:
    """Return the fields of a session that are not read back."""
    found: dict[str, object] = {"heading": back.heading}
    if back.heading != session.heading:
        found["written"] = session.heading
    if back.id != session.id:
        found["prefixed"] = "yes"
    for name in FIELDS:
        value = getattr(session, name)
        if value != getattr(back, name):
            found[name] = _said(value)
    return found


def _said(value: object) -> object:
    if isinstance(value, tuple):
        return [one if isinstance(one, str) else {"label": one.label, "url": one.url} for one in value]
    return value or ""


def _document(front: Mapping[str, object], body: str) -> str:
    from cnddigest.recap.frontmatter import written

    return "\n\n".join(filter(None, [f"---\n{written(front)}---", body])) + "\n"


def _front(recap: Recap, introduction: str) -> dict[str, object]:
    """Return what the front matter says of a recap; `introduction` is its introduction as markdown."""
    said: dict[str, object] = {"title": recap.title, "language": recap.language}
    if recap.written_on:
        said["written_on"] = recap.written_on.isoformat()
    if recap.tags:
        said["tags"] = list(recap.tags)
    said["outline"] = "exact"
    said["days"] = [_day_facts(day) for day in recap.days]
    if recap.days and not recap.days[0].label and recap.days[0].introduction:
        said["introduction"] = str(len(list(blocks(introduction))))
    if recap.closing.heading is not None or recap.closing.prose:
        said["closing"] = " ".join((recap.closing.heading or UNNAMED).split())
    if recap.closing.heading is None and recap.closing.prose:
        said["closing_has_heading"] = "no"
    return said


def _day_facts(day: Day) -> dict[str, object]:
    number: dict[str, object] = {"number": str(day.number)}
    return number | {"date": day.date.isoformat()} if day.date else number


def _day(day: Day) -> Iterator[str]:
    if day.label:
        yield escaping.heading(1, day.label)
    yield text(day.introduction)
    for session in day.sessions:
        yield escaping.heading(2, session.heading)
        if session.url:
            yield f"<{session.url}>"
        yield text(session.prose)


def _closing(recap: Recap) -> Iterator[str]:
    if recap.closing.heading is not None or recap.closing.prose:
        yield escaping.heading(1, recap.closing.heading or UNNAMED)
        yield text(recap.closing.prose)
