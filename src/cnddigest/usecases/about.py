"""What is kept of a recap and its configuration beside the Parts, so that files can be made without them."""

import datetime as dt
from dataclasses import dataclass

from cnddigest import values
from cnddigest.ports import SerialState
from cnddigest.recap.model import Recap
from cnddigest.rendering.masthead import Masthead
from cnddigest.serial.model import Attribution, Part, Publication, Serial


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The facts of a Masthead that do not stand in the configuration of the whole publication."""

    title: str
    language: str
    attribution: Attribution
    parts: int
    sessions: int
    first_on: dt.date | None
    last_on: dt.date | None
    written_on: dt.date | None


def title(publication: Publication, serial: Serial, recap: Recap) -> str:
    """Return what a Serial is called."""
    return serial.title or recap.title or publication.title


def describe(publication: Publication, serial: Serial, recap: Recap, parts: tuple[Part, ...]) -> str:
    """Return what `masthead` reads, as the record keeps it."""
    dates = [day.date for day in recap.days if day.date]
    about = About(
        title=title(publication, serial, recap),
        language=recap.language,
        attribution=serial.attribution,
        parts=len(parts),
        sessions=sum(len(part.sessions) for part in parts),
        first_on=min(dates, default=None),
        last_on=max(dates, default=None),
        written_on=recap.written_on,
    )
    return values.to_json(about).decode()


def masthead(publication: Publication, state: SerialState) -> Masthead:
    """Return what stands on everything of a Serial."""
    about = values.from_json(state.about, About)
    return Masthead(
        publication=publication,
        slug=state.slug,
        title=about.title,
        language=about.language,
        attribution=about.attribution,
        parts=about.parts,
        sessions=about.sessions,
        first_on=about.first_on,
        last_on=about.last_on,
        written_on=about.written_on,
    )


def facts(publication: Publication) -> tuple[str, ...]:
    """Return what pages say of the publication itself; its Serials are not among it."""
    return (
        publication.title,
        publication.base_url,
        publication.language,
        publication.timezone.key,
        publication.publisher_name,
        publication.publisher_email,
        publication.publisher_address,
    )
