"""The mail side of a publication: what is open, and who does what with it."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription
from cnddigest.config import Settings
from cnddigest.usecases.letters import Letters
from cnddigest.usecases.post import DeliveryReport
from cnddigest.usecases.replays import Date, Wish
from cnddigest.usecases.shop import Progress
from cnddigest.wiring.account import Account
from cnddigest.wiring.cabinet import Cabinet
from cnddigest.wiring.people import People
from cnddigest.wiring.replays import Replays
from cnddigest.wiring.sending import Sending

if TYPE_CHECKING:
    from cnddigest.rendering.templates import Templates


class Office(Cabinet):
    """A cabinet, and four desks that share it."""

    def __init__(self, settings: Settings, templates: "Callable[[str], Templates]", *, wait: float = 10.0) -> None:
        """Take the settings; the record must exist, or be made by whoever takes people in.

        It waits so many seconds for another process's lock.
        """
        super().__init__(settings, wait=wait)
        self._templates = templates

    @cached_property
    def replays(self) -> Replays:
        """Return who knows people's own runs."""
        return Replays(self)

    @cached_property
    def people(self) -> People:
        """Return who knows the audience."""
        return People(self, self.replays)

    @cached_property
    def account(self) -> Account:
        """Return who knows what became of each Delivery."""
        return Account(self)

    @cached_property
    def sending(self) -> Sending:
        """Return who makes and sends."""
        return Sending(self, self._templates)

    # What is asked for most, without the desk that does it

    def listeners(self, serial: str | None) -> Iterator[Listener]:
        """Yield everybody; nobody where there is no record yet."""
        return self.people.listeners(serial)

    def position(self, listener: Listener, *, now: dt.datetime | None = None) -> int:
        """Return the number of the last Part released in a Subscription's run: by now, else when that was last seen."""
        return self.people.position(listener, now=now)

    def links(self, listener: Listener) -> dict[str, str | None]:
        """Return a person's own links, None where there is none."""
        return self.people.links(listener)

    def change(self, number: int, wish: Wish, *, now: dt.datetime) -> Listener | None:
        """Do what somebody wishes of their own run; raises WrongUse where that can't be."""
        return self.replays.change(number, wish, now=now)

    def calendar(self, subscription: Subscription, *, now: dt.datetime) -> tuple[Date, ...]:
        """Return a run's Parts, those that are there and those to come."""
        return self.replays.calendar(subscription, now=now)

    def letters(self) -> Letters:
        """Return what is the same for everyone, as it is now."""
        return self.sending.letters()

    def deliver(
        self,
        *,
        clock: Callable[[], dt.datetime],
        progress: Progress,
        serial: str | None = None,
        limit: int | None = None,
        stop: threading.Event | None = None,
    ) -> DeliveryReport:
        """Send what is due; nothing is where there is no record."""
        return self.sending.deliver(clock=clock, progress=progress, serial=serial, limit=limit, stop=stop)
