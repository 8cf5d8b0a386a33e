"""What a publisher looks at once a day: counts over stretches of time, and the few Deliveries that went wrong."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCount:
    """How many Deliveries stand how: `returned` failed or bounced, `waiting` are queued, under way or deferred."""

    total: int = 0
    sent: int = 0
    returned: int = 0
    suppressed: int = 0
    doubtful: int = 0

    @property
    def waiting(self) -> int:
        """Return what is in none of the others."""
        return self.total - self.sent - self.returned - self.suppressed - self.doubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """How many Deliveries of a Part, in all runs, have a status that somebody may want to look at."""

    serial: str
    part: int
    status: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Troubled:
    """One of those Deliveries, by its key; `run` is that of its Issue."""

    issue: int
    subscription: int
    run: str
    address: str
    attempts: int
    at: dt.datetime
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What one person was sent; `part` is None for a message about the Subscription itself."""

    run: str
    part: int | None
    status: str
    attempts: int
    at: dt.datetime
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A returned message or a complaint; `key` is the address's normal form, or a keyed hash of it."""

    number: int
    key: str
    kind: str
    code: str
    at: dt.datetime


class Lookout(Protocol):
    """Questions whose cost does not grow with all that was ever sent. Each method is one transaction."""

    def mail_between(self, since: dt.datetime, until: dt.datetime, *, now: dt.datetime) -> MailCount:
        """Count the Deliveries of what was queued in a stretch of time, as they stand now."""
        ...

    def mail_of(self, serial: str, part: int, *, replayed: bool, now: dt.datetime) -> MailCount:
        """Count who is sent a Part: with everybody, or in Replays, where the last Delivery counts of who began anew."""
        ...

    def joined_between(self, since: dt.datetime, until: dt.datetime) -> int:
        """Count the Subscriptions that were asked for in a stretch of time."""
        ...

    def troubles(self) -> Sequence[Trouble]:
        """Return where something went wrong."""
        ...

    def troubled(
        self, serial: str, part: int, status: str, *, after: tuple[int, int], count: int
    ) -> Sequence[Troubled]:
        """Return a page of the Deliveries of a Part with such a status: those behind the key `after`, by key."""
        ...

    def letters(self, subscription: int, *, count: int) -> Sequence[Letter]:
        """Return what a Subscription was sent last."""
        ...

    def returned(self, *, before: int | None, count: int) -> Sequence[Returned]:
        """Return what came back last, or before one of them."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...
