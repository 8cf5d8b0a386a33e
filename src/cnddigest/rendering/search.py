"""The page that searches, and the same for programs and for browsers' search boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin

from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.slots import clean
from cnddigest.rendering.visits import switch
from cnddigest.search.found import Found, Hit
from cnddigest.search.marks import Piece
from cnddigest.search.model import MOST_CHARACTERS, MOST_TERMS
from cnddigest.serial.model import Publication
from cnddigest.values import to_json

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words

SCHEMA = "cnddigest/found/1"
SHORT_NAME = 16  # characters that OpenSearch 1.1 allows a name to have


def search_page(  # noqa: PLR0913  what was looked for and found, where, and in which words it is said
    templates: "Templates",
    publication: Publication,
    serials: Sequence[Masthead],
    found: Found,
    *,
    problem: str | None = None,
    tongue: str = "",
    others: "Sequence[Words]" = (),
) -> str:
    """Return the page; `problem`, a sentence of the interface, stands where something can't be looked for.

    `tongue` is the language that the address asks for, which every way on from it keeps; `others` are those in which
    the page can be had, too.
    """
    words, asked = templates.words, found.query.asked
    spoken = {"lang": tongue} if tongue else {}
    title = words.text("Search: {asked}", asked=asked) if asked else words.text("Search")
    return templates.render(
        "search.html.j2",
        publication=publication,
        site="",
        url=urljoin(publication.base_url, "search"),
        canonical=None,
        discovery=templates.render_once("search_link.html.j2", title=publication.title),
        title=title,
        description=words.text("Search the sessions that are out"),
        serials=serials,
        mastheads={masthead.slug: masthead for masthead in serials},
        found=found,
        problem=problem,
        longest=MOST_CHARACTERS,
        asked=tongue,
        switch=switch(others, _said(found, found.page)),
        before=_turned(found, found.page - 1, spoken) if found.page > 1 else None,
        after=_turned(found, found.page + 1, spoken) if found.page < found.pages else None,
    )


def too_much(templates: "Templates") -> str:
    """Return what is said to a question that is too long."""
    return templates.words.text(
        "That is too much at once: please use at most {count} words, {characters} characters in all.",
        count=MOST_TERMS,
        characters=MOST_CHARACTERS,
    )


def _said(found: Found, page: int) -> dict[str, str]:
    """Return what the address of a page of what was found says."""
    said = {"q": found.query.asked, "serial": found.within or "", "page": str(page) if page > 1 else ""}
    return {name: value for name, value in said.items() if value}


def _turned(found: Found, page: int, spoken: Mapping[str, str]) -> str:
    """Return the address of another page of what was found, relative to this one."""
    return "?" + urlencode({**_said(found, page), **spoken})


@dataclass(frozen=True, slots=True, kw_only=True)
class HitRecord:
    """A hit as JSON has it: what is found is marked in `title` and `excerpt`, a list of pieces each."""

    serial: str
    part: int
    id: str
    url: str
    title: tuple[Piece, ...]
    speakers: tuple[str, ...]
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """One page of what was found, as JSON has it."""

    schema: str
    query: str
    serial: str | None
    total: int
    page: int
    pages: int
    sessions: tuple[HitRecord, ...]


def search_json(publication: Publication, found: Found) -> bytes:
    """Return the same as JSON."""
    record = FoundRecord(
        schema=SCHEMA,
        query=found.query.asked,
        serial=found.within,
        total=found.total,
        page=found.page,
        pages=found.pages,
        sessions=tuple(_record(publication, hit) for hit in found.hits),
    )
    return to_json(record) + b"\n"


def _record(publication: Publication, hit: Hit) -> HitRecord:
    return HitRecord(
        serial=hit.serial,
        part=hit.part,
        id=hit.session_id,
        url=urljoin(publication.base_url, hit.path),
        title=_clean(hit.title),
        speakers=tuple(clean("".join(piece.text for piece in name)) for name in hit.speakers),
        excerpt=_clean(hit.excerpt),
    )


def _clean(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(Piece(text=clean(piece.text), marked=piece.marked) for piece in pieces)


def open_search(templates: "Templates", publication: Publication) -> str:
    """Return the description with which a browser adds this search to its own (OpenSearch 1.1)."""
    name = publication.title
    return templates.render(
        "opensearch.xml.j2",
        publication=publication,
        short_name=name if len(name) <= SHORT_NAME else f"{name[: SHORT_NAME - 1]}…",
    )
