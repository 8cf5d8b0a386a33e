"""Pages of the archive: whole ones made once, and the small texts that a later release puts into their slots.

| page | slots |
|---|---|
| Part, Session | `next` |
| archive | `progress`, `rows`, `coming`, `older` |
| front | `cards` |

Everything else a page shows is a parameter, so a page is a function of values. What fills a slot is one of
`next_link`, `coming_link`, `progress`, `row`, `coming`, `older_link`, `card`; an empty text is fine in each.
"""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urljoin

from cnddigest.rendering.markup import Html, address, minutes
from cnddigest.rendering.masthead import Masthead, Neighbour
from cnddigest.rendering.routes import routes
from cnddigest.rendering.templates import Templates
from cnddigest.rendering.views import (
    chapter_views,
    headline,
    paragraphs,
    part_summary,
    prose_view,
    session_at,
    session_summary,
    session_view,
)
from cnddigest.serial.model import Publication, Release

DESCRIPTION_COLUMNS = 160  # what search engines and chat previews show


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as a page names it: its path in the Serial's folder, its kind, and whether it is the sessions'."""

    path: str
    name: str
    media_type: str
    sessions: bool = False


FEEDS = tuple(
    Feed(path=folder + path, name=name, media_type=media_type, sessions=bool(folder))
    for folder in ("", "sessions/")
    for path, name, media_type in (
        ("rss.xml", "RSS", "application/rss+xml"),
        ("atom.xml", "Atom", "application/atom+xml"),
        ("feed.json", "JSON Feed", "application/feed+json"),
    )
)


def part_page(  # noqa: PLR0913 - what every page has, and the Part's place
    templates: Templates,
    masthead: Masthead,
    release: Release,
    previous: Neighbour | None,
    *,
    out: int | None = None,
    poster: str | None = None,
) -> str:
    """Return a Part as a web page, `parts/<n>.html`; its slot is `next`.

    `out` is the last Part that its text may lead to: itself, without it. `poster` is the path of the picture that
    stands for it below the output folder, None where there is none.
    """
    part = release.part
    ways = routes(masthead, part, page=True, out=out)
    many = len(part.chapters) > 1
    return templates.render(
        "part.html.j2",
        **_place(templates, masthead, f"parts/{part.number}.html", root="../", poster=poster),
        title=part.title,
        description=part_summary(part, columns=DESCRIPTION_COLUMNS),
        part=part,
        headline=headline(masthead, part),
        minutes=minutes(paragraphs(part)),
        introduction=prose_view(masthead, part.introduction, level=2, ways=ways),
        chapters=chapter_views(masthead, release, level=4 if many else 3, out=out),
        many=many,
        closing=prose_view(masthead, part.closing.prose, level=3 if part.closing.heading else 2, ways=ways),
        previous=previous,
    )


def session_page(  # noqa: PLR0913 - what every page has, and the session's place
    templates: Templates,
    masthead: Masthead,
    release: Release,
    index: int,
    previous: Neighbour | None,
    *,
    out: int | None = None,
    poster: str | None = None,
) -> str:
    """Return the Part's session at `index` (from 0) as a web page, `sessions/<id>.html`; its slot is `next`.

    `out` is the last Part that its text may lead to: its own, without it. `poster` is as on its Part's page.
    """
    chapter, session, entry = session_at(release, index)
    return templates.render(
        "session.html.j2",
        **_place(templates, masthead, f"sessions/{session.id}.html", root="../", poster=poster),
        title=session.title,
        description=session_summary(session, columns=DESCRIPTION_COLUMNS),
        part=release.part,
        headline=headline(masthead, release.part),
        chapter=chapter,
        session=session_view(
            masthead,
            session,
            level=2,
            withdrawn=bool(entry and entry.withdrawn),
            ways=routes(masthead, release.part, page=True, out=out),
        ),
        previous=previous,
    )


def next_link(templates: Templates, masthead: Masthead, neighbour: Neighbour) -> str:
    """Return what stands in `next` once the next one is out."""
    return templates.render("next.html.j2", masthead=masthead, root="../", next=neighbour)


def coming_link(
    templates: Templates, masthead: Masthead, number: int | None, release_at: dt.datetime | None = None
) -> str:
    """Return what stands in `next` before that: which Part comes when, and nothing of what is in it.

    `number` is None where nothing follows; `release_at` is None where nobody knows yet.
    """
    return templates.render("coming_link.html.j2", masthead=masthead, root="../", number=number, release_at=release_at)


def archive_page(templates: Templates, masthead: Masthead, *, released: bool = True, poster: str | None = None) -> str:
    """Return the Serial's own page, `index.html`; its slots are `progress`, `rows`, `coming` and `older`.

    Until something is `released` there are no feeds, and none are named.
    """
    place = _place(templates, masthead, "", root="", poster=poster)
    return templates.render(
        "archive.html.j2",
        **place if released else place | {"discovery": "", "subscribe": ""},
        title=masthead.title,
        description=templates.words.text("A conference recap, replayed part by part: {title}", title=masthead.title),
        released=released,
    )


def older_page(templates: Templates, masthead: Masthead, path: str) -> str:
    """Return a page of earlier Parts of a long Serial, beside `index.html`; its slots are `rows` and `older`."""
    title = templates.words.text("Earlier parts of {title}", title=masthead.title)
    return templates.render(
        "older.html.j2", **_place(templates, masthead, path, root=""), title=title, description=title, path=path
    )


def older_link(templates: Templates, masthead: Masthead, path: str) -> str:
    """Return what stands in `older`: the way to earlier Parts."""
    return templates.render("older_link.html.j2", masthead=masthead, path=path)


def row(templates: Templates, masthead: Masthead, release: Release) -> str:
    """Return a released Part in the archive's list."""
    part = release.part
    return templates.render(
        "row.html.j2",
        masthead=masthead,
        release=release,
        part=part,
        headline=headline(masthead, part),
        minutes=minutes(paragraphs(part)),
    )


