"""Everything that renders, loaded when something must be rendered: a release of prepared Parts needs none of it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from cnddigest.picture.poster import Poster
from cnddigest.ports.record import Headline
from cnddigest.rendering.entry import Entry
from cnddigest.rendering.masthead import Masthead, Neighbour
from cnddigest.rendering.slots import slot
from cnddigest.serial.model import Release

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates

RUN = slot("run")  # one rendered text serves the public feed and every Replay


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """The texts of one Serial, as `rendering` makes them."""

    open_templates: "Callable[[], Templates]"
    masthead: Masthead
    tag: str

    @property
    def templates(self) -> "Templates":
        """Return the templates."""
        return self.open_templates()

    def part_page(self, release: Release, previous: Neighbour | None, out: int, poster: str | None) -> str:
        """Return a Part's page, with a slot for what follows; `out` is the last Part that its text may lead to."""
        return str(_page().part_page(self.templates, self.masthead, release, previous, out=out, poster=poster))

    def session_page(
        self, release: Release, index: int, previous: Neighbour | None, out: int, poster: str | None
    ) -> str:
        """Return a session's page, with a slot for what follows; `out` is the last Part that its text may lead to."""
        made = _page().session_page(self.templates, self.masthead, release, index, previous, out=out, poster=poster)
        return str(made)

    def next_link(self, neighbour: Neighbour) -> str:
        """Return the link to what follows."""
        return str(_page().next_link(self.templates, self.masthead, neighbour))

    def coming_link(self, number: int | None, release_at: dt.datetime | None) -> str:
        """Return what stands there while nothing follows."""
        return str(_page().coming_link(self.templates, self.masthead, number, release_at))

    def archive(self, *, released: bool, poster: str | None) -> str:
        """Return the Serial's front page, with slots for its lists."""
        return str(_page().archive_page(self.templates, self.masthead, released=released, poster=poster))

    def older(self, name: str) -> str:
        """Return a page of earlier Parts, with slots for its lists."""
        return str(_page().older_page(self.templates, self.masthead, name))

    def older_link(self, name: str) -> str:
        """Return the link to a page of earlier Parts."""
        return str(_page().older_link(self.templates, self.masthead, name))

    def row(self, release: Release) -> str:
        """Return a Part in a list."""
        return str(_page().row(self.templates, self.masthead, release))

    def progress(self, released: int) -> str:
        """Return how much is out."""
        return str(_page().progress(self.templates, self.masthead, released))

    def coming(self, number: int | None, release_at: dt.datetime | None) -> str:
        """Return what comes next."""
        return str(_page().coming(self.templates, self.masthead, number, release_at))

    def front(self) -> str:
        """Return the publication's front page, with a slot for its Serials."""
        return str(_page().front_page(self.templates, self.masthead.publication))

    def card(self, released: int, number: int | None, release_at: dt.datetime | None) -> str:
        """Return the Serial on the front page."""
        return str(_page().card(self.templates, self.masthead, released, number, release_at))

    def poster(self, headline: Headline | None) -> Poster:
        """Return what stands on the poster of a Part; without one, on the Serial's."""
        from cnddigest.rendering import posters

        words = self.templates.words
        if headline is None:
            return posters.of_serial(words, self.masthead)
        return posters.of_part(words, self.masthead, headline.number, headline.title)

    def issue(self, release: Release) -> tuple[str, str]:
        """Return a Part's Issue as HTML and as text."""
        from cnddigest.rendering.issue import issue

        made = issue(self.templates, self.masthead, release)
        return made.html, made.text

    def entry(self, release: Release, index: int | None) -> Entry:
        """Return the Entry of a session, or of the whole Part, with a slot for the run in its id."""
        from cnddigest.rendering import content

        if index is None:
            return content.part_entry(self.templates, self.masthead, release, tag=self.tag, run=RUN)
        return content.session_entry(self.templates, self.masthead, release, index, tag=self.tag, run=RUN)

    def search_record(self, release: Release, index: int) -> str:
        """Return a session in the search index, as JSON."""
        from cnddigest.rendering import content

        return content.search_record(self.masthead, release, index)


def _page() -> ModuleType:
    from cnddigest.rendering import page

    return page
