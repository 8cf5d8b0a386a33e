"""The options that commands share, and what they say together."""

import datetime as dt
import functools
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cnddigest import clock
from cnddigest.cli.output import Terminal
from cnddigest.errors import WrongUse

if TYPE_CHECKING:
    from cnddigest.audience.address import Address
    from cnddigest.config import Settings

F = TypeVar("F", bound=Callable[..., Any])

# Feeds and calendars write years with four digits, and plans reach years ahead.
EARLIEST, LATEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(3000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the shared options of one call say.

    `now` is that of the clock unless `--now` says otherwise: then `clock` stands still there.
    """

    config: str | None
    as_json: bool
    terminal: Terminal
    now: dt.datetime
    clock: Callable[[], dt.datetime] = clock.now

    @property
    def stands_still(self) -> bool:
        """Say whether the clock stands still."""
        return self.clock is not clock.now

    def settings(self) -> "Settings":
        """Read the configuration; raises BadConfiguration."""
        from cnddigest.config import load

        return load(self.config, os.environ)


def instant(text: str) -> dt.datetime:
    """Read ISO 8601 with an offset as a moment in UTC, in whole seconds; raises WrongUse."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            hint = f"say where: {moment.isoformat()}+09:00, or {moment.isoformat()}Z for UTC"
            raise WrongUse(f"an instant without an offset: {text}", hint=hint)
        moment = moment.astimezone(dt.UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise WrongUse(f"not an instant: {text}", hint="write it like 2026-11-25T08:00:00+09:00") from None
    if not EARLIEST <= moment < LATEST:
        raise WrongUse(f"an instant before 1970 or after 2999: {text}")
    return moment


def given(_: click.Context, __: click.Parameter, value: str | None) -> dt.datetime | None:
    """Read an option that is an instant."""
    return instant(value) if value is not None else None


config = click.option("-c", "--config", metavar="FILE", help="The publication's cnddigest.toml.")
as_json = click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing that is not an error.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Say more.")
now = click.option("--now", callback=given, metavar="INSTANT", help="As if it were then: ISO 8601 with an offset.")
debug = click.option("--debug", is_flag=True, expose_value=False, help="Show where an error comes from.")
serial = click.option("--serial", metavar="NAME", help="Only this Serial.")


def shared(*, configured: bool = True, clocked: bool = True) -> Callable[[F], Callable[..., Any]]:
    """Give a command the shared options; its function gets a Request before its own options.

    `configured` is False for commands that need no publication, `clocked` for those that ask no time.
    """
    options = [*([config] if configured else []), as_json, *([now] if clocked else []), quiet, verbose, debug]

    def decorate(function: F) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(**values: Any) -> Any:
            return function(_request(values), **values)

        return functools.reduce(lambda found, option: option(found), reversed(options), call)

    return decorate


def all_of(found: Sequence[Callable[[F], F]]) -> Callable[[F], F]:
    """Return several options as one decorator."""
    return lambda function: functools.reduce(lambda inner, option: option(inner), reversed(found), function)


class Group(click.Group):
    """A command with commands of its own."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is meant; raises WrongUse with the nearest there is."""
        refuse_unknown(args[0], self.commands, ctx.command_path)
        return super().resolve_command(ctx, args)


def refuse_unknown(word: str, known: Iterable[str], above: str) -> None:
    """Raise WrongUse for the name of a command that is not there."""
    known = list(known)
    if word in known or word.startswith("-"):
        return
    from difflib import get_close_matches

    near = get_close_matches(word[:40], known, 1)
    hint = f"did you mean {near[0]}?" if near else f"see `{above} --help`"
    raise WrongUse(f"no such command: {word}", hint=hint)


def known_serial(settings: "Settings", name: str | None) -> str | None:
    """Return the name of a Serial there is, None for all; raises WrongUse for another."""
    names = [found.slug for found in settings.publication.serials]
    if name is None or name in names:
        return name
    from cnddigest.config.kinds import did_you_mean

    raise WrongUse(f"no such serial: {name}", hint=did_you_mean(name, names) or f"there is {', '.join(names)}")


def one_serial(settings: "Settings", name: str | None) -> str:
    """Return the Serial that is meant: the named one, else the only one there is; raises WrongUse."""
    names = [found.slug for found in settings.publication.serials]
    if name is None and len(names) == 1:
        return names[0]
    if name is None:
        raise WrongUse("no serial is named", hint=f"add --serial NAME: {', '.join(names)}")
    return known_serial(settings, name) or name


def address(text: str) -> "Address":
    """Return a mail address; raises WrongUse for what is none."""
    from cnddigest.audience.address import parse

    return parse(text)


def _request(values: dict[str, Any]) -> Request:
    above = click.get_current_context().find_root().params
    now = values.pop("now", None)
    return Request(
        config=values.pop("config", None) or above.get("config"),
        as_json=values.pop("as_json"),
        terminal=Terminal(values.pop("verbose") - values.pop("quiet") * 2),
        now=now or clock.now(),
        clock=(lambda: now) if now else clock.now,
    )
