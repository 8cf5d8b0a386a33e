"""What telling of changes needs: a record of who was told what, and somebody who calls far servers."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from cnddigest.hub.model import Announcement, Answer, Call, Callback, Intent


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """A hub that could not be told of so many feeds; `is_over` says that nobody tries again before they change."""

    hub: str
    feeds: int
    problem: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A hub that was not yet told how so many feeds are now, whether that was tried or not."""

    hub: str
    feeds: int


class Caller(Protocol):
    """The far side: other people's web servers."""

    def call(self, calls: Sequence[Call]) -> Sequence[Answer]:
        """Make all calls at the same time and return their answers in that order, in seconds, whoever is slow."""
        ...


class Hubs(Protocol):
    """Who was told what. A feed whose file is another one than was told is due: nothing has to be queued.

    Each method is one transaction. What is claimed is nobody else's for a minute; a killed process's is due again.
    """

    def claim_announcements(
        self, hubs: Collection[str], paths: Collection[str], *, limit: int, now: dt.datetime
    ) -> list[Announcement]:
        """Claim feeds of which hubs are to be told now, at most so many."""
        ...

    def forget_others(self, hubs: Collection[str]) -> None:
        """Forget what was told to any other hub: one that comes back is told everything."""
        ...

    def announced(self, found: Announcement) -> None:
        """Keep that a hub was told."""
        ...

    def not_announced(self, found: Announcement, problem: str, *, again_at: dt.datetime | None) -> None:
        """Keep why a hub could not be told; without `again_at` it waits for the feed's next change."""
        ...

    def failing(self, hubs: Collection[str]) -> list[Failing]:
        """Return which of these hubs could not be told when they were last tried."""
        ...

    def waiting(self, hubs: Collection[str], paths: Collection[str]) -> list[Waiting]:
        """Return which of these hubs have still to be told of which number of these feeds."""
        ...

    def accept(self, intent: Intent, *, now: dt.datetime) -> bool:
        """Keep a wish, in place of an earlier one for the same; False where there are too many.

        To leave what nobody follows is granted, and nothing is kept.
        """
        ...

    def claim_intents(self, *, limit: int, now: dt.datetime) -> list[Intent]:
        """Claim wishes whose callbacks are to be asked."""
        ...

    def confirmed(self, intent: Intent, *, now: dt.datetime) -> None:
        """Do what was wished: begin or renew a Callback, or end it. The next change is the first that is pushed."""
        ...

    def not_confirmed(self, intent: Intent, *, again_at: dt.datetime | None) -> None:
        """Try again then, or drop the wish; for an hour it counts against its host all the same."""
        ...

    def claim_callbacks(self, paths: Collection[str], *, limit: int, now: dt.datetime) -> list[Callback]:
        """Claim Callbacks to which a feed is to be pushed; those whose lease has ended are gone."""
        ...

    def pushed(self, callback: Callback) -> None:
        """Keep that a Callback has its feed."""
        ...

    def not_pushed(self, callback: Callback, *, again_at: dt.datetime | None) -> None:
        """Try again then, or end the Callback."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...
