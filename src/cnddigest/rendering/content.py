"""Entries from Releases: what the feeds say of a Part and of each of its sessions."""

from dataclasses import dataclass
from urllib.parse import urljoin

from cnddigest.recap.identity import folded
from cnddigest.recap.model import Session
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.routes import routes
from cnddigest.rendering.slots import clean
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.views import (
    chapter_views,
    part_summary,
    prose_view,
    session_at,
    session_summary,
    session_view,
)
from cnddigest.serial.identity import entry_id
from cnddigest.serial.model import MAIN, Release
from cnddigest.values import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRecord:
    """A session as search knows it; `url` is relative to the Serial's folder."""

    id: str
    title: str
    url: str
    part: int
    day: str
    speakers: tuple[str, ...]
    text: str


def part_entry(templates: Templates, masthead: Masthead, release: Release, *, tag: str, run: str = MAIN) -> Entry:
    """Return the Entry of a Part, with its full text.

    `tag` begins its id (`tag:example.org,2026:minato`), `run` follows: whose timeline it is, or a slot for that.
    """
    part = release.part
    many = len(part.chapters) > 1
    ways = routes(masthead, part, page=False)
    path = f"{masthead.slug}/parts/{part.number}.html"
    html = templates.render(
        "entry_part.html.j2",
        **_place(masthead, path),
        part=part,
        introduction=prose_view(masthead, part.introduction, level=2, page=False, ways=ways),
        chapters=chapter_views(masthead, release, level=4 if many else 3, page=False),
        many=many,
        closing=prose_view(masthead, part.closing.prose, level=3, page=False, ways=ways),
    )
    return Entry(
        entry_id=entry_id(tag, run, part.id),
        path=path,
        title=clean(part.title),
        summary=part_summary(part),
        html=html.strip(),
        language=masthead.language,
        author=_author(masthead),
        published_at=release.release_at,
        updated_at=max(release.updated_at, release.release_at),
        tags=_tags(masthead, *part.sessions),
    )


def session_entry(  # noqa: PLR0913  an Entry is made of that many facts
    templates: Templates, masthead: Masthead, release: Release, index: int, *, tag: str, run: str = MAIN
) -> Entry:
    """Return the Entry of the Part's session at `index`, counted from 0."""
    _, session, dated = session_at(release, index)
    published_at = dated.published_at if dated else release.release_at
    path = f"{masthead.slug}/sessions/{session.id}.html"
    html = templates.render(
        "entry_session.html.j2",
        **_place(masthead, path),
        session=session_view(masthead, session, level=2, page=False, ways=routes(masthead, release.part, page=False)),
    )
    return Entry(
        entry_id=entry_id(tag, run, session.id),
        path=path,
        title=clean(session.title),
        summary=session_summary(session),
        html=html.strip(),
        language=masthead.language,
        author=_author(masthead),
        published_at=published_at,
        updated_at=max(published_at, dated.updated_at if dated else release.updated_at),
        tags=_tags(masthead, session),
    )


def search_record(masthead: Masthead, release: Release, index: int) -> str:
    """Return the Part's session at `index` as one JSON object of `search.json`."""
    del masthead  # addresses are relative to the Serial's folder
    chapter, session, _ = session_at(release, index)
    record = SearchRecord(
        id=session.id,
        title=clean(session.title),
        url=f"sessions/{session.id}.html",
        part=release.part.number,
        day=clean(chapter.label),
        speakers=tuple(map(clean, session.speakers)),
        text=clean("\n".join(session.prose.paragraphs)),
    )
    return to_json(record).decode()


def _place(masthead: Masthead, path: str) -> dict[str, object]:
    base_url = masthead.publication.base_url
    return {"masthead": masthead, "home": urljoin(base_url, f"{masthead.slug}/"), "url": urljoin(base_url, path)}


def _author(masthead: Masthead) -> str:
    """Return who wrote it; a feed may not have an author without a name."""
    publication = masthead.publication
    return clean(masthead.attribution.author or publication.publisher_name or publication.title)


def _tags(masthead: Masthead, *sessions: Session) -> tuple[str, ...]:
    """Return tracks, groups and tags in the order they come, then those of the recap, one of each spelling."""
    names = (name for session in sessions for name in (session.track, session.group, *session.tags) if name)
    found: dict[str, str] = {}
    for name in (*names, *masthead.tags):
        found.setdefault(folded(name), clean(name))
    return tuple(found.values())
