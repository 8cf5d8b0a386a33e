"""What search engines are told: one sitemap, or many of which a release rewrites the last ones only."""

from collections.abc import Iterable, Iterator, Mapping

from cnddigest.feed import sitemap
from cnddigest.feed.sitemap import Place
from cnddigest.ports.record import Totals
from cnddigest.serial.model import Publication
from cnddigest.site import paths, shelves
from cnddigest.site.target import Target, digest
from cnddigest.usecases.timeline import Timeline

Lines = Mapping[str, Timeline]  # what is out of each Serial, by its slug
NONE = Totals()


class Sitemap:
    """The sitemap and robots.txt of a publication as targets. What is not out is in none of them."""

    def __init__(self, publication: Publication, lines: Lines) -> None:
        """List what is out of these Serials."""
        self._home = publication.base_url
        self._lines = lines
        self._totals = {slug: line.totals for slug, line in lines.items()}

    def robots(self) -> Target:
        """Return robots.txt."""
        home = self._home
        key = digest("robots", home, *sitemap.PERSONAL)
        return Target(path=paths.ROBOTS, key=key, make=lambda: sitemap.robots(home, home + paths.SITEMAP))

    def everything(self) -> Iterator[Target]:
        """Yield every file."""
        yield from self._files(dict.fromkeys(self._lines, NONE))

    def grown(self, before: Lines) -> Iterator[Target]:
        """Yield the files that may differ from how they were, when less was out of these Serials."""
        totals = {slug: line.totals for slug, line in before.items()}
        was_one = shelves.fits_in_one_map(_pages(self._totals | totals))
        yield from self._files(dict.fromkeys(self._lines, NONE) if was_one else totals)

    def _files(self, since: Mapping[str, Totals]) -> Iterator[Target]:
        if shelves.fits_in_one_map(_pages(self._totals)):
            inside = (place for slug in self._lines for place in self._parts_and_sessions(slug))
            yield _target(paths.SITEMAP, [*self._fronts(), *inside])
            return
        yield _target(paths.sitemap("pages", 1), list(self._fronts()))
        for slug, before in since.items():
            now = self._totals[slug]
            for number, first, last in shelves.maps(now.released_parts):
                yield _target(paths.sitemap(f"{slug}-parts", number), self._parts(slug, first, last))
            for number, first, last in shelves.maps(now.released_sessions, since=before.released_sessions):
                yield _target(paths.sitemap(f"{slug}-sessions", number), self._sessions(slug, first, last))
        yield self._index()

    def _index(self) -> Target:
        names = [paths.sitemap("pages", 1)]
        for slug, totals in self._totals.items():
            names += [paths.sitemap(f"{slug}-parts", number) for number, _, _ in shelves.maps(totals.released_parts)]
            kept = shelves.maps(totals.released_sessions)
            names += [paths.sitemap(f"{slug}-sessions", number) for number, _, _ in kept]
        urls = [self._home + name for name in names]
        return Target(path=paths.SITEMAP, key=digest("sitemaps", *urls), make=lambda: sitemap.index(urls))

    def _fronts(self) -> Iterator[Place]:
        yield Place(url=self._home)
        for slug, line in self._lines.items():
            if line.released:
                yield Place(url=f"{self._home}{slug}/", changed_at=line.planned(line.released).release_at)

    def _parts_and_sessions(self, slug: str) -> Iterable[Place]:
        totals = self._totals[slug]
        return [*self._parts(slug, 1, totals.released_parts), *self._sessions(slug, 1, totals.released_sessions)]

    def _parts(self, slug: str, first: int, last: int) -> list[Place]:
        return [
            Place(url=self._home + paths.part(slug, headline.number), changed_at=headline.updated_at)
            for headline in self._lines[slug].parts(first, last)
        ]

    def _sessions(self, slug: str, first: int, last: int) -> list[Place]:
        found = self._lines[slug].sessions(first, last) if first <= last else []
        return [
            Place(url=self._home + paths.session(slug, session.id), changed_at=session.updated_at)
            for _, session in found
        ]


def _pages(totals: Mapping[str, Totals]) -> int:
    return 1 + sum(1 + each.released_parts + each.released_sessions for each in totals.values())


def _target(path: str, places: list[Place]) -> Target:
    facts = [fact for place in places for fact in (place.url, place.changed_at)]
    return Target(path=path, key=digest("sitemap", *facts), make=lambda: sitemap.sitemap(places))
