"""Returns: what Providers post about mail that could not be delivered, each request once it proved whose it is."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnddigest.audience.bounces.model import Bounce
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider
from cnddigest.usecases.bounce import BounceLine, Desk, follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A Provider that may post, and what shows that it does."""

    provider: Provider
    key: Key


def door_of(doors: Sequence[Door], posted: Posted, now: dt.datetime) -> Door | None:
    """Return through which door a request comes, None where it proves nothing."""
    return next((each for each in doors if each.provider.proves(posted, each.key, now)), None)


def take(desk: Desk, door: Door, bounces: Sequence[Bounce]) -> Iterator[BounceLine]:
    """Yield what followed of each; whoever is told it again, for nobody answered the first time, changes nothing."""
    return follow(desk, f"/bounces {door.provider.name}", bounces)
