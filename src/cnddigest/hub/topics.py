"""Which files of a publication can be followed through a hub, and how they are called there."""

from collections.abc import Iterable

from cnddigest.feed import atom, jsonfeed, rss
from cnddigest.serial.model import Publication
from cnddigest.site import paths

KINDS = {
    "rss.xml": f"{rss.MEDIA_TYPE}; charset=utf-8",
    "atom.xml": f"{atom.MEDIA_TYPE}; charset=utf-8",
    "feed.json": f"{jsonfeed.MEDIA_TYPE}; charset=utf-8",
}


def topics(publication: Publication) -> tuple[str, ...]:
    """Return the paths of all public feeds: current documents only, and nobody's own."""
    slugs: Iterable[str] = (serial.slug for serial in publication.serials)
    return tuple(
        paths.feed(slug, name, sessions=sessions) for slug in slugs for sessions in (False, True) for name in KINDS
    )


def kind(path: str) -> str:
    """Return the media type of a feed, as it is served and pushed."""
    return KINDS[path.rpartition("/")[2]]


def header(hubs: Iterable[str], topic: str) -> str:
    """Return the same for an address."""
    return ", ".join([*(f'<{hub}>; rel="hub"' for hub in hubs), f'<{topic}>; rel="self"'])
