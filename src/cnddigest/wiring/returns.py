"""What Providers post, taken into the record: who may post, and which Issue a Message-ID was."""

import datetime as dt
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from cnddigest.audience.bounces.model import Bounce
from cnddigest.audience.bounces.providers.model import Key, Posted
from cnddigest.audience.enrolment import Listener
from cnddigest.config import Settings
from cnddigest.config.model import Web
from cnddigest.config.secret import proof
from cnddigest.delivery.model import Key as Delivery
from cnddigest.serial.model import MAIN
from cnddigest.usecases.bounce import BounceLine
from cnddigest.usecases.returns import Door, take

if TYPE_CHECKING:
    from cnddigest.wiring.office import Office


def doors(web: Web) -> tuple[Door, ...]:
    """Return who may post; raises BadConfiguration for a secret that can't be read."""
    if not web.webhooks:
        return ()
    from cnddigest.audience.bounces.providers.catalogue import PROVIDERS

    return tuple(
        Door(provider=PROVIDERS[each.provider], key=Key(secrets=proof(each), topic=each.topic)) for each in web.webhooks
    )


def read(office: "Office", door: Door, posted: Posted) -> tuple[Bounce, ...]:
    """Return what a request says."""
    return door.provider.read(posted, office.tokens)


def record(
    office: "Office", settings: Settings, door: Door, bounces: Sequence[Bounce], *, now: dt.datetime
) -> list[BounceLine]:
    """Record what is said, and return what followed of it."""
    identities = _Identities(office, settings)
    return list(take(replace(office.sending.desk(now), issue_of=identities.issue_of), door, bounces))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serial:
    """What the Message-IDs of a Serial's Issues are made of."""

    tag: str
    parts: int


class _Identities:
    """Finds an Issue by the Message-ID that one person's message of it had: nothing of it is stored."""

    def __init__(self, office: "Office", settings: Settings) -> None:
        self._office = office
        self._settings = settings

    def issue_of(self, listener: Listener, message_id: str) -> int | None:
        """Return its number, None where none of this Subscription's messages had that id."""
        from cnddigest.wiring.composer import identity

        subscription = listener.subscription
        known = self._serials.get(subscription.serial)
        if known is None:
            return None
        key = Delivery(issue=0, subscription=subscription.number)  # of a Part, the Issue's number is not in the id
        for run, part in product(dict.fromkeys((subscription.run, MAIN)), range(1, known.parts + 1)):
            if identity(known.tag, run, part, key) == message_id:
                return self._office.ledger.find_issue(subscription.serial, run, part)
        return None

    @cached_property
    def _serials(self) -> dict[str, _Serial]:
        with closing(self._office.open_store()) as store:
            states = {each.slug: store.serial(each.slug) for each in self._settings.publication.serials}
            return {
                slug: _Serial(tag=state.tag, parts=store.totals(slug).parts) for slug, state in states.items() if state
            }
