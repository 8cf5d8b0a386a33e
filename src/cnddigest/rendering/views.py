"""What a template sees of a Part: its words ready to print, its prose clean."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cnddigest.recap.model import Link, Prose, Session
from cnddigest.rendering.markup import Html, address, excerpt, minutes, safe
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.slots import clean
from cnddigest.serial.model import Chapter, Part, Release, SessionEntry

IN_A_BROWSER = {
    "<img ": '<img loading="lazy" ',
    "<pre>": '<pre tabindex="0">',
    "<table>": '<div class="wide" tabindex="0"><table>',
    "</table>": "</table></div>",
}
BLOCK = re.compile("|".join(IN_A_BROWSER))


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session as it is shown. `path` is relative to the Serial's folder; `url` and `links` are safe to follow."""

    number: int
    id: str
    path: str
    title: str
    kind: str
    starts_at: str | None
    track: str | None
    group: str | None
    speakers: tuple[str, ...]
    url: str | None
    links: tuple[Link, ...]
    html: Html
    minutes: int
    withdrawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterView:
    """The sessions of one conference day as they are shown."""

    label: str
    date: dt.date | None
    introduction: Html
    sessions: tuple[SessionView, ...]


def prose_view(masthead: Masthead, prose: Prose, *, level: int, page: bool = True) -> Html:
    """Return clean HTML, on a page with what only a browser needs.

    Images load when they come near; what may be wider than the screen can be scrolled by keyboard too.
    """
    html = safe(prose.html, base_url=masthead.attribution.url, level=level)
    return Html(BLOCK.sub(lambda found: IN_A_BROWSER[found[0]], html)) if page else html


def session_view(
    masthead: Masthead, session: Session, *, level: int, withdrawn: bool = False, page: bool = True
) -> SessionView:
    """Return a session ready to print; headings in its text begin at `level`."""
    html = prose_view(masthead, session.prose, level=level, page=page)
    return SessionView(
        number=session.number,
        id=session.id,
        path=f"sessions/{session.id}.html",
        title=clean(session.title),
        kind=session.kind,
        starts_at=session.starts_at,
        track=session.track,
        group=session.group,
        speakers=session.speakers,
        url=address(session.url, base_url=masthead.attribution.url),
        links=tuple(_other_links(masthead, session)),
        html=html,
        minutes=minutes(session.prose.paragraphs),
        withdrawn=withdrawn,
    )


def chapter_views(masthead: Masthead, release: Release, *, level: int, page: bool = True) -> tuple[ChapterView, ...]:
    """Return the days of a Part; `level` is that of the headings inside a session's text."""
    withdrawn = {entry.session_id for entry in release.entries if entry.withdrawn}
    return tuple(
        ChapterView(
            label=chapter.label,
            date=chapter.date,
            introduction=prose_view(masthead, chapter.introduction, level=level, page=page),
            sessions=tuple(
                session_view(masthead, session, level=level, withdrawn=session.id in withdrawn, page=page)
                for session in chapter.sessions
            ),
        )
        for chapter in release.part.chapters
    )


def headline(masthead: Masthead, part: Part) -> str:
    """Return a Part's title without the Serial's, which stands above it."""
    return clean(part.title.removesuffix(f" – {masthead.title}") or part.title)


def paragraphs(part: Part) -> Iterator[str]:
    """Yield every paragraph of a Part in reading order."""
    yield from part.introduction.paragraphs
    for chapter in part.chapters:
        yield from chapter.introduction.paragraphs
        for session in chapter.sessions:
            yield from session.prose.paragraphs
    yield from part.closing.prose.paragraphs


def part_summary(part: Part, *, columns: int = 240) -> str:
    """Return what a Part is about, as plain text: its introduction, else what its sessions are called."""
    first = part.chapters[0].introduction.paragraphs if part.chapters else ()
    words = part.introduction.paragraphs or first
    return excerpt(words or (" ／ ".join(session.title for session in part.sessions),), columns)


def session_summary(session: Session, *, columns: int = 240) -> str:
    """Return the beginning of a session's text; its title and speakers where it has none."""
    return excerpt(session.prose.paragraphs or (" ／ ".join((session.title, *session.speakers)),), columns)


def session_at(release: Release, index: int) -> tuple[Chapter, Session, SessionEntry | None]:
    """Return the Part's session at `index` (from 0) with its day and its dates; IndexError beyond the last.

    Looks at days, not at every session before it: a Part may have thousands.
    """
    place = index
    for chapter in release.part.chapters:
        if place < len(chapter.sessions):
            session = chapter.sessions[place]
            dated = release.entries[index] if index < len(release.entries) else None
            return chapter, session, dated if dated and dated.session_id == session.id else None
        place -= len(chapter.sessions)
    raise IndexError(index)


def _other_links(masthead: Masthead, session: Session) -> Iterator[Link]:
    """Yield links that can't be followed from the text itself."""
    for link in session.links:
        url = address(link.url, base_url=masthead.attribution.url)
        if url and url != address(session.url) and link.url not in session.prose.html:
            yield Link(label=clean(link.label), url=url)
