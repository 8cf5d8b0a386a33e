"""What a reader in a run of their own can wish, and what they then have, on whatever record a test keeps."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription
from cnddigest.delivery.model import Sought
from cnddigest.serial.model import Publication
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import SqliteStore
from cnddigest.usecases import replays
from cnddigest.usecases.replays import Date, Public, Wish


class Wishing:
    """One reader, by the number of their Subscription, and the three sides of one record; `now` is the test's."""

    publication: Publication
    store: SqliteStore
    ledger: SqliteLedger
    audience: SqliteAudience
    now: dt.datetime
    number: int

    def close(self) -> None:
        for each in (self.audience, self.ledger, self.store):
            each.close()

    def wish(self, **wish: object) -> Listener | None:
        return replays.change(self.audience, self.public, self.number, Wish(**wish), now=self.now)  # type: ignore[arg-type]

    def pace(self, **settings: object) -> Listener | None:
        return self.wish(settings=lambda known: replace(known, **settings))

    @property
    def public(self) -> Public:
        return Public(self.store, self.publication)

    @property
    def subscription(self) -> Subscription:
        found = self.audience.listener(self.number)
        assert found
        return found.subscription

    @property
    def calendar(self) -> tuple[Date, ...]:
        return replays.calendar(self.public, self.subscription, now=self.now)

    @property
    def queued(self) -> Mapping[str, list[int]]:
        """Return by run the Parts that were queued, in that order."""
        found: dict[str, list[int]] = {}
        for each in self.ledger.deliveries(Sought(issues_only=True), now=self.now):
            found.setdefault(each.run, []).append(each.part or 0)
        return found
