"""What is kept of a recap and its configuration beside the Parts, so that files can be made without them.

It is plain JSON by the standard library: a release reads it, and should load nothing for it.
"""

import datetime as dt
import json
from typing import Any

from cnddigest.errors import BadRecord
from cnddigest.ports import SerialState
from cnddigest.recap.model import Recap
from cnddigest.rendering.masthead import Masthead
from cnddigest.serial.model import Attribution, Part, Publication, Serial


def title(publication: Publication, serial: Serial, recap: Recap) -> str:
    """Return what a Serial is called."""
    return serial.title or recap.title or publication.title


def describe(publication: Publication, serial: Serial, recap: Recap, parts: tuple[Part, ...]) -> str:
    """Return what `masthead` reads, as the record keeps it: one JSON object, the same for the same facts."""
    dates = [day.date for day in recap.days if day.date]
    return json.dumps(
        {
            "title": title(publication, serial, recap),
            "language": recap.language,
            "author": serial.attribution.author,
            "url": serial.attribution.url,
            "licence": serial.attribution.licence,
            "parts": len(parts),
            "sessions": sum(len(part.sessions) for part in parts),
            "first_on": _written(min(dates, default=None)),
            "last_on": _written(max(dates, default=None)),
            "written_on": _written(recap.written_on),
        },
        ensure_ascii=False,
    )


def masthead(publication: Publication, state: SerialState) -> Masthead:
    """Return what stands on everything of a Serial; raises BadRecord if it was not `describe` who wrote it."""
    try:
        about = json.loads(state.about)
        return _masthead(publication, state.slug, about)
    except (ValueError, KeyError, TypeError) as error:
        raise BadRecord(f"record is damaged: {state.slug}", hint="put a copy of it back") from error


def _masthead(publication: Publication, slug: str, about: dict[str, Any]) -> Masthead:
    return Masthead(
        publication=publication,
        slug=slug,
        title=about["title"],
        language=about["language"],
        attribution=Attribution(author=about["author"], url=about["url"], licence=about["licence"]),
        parts=about["parts"],
        sessions=about["sessions"],
        first_on=_read(about["first_on"]),
        last_on=_read(about["last_on"]),
        written_on=_read(about["written_on"]),
    )


def _written(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _read(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


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
