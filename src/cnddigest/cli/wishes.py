"""`cnddigest subscribers change`: another pace, a pause, the next Part now."""

from typing import TYPE_CHECKING, Any

import click

from cnddigest.cli import moments, options, people
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.audience.model import Subscription
    from cnddigest.usecases.replays import Date, Wish
    from cnddigest.wiring import Opened

STEPS = ("pause", "resume", "bring", "jump", "restart")
NAMES = {"bring": "next"}  # the options that are called otherwise than what they wish
PACE = ("start", "every", "at", "per", "timezone")
wishes = [
    click.option("--pause", is_flag=True, help="Nothing more until --resume."),
    click.option("--resume", is_flag=True, help="Go on, at the next moment of their pace."),
    click.option("--next", "bring", is_flag=True, help="The next Part now."),
    click.option("--jump", type=click.IntRange(min=1), metavar="N", help="Part N is the next one."),
    click.option("--restart", is_flag=True, help="From the first Part again."),
    click.option("--start", metavar="WHEN", help="`now`, or a date; gives who follows the public run their own."),
    click.option("--every", metavar="RHYTHM", help="day, weekday, mon,thu, 2d, original, 90m; `''` is the Serial's."),
    click.option("--at", metavar="HH:MM", help="Wall clock; `''` is the Serial's."),
    click.option("--per", metavar="N", help="So many Parts at a time."),
    click.option("--timezone", metavar="TZ", help="As in Asia/Tokyo; `''` is the Serial's."),
    click.option("--language", metavar="L", help="ja, en."),
]


@click.command("change", epilog="Example: cnddigest subscribers change haru@example.net --start now")
@click.argument("address", metavar="ADDRESS")
@options.serial
@options.all_of(wishes)
@options.shared()
def change(request: options.Request, address: str, serial: str | None, **said: Any) -> None:
    """Change a person's own timeline: one thing at a time, or several settings of its pace.

    What they had stays as it was; what comes next follows from now.
    """
    settings, person = request.settings(), options.address(address)
    serial = options.known_serial(settings, serial)
    wish, language = _wish(said), people.language(said["language"] or "")
    from cnddigest import wiring
    from cnddigest.usecases import subscribe

    with wiring.open_publication(settings) as opened:
        office = opened.office
        found = subscribe.one(office.audience, person, serial).subscription
        if wish:
            office.replays.change(found.number, wish, now=request.now)
        if language:
            subscribe.speak(office.audience, person, found.serial, language, now=request.now)
        if request.as_json:
            request.terminal.document(people.shown(request, opened, person))
            return
        after = subscribe.one(office.audience, person, found.serial).subscription
        dates = opened.calendar(after, now=request.now)
    request.terminal.report(f"changed: {person.display}, {found.serial}: {_comes(opened, after, dates)}")
    had = found.position if after.run == found.run else 0
    now = [str(date.part) for date in dates if date.released_at and date.part > had and after.replay]
    if now:
        request.terminal.report(f"part {', '.join(now)} now; `cnddigest deliver` sends it")


def _wish(said: dict[str, Any]) -> "Wish | None":
    """Return what the options wish, None where they are about the language alone; raises WrongUse."""
    from cnddigest.audience import replay
    from cnddigest.usecases.replays import Wish

    steps = [name for name in STEPS if said[name]]
    pace = {name: said[name] for name in PACE if said[name] is not None}
    kinds = [*steps, *list(pace)[:1], *(["language"] if said["language"] and not pace else [])]
    if not kinds:
        raise WrongUse("nothing to change is named", hint="see `cnddigest subscribers change --help`")
    if len(kinds) > 1:
        first, second = (f"--{NAMES.get(name, name)}" for name in kinds[:2])
        raise WrongUse(f"two wishes at once: {first} and {second}", hint="one after the other")
    if steps:
        return Wish(**{steps[0]: said[steps[0]]})
    try:
        return Wish(settings=replay.alteration(pace), own="start" in pace) if pace else None
    except ValueError as error:
        raise WrongUse(str(error)) from error


def _comes(opened: "Opened", subscription: "Subscription", dates: "tuple[Date, ...]") -> str:
    """Return what comes next, and when, in the person's time zone."""
    if subscription.status.value == "pending":
        return "they did not confirm yet"
    if subscription.replay and subscription.replay.paused:
        return "paused"
    coming = next((date for date in dates if date.released_at is None), None)
    if coming is None:
        return "held, nothing comes out" if opened.held_at(subscription.serial) else "all parts are out"
    zone = opened.zone(subscription)
    return f"part {coming.part} comes {moments.local(coming.release_at, zone)} {zone.key}"
