"""`cnddigest plan --replay`: a timeline that an address carries, and that address, for a reader without account."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from cnddigest.cli import moments, options
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.audience.schedule import Schedule
    from cnddigest.usecases.replays import Date
    from cnddigest.wiring import Opened

FEEDS = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
SETTINGS = ("start", "every", "at", "per", "timezone")
HEADS = ("Part", "Comes")

asked = options.all_of(
    [
        click.option(
            "--replay", is_flag=True, help="A timeline for anybody: its moments, and the address of its feed."
        ),
        click.option("--start", metavar="WHEN", default="", help="With --replay: `now`, or a date."),
        click.option("--every", metavar="RHYTHM", default="", help="With --replay: `day`, `mon,thu`, `2d`, `12h`."),
        click.option("--at", metavar="HH:MM", default="", help="With --replay: time of day."),
        click.option("--per", metavar="N", default="", help="With --replay: so many Parts at a time."),
        click.option("--timezone", metavar="ZONE", default="", help="With --replay: `Europe/Berlin`."),
    ]
)


def refuse_alone(said: dict[str, str]) -> None:
    """Refuse settings of a timeline that nobody asked for; raises WrongUse."""
    given = next((name for name in SETTINGS if said[name]), None)
    if given:
        raise WrongUse(f"--{given} needs --replay")


def show(request: options.Request, serial: str | None, said: dict[str, str]) -> None:
    """Show a timeline with these settings that begins now; raises WrongUse for settings that make no sense."""
    from cnddigest.audience import replay

    settings = request.settings()
    slug = options.one_serial(settings, serial)
    try:
        wanted = replay.read(**{name: said[name] for name in SETTINGS})
    except ValueError as error:
        raise WrongUse(str(error)) from error
    from cnddigest import wiring  # after the configuration: a wrong one is told at once

    with wiring.open_publication(settings) as opened:
        schedule, calendar = opened.timeline(slug, wanted, now=request.now)
        links = _links(opened, schedule)
    if request.as_json:
        request.terminal.document(_wire(schedule, calendar, links))
        return
    zone = ZoneInfo(schedule.settings.timezone)
    rows = [(str(date.part), moments.local(date.release_at, zone)) for date in calendar]
    request.terminal.line(f"{slug}, times of {schedule.settings.timezone}")
    request.terminal.line()
    request.terminal.columns(HEADS, rows, right=(0,))
    request.terminal.line()
    for link in links.values():
        request.terminal.line(link)


def _links(opened: "Opened", schedule: "Schedule") -> dict[str, str]:
    from cnddigest.site import paths

    try:
        token = opened.office.tokens.make_schedule(schedule)
    except ValueError as error:
        raise WrongUse("rhythm is too long for an address", hint="write it like 12h or mon,thu") from error
    return {name: opened.office.base_url + paths.replay(token, file) for name, file in FEEDS.items()}


def _wire(schedule: "Schedule", calendar: Sequence["Date"], links: dict[str, str]) -> dict[str, Any]:
    return {
        "schema": "cnddigest/timeline/1",
        "serial": schedule.serial,
        "run": schedule.run,
        "replay": {name: getattr(schedule.settings, name) for name in SETTINGS},
        "calendar": list(_dates(calendar)),
        "links": links,
    }


def _dates(calendar: Sequence["Date"]) -> Iterator[dict[str, Any]]:
    for date in calendar:
        yield {
            "part": date.part,
            "release_at": moments.wire(date.release_at),
            "released_at": moments.wire(date.released_at),
        }
