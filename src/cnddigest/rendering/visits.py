"""Pages for one visitor, forms and what came of them: what they say beyond their templates."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from cnddigest.rendering.templates import Templates
from cnddigest.rendering.words import Words
from cnddigest.serial.model import Publication

EVERY = ("12h", "day", "weekday", "mon,wed,fri", "mon,thu", "mon", "original")  # the paces a form offers
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several things to choose from in a form."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Settings of a Replay with nothing left open; `every` as a Replay writes it, `at` as `HH:MM`."""

    every: str
    at: str
    timezone: str
    per: int = 1


def visit(
    templates: Templates, publication: Publication, name: str, *, title: str, up: str = "", **said: object
) -> str:
    """Return a page made from the template `visit_NAME`; `up` leads from it to the front page, as in `../`."""
    return templates.render(f"visit_{name}.html.j2", publication=publication, site=up, title=title, **said)


def paces(words: Words, chosen: str) -> list[Choice]:
    """Return the paces to choose from, among them the one that is set, whatever it is."""
    return [Choice(value=each, label=rhythm(words, each), chosen=each == chosen) for each in _with(chosen, EVERY)]


def tongues(spoken: Iterable[Words], chosen: str) -> list[Choice]:
    """Return the languages of the interface, each by its own name."""
    return [
        Choice(value=words.language, label=words.tongue(words.language), chosen=words.language == chosen)
        for words in spoken
    ]


def switch(others: Iterable[Words], kept: Mapping[str, str]) -> list[Choice]:
    """Return the ways to a page in other languages; `kept` stands in its address, too."""
    return [
        Choice(value=f"?{urlencode({**kept, 'lang': words.language})}", label=words.tongue(words.language))
        for words in others
    ]


def rhythm(words: Words, every: str) -> str:
    """Return a rhythm in words: `every day`, `Monday, Thursday`; an interval as it is written."""
    named = {
        "12h": words.text("twice a day"),
        "day": words.text("every day"),
        "weekday": words.text("Monday to Friday"),
        "original": words.text("spaced like the conference days"),
    }
    if every in named:
        return named[every]
    days = every.split(",")
    if set(days) <= set(DAYS):
        return words.text(", ").join(words.weekday(DAYS.index(day)) for day in days)
    return words.text("every {time}", time=every)


def pace(words: Words, wanted: Pace) -> str:
    """Return settings in words: `every day, 8:00 AM (Japan Time), 2 parts at a time`."""
    said = [rhythm(words, wanted.every)]
    if not wanted.every[:1].isdigit():  # an interval has no time of day
        clock, zone = words.clock(dt.time.fromisoformat(wanted.at)), words.there(ZoneInfo(wanted.timezone)).zone()
        said.append(words.text("{time} ({zone})", time=clock, zone=zone))
    if wanted.per > 1:
        said.append(words.plural("{count} part at a time", "{count} parts at a time", wanted.per))
    return words.text(", ").join(said)


def _with(chosen: str, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(known) if chosen in known else (chosen, *known)
