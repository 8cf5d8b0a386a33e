"""What a template sees of a Part: its words ready to print, its prose clean."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from cnddigest.recap import links
from cnddigest.recap.identity import folded
from cnddigest.recap.links import LinkKind
from cnddigest.recap.model import Link, Prose, Session
from cnddigest.rendering.markup import Html, address, excerpt, minutes, safe
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.mentioned import mentioned
from cnddigest.rendering.pictures import hung
from cnddigest.rendering.routes import NONE, RelatedView, Routes, routes
from cnddigest.rendering.slots import clean
from cnddigest.serial.model import Chapter, Part, Release, SessionEntry

IN_A_BROWSER = {
    "<img ": '<img loading="lazy" decoding="async" ',
    "<pre>": '<pre tabindex="0">',
    "<table>": '<div class="wide" tabindex="0"><table>',
    "</table>": "</table></div>",
}
BLOCK = re.compile("|".join(IN_A_BROWSER))
# What a link leads to, as the interface's catalogues have it; any other link has only its author's label.
LINK_WORDS: dict[LinkKind, str] = {
    "page": "Page of the talk",
    "slides": "Slides",
    "video": "Video",
    "code": "Source code",
    "document": "Document",
    "other": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkView:
    """A link that is safe to follow, and what it leads to.

    `word` is the interface's word for its kind, to be translated; `label` is the author's where it says more.
    One of them may be `""`, never both.
    """

    kind: LinkKind
    word: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """A session as it is shown. `path` is relative to the Serial's folder; `url` and `links` are safe to follow.

    `time` is its start, with its end where that is known: `10:00–10:40`. `language` is that of the talk where it is
    not the recap's. `links` are grouped by kind, its own page first; `url` is one of them.
    """

    number: int
    id: str
    path: str
    title: str
    kind: str
    starts_at: str | None
    ends_at: str | None
    time: str
    room: str | None
    level: str | None
    language: str | None
    track: str | None
    group: str | None
    speakers: tuple[str, ...]
    url: str | None
    links: tuple[LinkView, ...]
    tags: tuple[str, ...]
    related: tuple[RelatedView, ...]
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


def prose_view(masthead: Masthead, prose: Prose, *, level: int, page: bool = True, ways: Routes = NONE) -> Html:
    """Return clean HTML, on a page with what only a browser needs.

    Images load when they come near; what may be wider than the screen can be scrolled by keyboard too. `ways` are
    those to sessions that the text names.
    """
    html = safe(prose.html, base_url=masthead.attribution.url, level=level, sessions=ways.urls)
    html = hung(html, home=None if page else urljoin(masthead.publication.base_url, f"{masthead.slug}/"))
    return Html(BLOCK.sub(lambda found: IN_A_BROWSER[found[0]], html)) if page else html


def session_view(  # noqa: PLR0913 - a session, and how it is shown
    masthead: Masthead,
    session: Session,
    *,
    level: int,
    withdrawn: bool = False,
    page: bool = True,
    ways: Routes = NONE,
) -> SessionView:
    """Return a session ready to print; headings in its text begin at `level`."""
    html = prose_view(masthead, session.prose, level=level, page=page, ways=ways)
    return SessionView(
        number=session.number,
        id=session.id,
        path=f"sessions/{session.id}.html",
        title=clean(session.title),
        kind=session.kind,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        time="–".join(filter(None, (session.starts_at, session.ends_at if session.starts_at else None))),
        room=_room(session),
        level=session.level,
        language=_other_language(masthead, session),
        track=session.track,
        group=session.group,
        speakers=session.speakers,
        url=address(session.url, base_url=masthead.attribution.url),
        links=tuple(sorted(_links(masthead, session), key=lambda link: links.ORDER.index(link.kind))),
        tags=tuple(map(clean, session.tags)),
        related=ways.related(session),
        html=html,
        minutes=minutes(session.prose.paragraphs),
        withdrawn=withdrawn,
    )


def chapter_views(
    masthead: Masthead, release: Release, *, level: int, page: bool = True, out: int | None = None
) -> tuple[ChapterView, ...]:
    """Return the days of a Part; `level` is that of the headings inside a session's text, `out` as in `routes`."""
    ways = routes(masthead, release.part, page=page, out=out)
    withdrawn = {entry.session_id for entry in release.entries if entry.withdrawn}
    return tuple(
        ChapterView(
            label=chapter.label,
            date=chapter.date,
            introduction=prose_view(masthead, chapter.introduction, level=level, page=page, ways=ways),
            sessions=tuple(
                session_view(masthead, session, level=level, withdrawn=session.id in withdrawn, page=page, ways=ways)
                for session in chapter.sessions
            ),
        )
        for chapter in release.part.chapters
    )


def headline(masthead: Masthead, part: Part) -> str:
    """Return a Part's title without the Serial's, which stands above it."""
    return without_serial(masthead, part.title)


def without_serial(masthead: Masthead, title: str) -> str:
    """Return the title of a Part without the Serial's."""
    return clean(title.removesuffix(f" – {masthead.title}") or title)


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


def _room(session: Session) -> str | None:
    """Return the room, unless track or group say the same."""
    said = {folded(name) for name in (session.track, session.group) if name}
    return session.room if session.room and folded(session.room) not in said else None


def _other_language(masthead: Masthead, session: Session) -> str | None:
    recap, talk = (tag.partition("-")[0].lower() for tag in (masthead.language, session.language or ""))
    return talk if talk and talk != recap else None


def _links(masthead: Masthead, session: Session) -> Iterator[LinkView]:
    """Yield the session's own page, and the links that can't be followed from the text itself."""
    base_url = masthead.attribution.url
    own = address(session.url, base_url=base_url)
    if own:
        kind = links.kind(Link(label="", url=own))
        kind = kind if kind in ("slides", "video", "code") else "page"
        yield LinkView(kind=kind, word=LINK_WORDS[kind], label="", url=own)
    page = address(session.url)
    in_text = mentioned(session.prose.html, {link.url for link in session.links})
    for link in session.links:
        url = None if link.url in in_text else address(link.url, base_url=base_url)
        if url and url not in (own, page):
            yield _link(link, url)


def _link(link: Link, url: str) -> LinkView:
    kind, label = links.kind(link), clean(link.label).strip()
    word = LINK_WORDS[kind]
    says_no_more = word and (label in ("", link.url) or links.is_said_by(label, kind))
    return LinkView(kind=kind, word=word, label="" if says_no_more else label or url, url=url)
