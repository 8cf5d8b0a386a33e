"""What a Replay's feed says in its own name: when it begins, and that it is over. So it is never empty."""

import datetime as dt
from dataclasses import dataclass
from html import escape
from urllib.parse import urljoin

from cnddigest.rendering.entry import Entry
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.slots import clean
from cnddigest.rendering.words import Words
from cnddigest.serial.identity import entry_id

BEGINS, END = "begins", "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks of which Serial, and in which run: `words` tell the time in the reader's zone."""

    words: Words
    masthead: Masthead
    tag: str
    run: str


def begins(voice: Voice, *, part: int, release_at: dt.datetime | None, at: dt.datetime, paused: bool = False) -> Entry:
    """Return the Entry that stands alone before the first Part, number `part`; its own date is `at`.

    `release_at` is when that comes, None while the run is `paused` or the publisher holds it.
    """
    words = voice.words
    number = words.number(part)
    if release_at is None and not paused:
        title = words.text(
            "Part {number} of {count} is still to come", number=number, count=words.number(voice.masthead.parts)
        )
        return _note(voice, BEGINS, title, words.text("The release date is not set: releases are on hold."), at)
    if release_at is None:
        title = words.text("Paused before part {number}", number=number)
        return _note(voice, BEGINS, title, words.text("Part {number} comes when you resume.", number=number), at)
    when = {"when": words.moment(release_at), "zone": words.zone()}
    said = words.text("Part {number} comes on {when} ({zone}).", number=number, **when)
    return _note(voice, BEGINS, words.text("Begins on {when} ({zone})", **when), said, at)


def end(voice: Voice, *, at: dt.datetime) -> Entry:
    """Return the Entry above the last Part, which came `at` that moment."""
    said = voice.words.text("All parts are out. Nothing more will come here, so you can unsubscribe from this feed.")
    return _note(voice, END, voice.words.text("That was the last part"), said, at)


def _note(voice: Voice, name: str, title: str, said: str, at: dt.datetime) -> Entry:
    words, masthead, publication = voice.words, voice.masthead, voice.masthead.publication
    path = f"{masthead.slug}/"
    link = f'<a href="{escape(urljoin(publication.base_url, path))}">{escape(clean(masthead.title))}</a>'
    return Entry(
        entry_id=entry_id(voice.tag, voice.run, name),
        path=path,
        title=title,
        summary=said,
        html=f"<p>{escape(said)}</p><p>{words.text('In the archive: {link}', link=link)}</p>",
        language=words.language,
        author=clean(masthead.attribution.author or publication.publisher_name or publication.title),
        published_at=at,
        updated_at=at,
    )