def progress(templates: Templates, masthead: Masthead, released: int) -> str:
    """Return how much of a Serial is out."""
    return templates.render("progress.html.j2", masthead=masthead, released=released)


def coming(templates: Templates, masthead: Masthead, number: int | None, release_at: dt.datetime | None = None) -> str:
    """Return what comes next and when; `number` is None where everything is out."""
    return templates.render("coming.html.j2", masthead=masthead, number=number, release_at=release_at)


def front_page(templates: Templates, publication: Publication) -> str:
    """Return the publication's front page; its slot is `cards`."""
    return templates.render(
        "front.html.j2",
        publication=publication,
        site="",
        slug="",
        url=publication.base_url,
        canonical=None,
        discovery="",
        title=publication.title,
        description=templates.words.text("Conference recaps, replayed part by part"),
    )


def card(
    templates: Templates,
    masthead: Masthead,
    released: int,
    coming_number: int | None = None,
    coming_at: dt.datetime | None = None,
) -> str:
    """Return a Serial on the front page."""
    return templates.render(
        "card.html.j2",
        masthead=masthead,
        progress=Html(progress(templates, masthead, released)),
        number=coming_number,
        release_at=coming_at,
        released=released,
    )


def _place(
    templates: Templates, masthead: Masthead, path: str, *, root: str, poster: str | None = None
) -> dict[str, object]:
    """Return what a page of a Serial knows of where it stands: `root` leads to the Serial, `site` above it."""
    home = urljoin(masthead.publication.base_url, f"{masthead.slug}/")
    return {
        "publication": masthead.publication,
        "masthead": masthead,
        "root": root,
        "site": root + "../",
        "url": home + path,
        "poster": poster and urljoin(masthead.publication.base_url, poster),
        "canonical": address(masthead.attribution.url) if path.startswith(("parts/", "sessions/")) else None,
        "discovery": templates.render_once("discovery.html.j2", masthead=masthead, home=home, feeds=FEEDS),
        "subscribe": templates.render_once(
            "subscribe.html.j2", home=home, root=root, site=root + "../", slug=masthead.slug, feeds=FEEDS
        ),
        "source": templates.render_once("source.html.j2", masthead=masthead),
    }
