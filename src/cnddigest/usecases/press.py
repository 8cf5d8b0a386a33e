"""The files of one Serial: which texts each is joined from, and the digest that says when to join it anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from sys import getsizeof
from typing import TYPE_CHECKING

from cnddigest.feed import paging
from cnddigest.ports.record import Headline, SerialState, Store
from cnddigest.rendering.lately import Lately
from cnddigest.rendering.masthead import Masthead, Neighbour
from cnddigest.rendering.slots import encoded, filled
from cnddigest.serial.model import Publication, Release
from cnddigest.site import paths
from cnddigest.site.target import Target, digest
from cnddigest.usecases import about
from cnddigest.usecases.about import Waiting
from cnddigest.usecases.painter import Painter
from cnddigest.usecases.posters import Studio
from cnddigest.usecases.texts import Texts
from cnddigest.usecases.timeline import Timeline

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What everything of a Serial is made with.

    `style` names templates, program and masthead in one digest. `waiting` says which pages refer to later Parts.
    Posters come from the `studio`, if there is one.
    """

    texts: Texts
    copy: "Copy"
    painter: Painter
    style: str
    waiting: Waiting
    studio: Studio | None = None

    @property
    def masthead(self) -> Masthead:
        """Return what stands on everything of the Serial."""
        return self.painter.masthead

    @property
    def slug(self) -> str:
        """Return the Serial's slug."""
        return self.masthead.slug

    @property
    def tag(self) -> str:
        """Return what begins the Serial's entry ids."""
        return self.painter.tag


def desk_of(  # noqa: PLR0913  a desk holds so many things
    store: Store,
    publication: Publication,
    state: SerialState,
    *,
    texts: Texts,
    templates: "Callable[[], Templates]",
    style: str,
) -> Desk:
    """Return what everything of a Serial is made with; `style` names templates and program."""
    return Desk(
        texts=texts,
        copy=Copy(store, state.slug),
        painter=Painter(open_templates=templates, masthead=about.masthead(publication, state), tag=state.tag),
        style=digest(style, *about.facts(publication), about.printed(state)),
        waiting=about.waiting(state),
    )


ROOM = 32_000_000  # bytes of Parts at hand: ten times what fifty of an ordinary recap take


class Copy:
    """The text of Parts, read from the record when something must be rendered; the last few stay at hand."""

    def __init__(self, store: Store, slug: str) -> None:
        self._store = store
        self._slug = slug
        self._releases: Lately[int, Release] = Lately(ROOM, most=paging.WINDOW, size=_size)

    def of(self, number: int) -> Release:
        """Return a Part with its text."""
        return self._releases.get(number, lambda: next(self._store.releases(self._slug, [number])))


def _size(release: Release) -> int:
    """Return about how many bytes a Part takes: its text stands in it twice."""
    return sum(2 * getsizeof(session.prose.html) for session in release.part.sessions)


