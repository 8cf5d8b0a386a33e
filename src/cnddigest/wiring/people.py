"""People as others are shown them: who listens, how far their run has come, and the links that are theirs alone."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from functools import cached_property

from cnddigest.audience.consent import expires_at
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription, SubscriptionStatus, Suppression
from cnddigest.serial.model import MAIN
from cnddigest.wiring.cabinet import Cabinet
from cnddigest.wiring.replays import Replays

FEEDS = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}  # the files of a person's own feeds


class People:
    """The audience of a publication."""

    def __init__(self, cabinet: Cabinet, replays: Replays) -> None:
        """Take what is open."""
        self._cabinet = cabinet
        self._replays = replays

    def listeners(self, serial: str | None) -> Iterator[Listener]:
        """Yield everybody; nobody where there is no record yet."""
        if self._cabinet.is_there:
            yield from self._cabinet.audience.listeners(serial)

    def orders(self) -> Iterator[Suppression]:
        """Yield the standing orders not to mail that are about nobody who is known."""
        if self._cabinet.is_there:
            yield from (
                order for order in self._cabinet.audience.suppressions() if not self._cabinet.audience.person(order.key)
            )

    def position(self, listener: Listener, *, now: dt.datetime | None = None) -> int:
        """Return the number of the last Part released in a Subscription's run: by now, else when that was last seen."""
        subscription = listener.subscription
        if subscription.run == MAIN:
            return self._released.get(subscription.serial, 0)
        dates = self._replays.calendar(subscription, now=now) if now else ()
        return max((date.part for date in dates if date.released_at), default=subscription.position)

    @cached_property
    def _released(self) -> dict[str, int]:
        serials = self._cabinet.settings.publication.serials
        with closing(self._cabinet.open_store()) as store:
            return {serial.slug: store.totals(serial.slug).released_parts for serial in serials}

    def links(self, listener: Listener) -> dict[str, str | None]:
        """Return a person's own links, None where there is none."""
        found, tokens, base = listener.subscription, self._cabinet.tokens, self._cabinet.base_url
        pending = found.status is SubscriptionStatus.PENDING
        confirm = tokens.make_confirm(found.number, expires_at(found.asked_at)) if pending else None
        return {
            "confirm": f"{base}confirm/{confirm}" if confirm else None,
            "unsubscribe": f"{base}unsubscribe/{tokens.make('unsubscribe', found.number)}",
            "preferences": f"{base}preferences/{tokens.make('preferences', found.number)}",
            **self._feeds(found, pending=pending),
        }

    def _feeds(self, found: Subscription, *, pending: bool) -> dict[str, str | None]:
        """Return the addresses of a person's own feeds; who follows the public run has the public ones."""
        if found.replay is None or pending:
            return dict.fromkeys(FEEDS)
        token = self._cabinet.tokens.make("replay", found.number)
        return {name: f"{self._cabinet.base_url}replay/{token}/{file}" for name, file in FEEDS.items()}

    def expire(self, *, now: dt.datetime) -> int:
        """End the Subscriptions that nobody confirmed in time; return how many."""
        return self._cabinet.audience.expire(now=now) if self._cabinet.is_there else 0
