"""Time zones to choose from in a form: where most readers are, then every one there is, by its part of the world."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

from cnddigest.rendering.visits import Choice
from cnddigest.rendering.words import Words

COMMON = (
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Europe/London",
    "Europe/Berlin",
    "Europe/Istanbul",
    "UTC",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Pacific/Honolulu",
)
REGIONS: Mapping[str, str] = {  # how the IANA database begins its names, and how a form calls that
    "Africa": "Africa",
    "America": "America",
    "Antarctica": "Antarctica",
    "Arctic": "Arctic",
    "Asia": "Asia",
    "Atlantic": "Atlantic Ocean",
    "Australia": "Australia",
    "Europe": "Europe",
    "Indian": "Indian Ocean",
    "Pacific": "Pacific Ocean",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Zones that stand together under a name."""

    name: str
    choices: tuple[Choice, ...]


def zones(words: Words, chosen: str) -> list[Group]:
    """Return all zones to choose from, among them the one that is set, whatever it is.

    A common one stands in its part of the world, too, where somebody looks for it; it is chosen only once.
    """
    common = COMMON if chosen in COMMON else (chosen, *COMMON)
    first = Group(
        name=words.text("Common"),
        choices=tuple(Choice(value=name, label=_named(words, name), chosen=name == chosen) for name in common),
    )
    regions = groupby(_everywhere(), key=lambda name: name.partition("/")[0])
    return [first, *(Group(name=words.text(REGIONS[region]), choices=_within(found)) for region, found in regions)]


def _within(names: Iterable[str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=name, label=_place(name.partition("/")[2])) for name in names)


def _named(words: Words, name: str) -> str:
    """Return a place with the name that its time has on our pages: `Tokyo (Japan Time)`."""
    return words.text("{time} ({zone})", time=_place(name.rpartition("/")[2]), zone=words.there(ZoneInfo(name)).zone())


def _place(name: str) -> str:
    return name.replace("_", " ")


@cache
def _everywhere() -> tuple[str, ...]:
    """Return the names of all zones of a place, in order; looking for them takes a tenth of a second."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS))
