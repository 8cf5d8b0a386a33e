"""Posters as files: which Serials and Parts have one, and when it is drawn anew."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from cnddigest.picture.poster import WAY, Typeface, draw, needed
from cnddigest.ports.record import Headline, Store
from cnddigest.site import paths
from cnddigest.site.target import Target, digest
from cnddigest.usecases.painter import Painter
from cnddigest.usecases.shop import Shop
from cnddigest.usecases.texts import Texts

MOST = 100  # Parts that have posters of their own: 10,000 would take as many times 30 ms, longer than all else


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What the posters of one Serial are drawn with; `parts` says that each Part has its own."""

    slug: str
    painter: Painter
    texts: Texts
    face: Typeface
    parts: bool

    def path(self, number: int | None = None) -> str:
        """Return the path of the poster that stands for a Part, or for the Serial."""
        return paths.poster(self.slug, number if self.parts else None)

    def serial(self) -> Target:
        """Return the poster of the Serial as a file."""
        masthead = self.painter.masthead
        key = self._key(masthead.first_on, masthead.last_on, self.parts)
        return Target(path=paths.poster(self.slug), key=key, make=partial(self._drawn, key, None, keep=False))

    def part(self, headline: Headline, *, keep: bool) -> Iterator[Target]:
        """Yield the poster of a Part, where it has its own; one that is to `keep` is drawn before it is due."""
        if self.parts:
            key = self._key(headline.number, headline.title)
            path = paths.poster(self.slug, headline.number)
            yield Target(path=path, key=key, make=partial(self._drawn, key, headline, keep=keep))

    def _key(self, *facts: object) -> str:
        """Return one name for what a poster shows: another style of the pages does not change it."""
        masthead = self.painter.masthead
        publication = masthead.publication
        shared = (publication.title, publication.language, masthead.title, masthead.parts)
        return digest("poster", WAY, self.face.mark, *shared, *facts)

    def _drawn(self, key: str, headline: Headline | None, *, keep: bool) -> bytes:
        def made() -> str:
            return base64.b64encode(draw(self.painter.poster(headline), self.face)).decode()

        return base64.b64decode(self.texts.get(key, made, keep=keep))


def studio(shop: Shop, painter: Painter, texts: Texts) -> Studio | None:
    """Return what a Serial's posters are drawn with, None where none are wanted or can be drawn."""
    from cnddigest.picture import scaling

    publication, masthead = shop.publication, painter.masthead
    if publication.posters == "none" or not scaling.is_available():
        return None
    face = shop.inputs.typeface(needed(masthead.title + publication.title, publication.language), masthead.language)
    if face is None:
        return None
    parts = publication.posters == "part" and masthead.parts <= MOST
    return Studio(slug=masthead.slug, painter=painter, texts=texts, face=face, parts=parts)


def differ(store: Store, slug: str, studio: Studio | None) -> bool:
    """Say whether posters are drawn otherwise than before, or for the first time: pages name them, or no more."""
    before = [file.key for file in store.built_files([paths.poster(slug)]).values()]
    return before != ([studio.serial().key] if studio else [])
