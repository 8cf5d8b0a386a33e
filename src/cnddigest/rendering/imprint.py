"""The end of an Issue: whose text it is, where else to follow it, who sends it, and how to leave."""

from collections.abc import Iterator

from cnddigest.rendering.heads import one_line
from cnddigest.rendering.markup import address
from cnddigest.rendering.masthead import Masthead
from cnddigest.rendering.mould import Values
from cnddigest.rendering.page import FEEDS
from cnddigest.rendering.slots import slot
from cnddigest.rendering.words import Words
from cnddigest.serial.model import Publication

PACE = ("next", "pause", "slower", "faster", "contents")  # what a link may wish of a person's own run
LONGEST_TITLE = 100  # characters: an Issue is as large as it may be before this stands at its end


def imprint(words: Words, masthead: Masthead, home: str) -> Values:
    """Return what stands below every Issue; `home` is the address of the Serial's folder."""
    url = address(masthead.attribution.url)
    publisher = publisher_line(masthead.publication)
    return {
        "source": [
            {"source_name": name, "source_value": one_line(value)} for name, value in _sources(words, masthead) if value
        ],
        "original": [{"original_url": url, "original_name": one_line(url)}] if url else [],
        "feed": [{"feed_name": feed.name, "feed_url": home + feed.path} for feed in FEEDS if not feed.sessions],
        "publisher": [{"publisher_line": publisher}] if publisher else [],
        "personal": [],
    }


def personal_links(words: Words, masthead: Masthead, *, part: int | None = None) -> Values:
    """Return why a reader gets this, and slots for the links that are each reader's own.

    `part` is the Part's number for who has a run of their own, and sets its pace.
    """
    title = one_line(masthead.title)
    title = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"
    reason = words.text("You are receiving this because you subscribed to {title}.", title=title)
    links: Values = {f"{name}_url": slot(name) for name in PACE}
    onward = [links] if part is not None and part < masthead.parts else []
    return {
        "reason": reason,
        "unsubscribe_url": slot("unsubscribe"),
        "preferences_url": slot("preferences"),
        "pace": [] if part is None else [{**links, "onward": onward}],
    }


def publisher_line(house: Publication) -> str:
    """Return who sends this, with the postal address that the laws on advertising by mail ask for."""
    lines = (house.publisher_name, house.publisher_address, house.publisher_email)
    return " · ".join(one_line(line) for line in lines if line)


def _sources(words: Words, masthead: Masthead) -> Iterator[tuple[str, str]]:
    if masthead.first_on:
        yield words.text("Conference dates"), words.dates(masthead.first_on, masthead.last_on or masthead.first_on)
    yield words.text("Author"), masthead.attribution.author
    yield words.text("Written"), words.date(masthead.written_on) if masthead.written_on else ""
    yield words.text("Licence"), masthead.attribution.licence
