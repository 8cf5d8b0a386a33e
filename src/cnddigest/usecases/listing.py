"""What lists a Serial: its archive, its calendar, its search index."""

from collections.abc import Callable, Iterable, Iterator

from cnddigest.feed import calendar
from cnddigest.ports.record import Headline, SessionHeadline
from cnddigest.rendering.slots import encoded, fill
from cnddigest.serial.model import MAIN
from cnddigest.site import paths, shelves
from cnddigest.site.target import Target, digest
from cnddigest.usecases.press import Desk
from cnddigest.usecases.timeline import Timeline

AROUND = 50  # Parts in the calendar before and after now: it is rewritten at each release, so it must not grow


class Listing:
    """The lists of a Serial as targets."""

    def __init__(self, desk: Desk, timeline: Timeline) -> None:
        """List what is out after this timeline."""
        self._desk = desk
        self._line = timeline
        self._copy = desk.copy

    def everything(self) -> Iterator[Target]:
        """Yield every list."""
        for number in range(1, shelves.older_pages(self._line.released) + 1):
            yield self._older(number)
        yield from self._search(since=0)
        yield self._calendar()
        yield self._archive()

    def grown(self, before: Timeline) -> Iterator[Target]:
        """Yield the lists that differ from how they were before."""
        for number in range(shelves.older_pages(before.released) + 1, shelves.older_pages(self._line.released) + 1):
            yield self._older(number)
        still_one = self._in_one(before) and not self._in_one(self._line)
        yield from self._search(since=0 if still_one else before.totals.released_sessions)
        yield self._calendar()
        yield self._archive()

    def _archive(self) -> Target:
        desk, line = self._desk, self._line
        headlines = list(line.parts(shelves.first_row(line.released), line.released))
        pages = shelves.older_pages(line.released)
        poster = desk.studio.path() if desk.studio else None
        shell = digest(desk.style, "archive", bool(headlines), *filter(None, [poster]))
        coming = line.expected
        facts = [headline.digest for headline in headlines]

        def make() -> bytes:
            text = desk.texts.get(
                shell,
                lambda: desk.painter.archive(released=bool(headlines), poster=poster),
                keep=True,
            )
            number, moment = coming or (None, None)
            return fill(
                text,
                {
                    "progress": self._kept(
                        ("progress", line.released),
                        lambda: desk.painter.progress(line.released),
                    ),
                    "rows": self._rows(headlines),
                    "older": self._older_link(pages),
                    "coming": self._kept(("coming", coming), lambda: desk.painter.coming(number, moment)),
                },
            ).encode()

        return Target(path=paths.archive(desk.slug), key=digest(shell, line.released, pages, coming, *facts), make=make)

    def _older(self, number: int) -> Target:
        desk = self._desk
        headlines = list(self._line.parts(*shelves.rows_on(number)))
        path = paths.contents(desk.slug, number)
        key = digest(desk.style, "older", number, *(headline.digest for headline in headlines))

        def make() -> bytes:
            text = desk.painter.older(path.rpartition("/")[2])
            return fill(text, {"rows": self._rows(headlines), "older": self._older_link(number - 1)}).encode()

        return Target(path=path, key=key, make=make)

    def _rows(self, headlines: list[Headline]) -> str:
        desk = self._desk

        def made(places: list[int]) -> list[str]:
            return [desk.painter.row(self._copy.of(headlines[place].number)) for place in places]

        keys = [digest(desk.style, "row", headline.digest, headline.release_at) for headline in headlines]
        first = shelves.first_row(self._line.released)
        return "".join(desk.texts.get_all(keys, made, keep=[one.number >= first for one in headlines]))

    def _older_link(self, number: int) -> str:
        desk = self._desk
        if not number:
            return ""
        name = paths.contents(desk.slug, number).rpartition("/")[2]
        return self._kept(("older", name), lambda: desk.painter.older_link(name))

    def _kept(self, facts: tuple[object, ...], make: Callable[[], str]) -> str:
        return self._desk.texts.get(digest(self._desk.style, *facts), make, keep=True)

    def _calendar(self) -> Target:
        desk, line = self._desk, self._line
        last = line.released if line.held else min(line.released + AROUND, line.totals.parts)
        headlines = [line.planned(number) for number in range(max(1, line.released - AROUND + 1), last + 1)]
        facts = [(one.number, one.release_at, one.digest) for one in headlines]
        key = digest(desk.style, desk.tag, "calendar", line.released, line.totals.parts, *facts)

        def make() -> bytes:
            return calendar.calendar(
                [self._event(headline) for headline in headlines],
                tag=desk.tag,
                run=MAIN,
                title=desk.masthead.title,
                total=line.totals.parts,
            )

        return Target(path=paths.calendar(desk.slug), key=key, make=make)

    def _event(self, headline: Headline) -> calendar.Event:
        out = headline.number <= self._line.released
        base_url = self._desk.masthead.publication.base_url
        return calendar.Event(
            number=headline.number,
            name=f"part-{headline.number}",
            release_at=headline.release_at,
            stamped_at=headline.updated_at if out else headline.release_at,
            title=headline.title if out else None,
            url=base_url + paths.part(self._desk.slug, headline.number) if out else None,
            sequence=int(out),
        )

    def _in_one(self, line: Timeline) -> bool:
        return shelves.fits_in_one(line.totals.search_size, line.totals.released_sessions)

    def _search(self, *, since: int) -> Iterator[Target]:
        """Yield the search index: one file, or a list of files of 100 sessions each, of which the last ones change."""
        desk, line = self._desk, self._line
        count = line.totals.released_sessions
        if self._in_one(line):
            yield self._shelf(paths.search(desk.slug), 1, count)
            return
        for number, first, last in shelves.shelves(count, since=since):
            yield self._shelf(paths.shelf(desk.slug, number), first, last)
        names = [f"search/{number}.json" for number, _, _ in shelves.shelves(count)]
        yield Target(
            path=paths.search(desk.slug),
            key=digest(desk.style, "search", len(names)),
            make=lambda: _json(desk.slug, "files", (f'"{name}"' for name in names)),
        )

    def _shelf(self, path: str, first: int, last: int) -> Target:
        desk = self._desk
        found = self._line.sessions(first, last) if last >= first else []
        keys = [digest(desk.style, "search", self._line.planned(part).digest, session.id) for part, session in found]
        lasting = last == self._line.totals.released_sessions

        def made(places: list[int]) -> list[str]:
            return [self._record(*found[place]) for place in places]

        def make() -> bytes:
            return _json(desk.slug, "sessions", desk.texts.get_all(keys, made, keep=[lasting] * len(keys)))

        return Target(path=path, key=digest(desk.style, "shelf", first, *keys), make=make)

    def _record(self, part: int, session: SessionHeadline) -> str:
        release = self._copy.of(part)
        index = next(n for n, one in enumerate(release.part.sessions) if one.id == session.id)
        return self._desk.painter.search_record(release, index)


def _json(slug: str, name: str, texts: Iterable[str]) -> bytes:
    return encoded(_listed(slug, name, texts))


def _listed(slug: str, name: str, texts: Iterable[str]) -> Iterator[str]:
    yield f'{{"schema": "cnddigest/search/1", "serial": "{slug}", "{name}": [\n'
    for number, text in enumerate(texts):
        yield ",\n" if number else ""
        yield text
    yield "\n]}\n"