class Press:
    """Pages and Issues of one Serial as targets."""

    def __init__(self, desk: Desk, timeline: Timeline) -> None:
        """Print what is out after this timeline."""
        self._desk = desk
        self._line = timeline
        self._copy = desk.copy

    @property
    def released(self) -> int:
        """Return how many Parts are out."""
        return self._line.released

    def part(self, number: int) -> Iterator[Target]:
        """Yield the poster and the page of a Part, its sessions' pages, and its Issue."""
        headline = self._line.planned(number)
        if studio := self._desk.studio:
            yield from studio.part(headline, keep=number >= self._line.released)
        yield self._part_page(headline)
        for index in range(len(headline.sessions)):
            yield self._session_page(headline, index)
        yield from self._issue(headline)

    def last_pages(self, number: int) -> Iterator[Target]:
        """Yield the pages of a Part that a next one changes: its own, and that of its last session."""
        headline = self._line.planned(number)
        yield self._part_page(headline)
        if headline.sessions:
            yield self._session_page(headline, len(headline.sessions) - 1)

    def leading_on(self, numbers: range) -> Iterator[Target]:
        """Yield the pages of earlier Parts whose text leads to sessions of these Parts, now that they are out."""
        for number, pages in self._desk.waiting.items():
            named = {name for name, later in pages.items() if any(part in numbers for part in later)}
            if named and number < numbers.start:
                headline = self._line.planned(number)
                yield self._part_page(headline)
                for index, session in enumerate(headline.sessions):
                    if session.id in named:
                        yield self._session_page(headline, index)

    def _reach(self, number: int, session_id: str | None = None) -> int:
        """Return the last Part that a page of this one leads to: its own, or one that is out and that it refers to."""
        pages = self._desk.waiting.get(number, {})
        texts = pages.values() if session_id is None else [pages.get(session_id, ())]
        return max((part for later in texts for part in later if part <= self._line.released), default=number)

    def _part_page(self, headline: Headline) -> Target:
        desk, number = self._desk, headline.number
        previous, following = self._line.part(number - 1), self._line.part(number + 1)
        before = _neighbour(previous) if previous else None
        after = _neighbour(following) if following else None
        out, poster = self._reach(number), self._poster(number)
        key = digest(desk.style, "part", headline.digest, before, *_further(number, out), *filter(None, [poster]))
        link_key, link = self._link(headline, after)

        def make() -> bytes:
            text = self._text(
                headline, key, lambda: desk.painter.part_page(self._copy.of(number), before, out, poster), out
            )
            return encoded(filled(text, {"next": link()}))

        return Target(path=paths.part(desk.slug, number), key=digest(key, link_key), make=make)

    def _session_page(self, headline: Headline, index: int) -> Target:
        desk = self._desk
        session = headline.sessions[index]
        before, after = self._session_before(headline, index), self._session_after(headline, index)
        number, out = headline.number, self._reach(headline.number, session.id)
        poster = self._poster(number)
        further = (*_further(number, out), *filter(None, [poster]))
        key = digest(desk.style, "session", headline.digest, session.id, before, *further)
        link_key, link = self._link(headline, after)

        def make() -> bytes:
            text = self._text(
                headline,
                key,
                lambda: desk.painter.session_page(self._copy.of(number), index, before, out, poster),
                out,
            )
            return encoded(filled(text, {"next": link()}))

        return Target(path=paths.session(desk.slug, session.id), key=digest(key, link_key), make=make)

    def _poster(self, number: int) -> str | None:
        studio = self._desk.studio
        return studio.path(number) if studio else None

    def _issue(self, headline: Headline) -> Iterator[Target]:
        desk, number = self._desk, headline.number
        made: list[tuple[str, str]] = []

        def text(ending: str) -> str:
            if not made:
                made.append(desk.painter.issue(self._copy.of(number)))
            return made[0][ending == "txt"]

        for ending in ("html", "txt"):
            key = digest(desk.style, "issue", ending, headline.digest)
            yield Target(
                path=paths.issue(desk.slug, number, ending),
                key=key,
                make=lambda key=key, ending=ending: self._text(headline, key, lambda: text(ending)).encode(),  # type: ignore[misc]
            )

    def _session_before(self, headline: Headline, index: int) -> Neighbour | None:
        number = headline.number
        while index == 0:  # a Part may have no session
            earlier = self._line.part(number - 1)
            if earlier is None:
                return None
            headline, number, index = earlier, earlier.number, len(earlier.sessions)
        session = headline.sessions[index - 1]
        return Neighbour(title=session.title, path=f"sessions/{session.id}.html")

    def _session_after(self, headline: Headline, index: int) -> Neighbour | None:
        while index + 1 >= len(headline.sessions):
            later = self._line.part(headline.number + 1)
            if later is None:
                return None
            headline, index = later, -1
        session = headline.sessions[index + 1]
        return Neighbour(title=session.title, path=f"sessions/{session.id}.html")

    def _link(self, headline: Headline, after: Neighbour | None) -> tuple[str, Callable[[], str]]:
        """Return the digest of what follows a page of this Part, and what makes the link to it."""
        desk = self._desk
        last = headline.number >= self._line.released - 1  # the page before a new one is joined anew, with its link
        if after:
            key = digest(desk.style, "next", after)
            return key, lambda: desk.texts.get(key, lambda: desk.painter.next_link(after), keep=last)
        number, moment = self._line.expected or (None, None)
        key = digest(desk.style, "coming link", number, moment)
        return key, lambda: desk.texts.get(key, lambda: desk.painter.coming_link(number, moment), keep=last)

    def _text(self, headline: Headline, key: str, make: Callable[[], str], out: int = 0) -> str:
        """Return a text that belongs to a Part; only those that the last one brings or changes are asked for again."""
        return self._desk.texts.get(key, make, keep=max(headline.number, out) >= self._line.released)


def _further(number: int, out: int) -> tuple[int, ...]:
    return () if out == number else (out,)


def _neighbour(headline: Headline) -> Neighbour:
    return Neighbour(title=headline.title, path=f"parts/{headline.number}.html")
