"""Search what is out: the index is brought up to the record, asked, and what it finds is shown with its words marked.

record ──revision moved?──> Parts whose digest is another one ──> index ──find──> Sessions ──marks──> Hit
"""

from collections.abc import Callable, Iterator, Sequence

from cnddigest.ports.record import Headline, Store
from cnddigest.ports.search import Place, SearchIndex, Shelved
from cnddigest.search.found import Found, Hit
from cnddigest.search.marks import excerpt, pieces
from cnddigest.search.model import Query, Searchable
from cnddigest.serial.model import Release
from cnddigest.site import paths

PER_PAGE = 20
MOST_PAGES = 50  # whoever has not found it by then should ask otherwise


def follow(
    store: Store, index: SearchIndex, serials: Sequence[str], *, proceed: Callable[[], None] = lambda: None
) -> None:
    """Bring the index to what is released now; reads only Parts that it does not have as they are.

    `proceed` is asked before each of them: what it raises leaves the index as it was.
    """
    revision = store.build_state().revision  # before the Parts: one that changes meanwhile is seen the next time
    out = {(slug, headline.number): headline for slug in serials for headline in store.headlines(slug, released=True)}
    there = index.shelves()
    other = [headline for place, headline in out.items() if there.get(place) != headline.digest]
    gone: list[Place] = [place for place in there if place not in out]
    index.follow(revision, changed=_shelved(store, other, proceed), gone=gone)


def is_behind(store: Store, index: SearchIndex) -> bool:
    """Say whether a publish moved the record since the index followed it."""
    return index.revision() != store.build_state().revision


def search(  # noqa: PLR0913  where to look, for what, and how much of it
    store: Store, index: SearchIndex, serials: Sequence[str], query: Query, *, within: str | None = None, page: int = 1
) -> Found:
    """Return a page of what is found in all Serials, or in one; the index follows the record first.

    A page beyond the last one is the last one.
    """
    if is_behind(store, index):
        follow(store, index, serials)
    wanted = [slug for slug in serials if within in (None, slug)]
    page = min(max(page, 1), MOST_PAGES)
    hits = index.find(query, serials=wanted, first=(page - 1) * PER_PAGE, count=PER_PAGE)
    pages = max(1, min(-(-hits.total // PER_PAGE), MOST_PAGES))
    if page > pages:
        return search(store, index, serials, query, within=within, page=pages)
    shown = tuple(_hit(session, query) for session in hits.sessions)
    return Found(query=query, within=within, total=hits.total, page=page, pages=pages, hits=shown)


def _shelved(store: Store, headlines: Sequence[Headline], proceed: Callable[[], None]) -> Iterator[Shelved]:
    """Yield Parts as the index holds them, one in memory at a time."""
    for headline in headlines:
        proceed()
        release = next(store.releases(headline.serial, [headline.number]))
        yield Shelved(
            serial=headline.serial,
            part=headline.number,
            digest=headline.digest,
            sessions=tuple(_searchable(release)),
        )


def _searchable(release: Release) -> Iterator[Searchable]:
    for position, session in enumerate(release.part.sessions, start=1):
        yield Searchable(
            serial=release.serial,
            part=release.part.number,
            position=position,
            session_id=session.id,
            title=session.title,
            speakers=session.speakers,
            text="\n".join(session.prose.paragraphs),
        )


def _hit(session: Searchable, query: Query) -> Hit:
    return Hit(
        serial=session.serial,
        part=session.part,
        session_id=session.session_id,
        path=paths.session(session.serial, session.session_id),
        title=pieces(session.title, query),
        speakers=tuple(pieces(name, query) for name in session.speakers),
        excerpt=excerpt(session.text, query),
    )
