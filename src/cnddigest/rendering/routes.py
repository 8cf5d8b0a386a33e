"""The ways from one text to other sessions of its Serial: to those that are out for whoever reads it, and no other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from cnddigest.recap.model import Session
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.slots import clean
from cnddigest.serial.model import Mention, Part

MOST_RELATED = 3  # more is a list that nobody reads


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedView:
    """A session about the same things that can be read already, and the terms it shares."""

    title: str
    url: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """The sessions that a text may lead to: their addresses as seen from it, and what they are called, by id."""

    urls: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    def related(self, session: Session) -> tuple[RelatedView, ...]:
        """Return a session's related ones, the nearest first."""
        known = [one for one in session.related if one.session_id in self.urls]
        return tuple(
            RelatedView(title=self.titles[one.session_id], url=self.urls[one.session_id], terms=one.terms)
            for one in known[:MOST_RELATED]
        )


NONE = Routes()


def routes(masthead: Masthead, part: Part, *, page: bool, out: int | None = None) -> Routes:
    """Return where the sessions are that a Part names, as far as Parts up to `out` go (up to itself, without it).

    On a page addresses are relative to its folder, elsewhere absolute.
    """
    known = [one for one in part.mentioned if one.part <= (out or part.number)]
    if not known:
        return NONE
    return Routes(
        urls={one.session_id: _url(masthead, one, page=page) for one in known},
        titles={one.session_id: clean(one.title) for one in known},
    )


def _url(masthead: Masthead, mention: Mention, *, page: bool) -> str:
    path = f"sessions/{mention.session_id}.html"
    return f"../{path}" if page else urljoin(masthead.publication.base_url, f"{masthead.slug}/{path}")
