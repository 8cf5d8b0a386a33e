"""Returns: what Providers post about mail that could not be delivered, each request once it proved whose it is."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnddigest.audience.allowance import Allowance
from cnddigest.audience.bounces.model import Bounce
from cnddigest.audience.bounces.providers.model import Key, Posted, Provider
from cnddigest.audience.bounces.providers.proofs import FRESH
from cnddigest.audience.tokens import Tokens
from cnddigest.ports.limits import Limits
from cnddigest.usecases.bounce import BounceLine, Desk, follow

ONCE = Allowance(burst=1, every=2 * FRESH)  # a moment is near now from before it until after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """A Provider that may post, and what shows that it does."""

    provider: Provider
    key: Key


def door_of(doors: Sequence[Door], posted: Posted, now: dt.datetime) -> Door | None:
    """Return through which door a request comes, None where it proves nothing."""
    return next((each for each in doors if each.provider.proves(posted, each.key, now)), None)


def is_first(limits: Limits, tokens: Tokens, door: Door, posted: Posted, *, now: dt.datetime) -> bool:
    """Say whether a request is the first that was signed so, for as long as that signature is believed.

    What fails after this need not be let in again: a Provider that tries anew does so later than that, or signs anew.
    """
    once = door.provider.once(posted)
    return not once or limits.take([(tokens.hidden(f"signed|{door.provider.name}|{once}"), ONCE)], now=now)


def take(desk: Desk, door: Door, bounces: Sequence[Bounce]) -> Iterator[BounceLine]:
    """Yield what followed of each; whoever is told it again, for nobody answered the first time, changes nothing."""
    return follow(desk, f"/bounces {door.provider.name}", bounces)
