"""Image files beside the pages: which were looked at, and which are published with a Part.

recap ──curator──> texts that name the gallery, and an Album ──noted──> SerialState.about
                                                                          └──targets──> <serial>/images/…
"""

from collections.abc import Iterator, Sequence
from functools import partial

from cnddigest.errors import BadPicture
from cnddigest.ports.files import Inputs
from cnddigest.ports.record import Store
from cnddigest.serial.model import Publication
from cnddigest.site import paths
from cnddigest.site.target import Target, digest
from cnddigest.usecases.album import WAY, Sight, mark, sights
from cnddigest.usecases.shop import Shop


def differ(inputs: Inputs, store: Store, publication: Publication) -> bool:
    """Say whether an image file changed, came or went since the recaps were read."""
    return any(
        mark(inputs, sight.path) != sight.mark
        for serial in publication.serials
        for sight in noted(store, serial.slug)
        if sight.path
    )


def noted(store: Store, slug: str) -> tuple[Sight, ...]:
    """Return what was seen of the image files of a Serial."""
    state = store.serial(slug)
    return sights(state.about) if state else ()


def targets(shop: Shop, slug: str, seen: Sequence[Sight], parts: range) -> Iterator[Target]:
    """Yield the image files that these Parts are the first to show."""
    for sight in seen:
        for name in dict.fromkeys((sight.page, sight.mail)) if sight.part in parts else ():
            path = paths.picture(slug, name)
            key = digest("picture", WAY, name, bool(sight.path))
            yield Target(path=path, key=key, make=partial(_bytes, shop, sight, name, path))


def _bytes(shop: Shop, sight: Sight, name: str, path: str) -> bytes:
    """Return a published image: made from its file, or what is published already if that is gone."""
    from cnddigest.picture.variants import make, stem

    try:
        data = shop.inputs.picture(sight.path) if sight.path else b""
        if name.startswith(stem(data)):
            return make(name, data)
    except BadPicture:
        pass  # it changed after it was looked at: the next publish looks again
    return shop.sink.read(path) or b""
