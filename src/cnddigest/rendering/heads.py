"""Heads: titles and Subjects on one line, and of a session its facts and its links by what they lead to."""

from collections.abc import Iterator, Sequence

from cnddigest.rendering.markup import excerpt
from cnddigest.rendering.mould import Values
from cnddigest.rendering.slots import clean
from cnddigest.rendering.views import LinkView, SessionView
from cnddigest.rendering.words import Words

LONGEST_LINE = 300  # characters of a title or name: real ones are shorter, a hostile one must not fill the Issue

LONGEST_SUBJECT = (
    120  # columns, 60 full-width characters: inboxes show less, and each 15 are an encoded-word (RFC 2047)
)


def one_line(text: str) -> str:
    """Return a text as one line of bearable length."""
    line = " ".join(clean(text[: 4 * LONGEST_LINE]).split())
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def subject_line(title: str) -> str:
    """Return a title as a Subject: cut behind a sentence or word where it is long, for the heading has all of it."""
    return excerpt([one_line(title)], LONGEST_SUBJECT)


def facts(words: Words, session: SessionView) -> str:
    """Return who spoke, when and where; `""` where nothing is known."""
    return " · ".join(one_line(fact) for fact in _facts(words, session) if fact)


def links(words: Words, session: SessionView) -> Sequence[Values]:
    """Return the values of the piece `links`: once with all of them, or not at all."""
    title = one_line(session.title)
    return [{"link": [_link(words, link, title) for link in session.links]}] if session.links else []


def _facts(words: Words, session: SessionView) -> Iterator[str | None]:
    yield _kind(words, session.kind)
    yield words.text(", ").join(session.speakers)
    yield from (session.time, session.room, session.track, session.group, session.level)
    yield words.tongue(session.language) if session.language else None


def _kind(words: Words, kind: str) -> str:
    if kind == "keynote":
        return words.text("Keynote")
    if kind == "lightning":
        return words.text("Lightning talk")
    return words.text("Event") if kind == "event" else ""


def _link(words: Words, link: LinkView, title: str) -> Values:
    """Return a link by the interface's word for it, or by its author's label with that word before it."""
    word = words.text(link.word) if link.word else ""
    if not link.label:
        aim = words.text("{what}: {title}", what=word, title=title)
        return {"known": [{"link_url": link.url, "link_word": word, "link_aim": aim}], "named": []}
    lead = words.text("{what}: {title}", what=word, title="") if word else ""
    return {"known": [], "named": [{"link_url": link.url, "link_lead": lead, "link_label": one_line(link.label)}]}
