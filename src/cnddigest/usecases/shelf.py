"""What is public of one Serial, at hand for the feeds of as many Replays as are asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cnddigest.audience.replay import Replay
from cnddigest.ports.record import Headline, Store
from cnddigest.serial.model import Publication
from cnddigest.serial.replay import Rhythm, Step
from cnddigest.usecases.press import Desk, desk_of
from cnddigest.usecases.replays import Public
from cnddigest.usecases.texts import Texts

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words

Speak = Callable[[str, ZoneInfo], "Words"]  # a language, `""` for the publication's, and a zone to tell the time in


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One Serial as of one revision of the record.

    `desk` reads texts from the record's cache and keeps some at hand; they are never written back.
    """

    desk: Desk
    steps: tuple[Step, ...]
    headlines: Mapping[int, Headline]
    words: Speak
    rhythm: Callable[[Replay], Rhythm]


def shelf(  # noqa: PLR0913  a shelf holds so many things
    store: Store, publication: Publication, slug: str, *, style: str, templates: "Callable[[], Templates]", words: Speak
) -> Shelf | None:
    """Return what is public of a Serial, None for one that is unknown or was never read."""
    state = store.serial(slug)
    if state is None or slug not in {serial.slug for serial in publication.serials}:
        return None
    public = Public(store, publication)
    texts = Texts(store)
    desk = desk_of(store, publication, state, texts=texts, templates=templates, style=style)
    return Shelf(
        desk=desk,
        steps=public.steps(slug),
        headlines={headline.number: headline for headline in store.headlines(slug)},
        words=words,
        rhythm=lambda wanted: public.rhythm(slug, wanted),
    )
