"""What is kept of a recap and its configuration beside the Parts, so that files can be made without them.

It is plain JSON by the standard library: a release reads it, and should load nothing for it.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from cnddigest.errors import BadRecord
from cnddigest.ports.record import Headline, SerialState
from cnddigest.recap.model import Recap
from cnddigest.rendering.masthead import Masthead
from cnddigest.serial import conference
from cnddigest.serial.model import Attribution, Part, Publication, Serial
from cnddigest.usecases.album import Sight, written

TEMPO = ("held", "pace")  # of what `describe` writes, that which moves Replays and stands on no page
Waiting = Mapping[int, Mapping[str, tuple[int, ...]]]


def title(publication: Publication, serial: Serial, recap: Recap) -> str:
    """Return what a Serial is called."""
    return serial.title or recap.title or publication.title


def describe(
    publication: Publication, serial: Serial, recap: Recap, parts: tuple[Part, ...], pictures: tuple[Sight, ...] = ()
) -> str:
    """Return what `masthead` reads, as the record keeps it: one JSON object, the same for the same facts.

    `pictures` is what was seen of the image files.
    """
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
            "tags": recap.tags,
            "waiting": _waiting(parts),
            "held": [[gap, slot and slot.strftime("%H:%M")] for gap, slot in conference.held(parts, serial.cadence)],
            "pace": [str(serial.cadence.every), f"{serial.cadence.at:%H:%M}", serial.cadence.timezone.key],
            **({"pictures": written(pictures)} if pictures else {}),
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
        tags=tuple(about.get("tags", ())),
    )


def waiting(state: SerialState) -> Waiting:
    """Return which pages refer to Parts that come later: by Part, by session (`""` is the rest), their numbers."""
    try:
        found = json.loads(state.about).get("waiting", {})
        return {int(part): {name: tuple(later) for name, later in pages.items()} for part, pages in found.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRecord(f"record is damaged: {state.slug}", hint="put a copy of it back") from error


def places(state: SerialState | None, parts: Sequence[Headline]) -> list[conference.Place]:
    """Return where these Parts stand in the conference; where nobody knows, a day after the one before."""
    known = dict(enumerate(held(state) if state else (), 1))
    last = max((part.number for part in parts), default=0)
    every = list(conference.places_of(known.get(number, (1, None)) for number in range(1, last + 1)))
    return [every[part.number - 1] for part in parts]


def held(state: SerialState) -> tuple[conference.Held, ...]:
    """Return when each Part was held."""
    try:
        found = json.loads(state.about).get("held", ())
        return tuple([(int(days), dt.time.fromisoformat(slot) if slot else None) for days, slot in found])
    except (ValueError, TypeError, AttributeError) as error:
        raise BadRecord(f"record is damaged: {state.slug}", hint="put a copy of it back") from error


def tempo(state: SerialState) -> tuple[str, ...]:
    """Return what of `describe` a Replay goes by that leaves its pace to the Serial or to the conference."""
    facts = json.loads(state.about)
    return tuple(json.dumps(facts.get(name)) for name in TEMPO)


def printed(state: SerialState) -> str:
    """Return what of `describe` stands on every page of a Serial, as one text for a digest."""
    facts = json.loads(state.about)
    for apart in ("waiting", "pictures", *TEMPO):
        facts.pop(apart, None)
    return json.dumps(facts, ensure_ascii=False)


def _waiting(parts: tuple[Part, ...]) -> dict[int, dict[str, list[int]]]:
    from cnddigest.serial import mentions  # only a reading needs it

    return {part.number: pages for part in parts if (pages := mentions.waiting(part))}


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
