"""Who listens, in the record's SQLite file."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from cnddigest.audience.consent import ASK_WITHIN, CONFIRM_WITHIN, Consent, may_ask
from cnddigest.audience.enrolment import Enrolled, Enrolment, Listener, Outcome, merged
from cnddigest.audience.model import (
    Subscriber,
    Subscription,
    SubscriptionStatus,
    SuppressionReason,
    anew,
    begun,
    confirmed,
)
from cnddigest.audience.suppression import LASTING, forbids
from cnddigest.delivery.model import CONFIRM, KNOWN
from cnddigest.store import people
from cnddigest.store.codec import instant
from cnddigest.store.codec import microseconds as _at
from cnddigest.store.queries import load
from cnddigest.store.replays import Replays
from cnddigest.store.suppressions import Suppressions

PENDING = SubscriptionStatus.PENDING


class SqliteAudience(Replays, Suppressions):
    """The Audience of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 10.0, create: bool = True) -> None:
        """Open the record, making it if need be."""
        super().__init__(path, wait=wait, create=create)

    # Joining

    def enrol(self, entries: Iterable[Enrolment], *, now: dt.datetime) -> list[Enrolled]:
        """Take them one after the other, in one transaction."""
        with self._writing():
            return [self._judged(self._enrol(entry, now), entry.address.key) for entry in entries]

    def _judged(self, enrolled: Enrolled, key: str) -> Enrolled:
        order = self.suppression(key)
        return replace(enrolled, suppressed=order.reason) if order else enrolled

    def _enrol(self, entry: Enrolment, now: dt.datetime) -> Enrolled:
        known = self._subscriber(entry.address.key)
        if known is None:
            values = {"address": entry.address.display, "key": entry.address.key}
            number = self._inserted("add_subscriber", **values, label=entry.name, language=entry.language, now=_at(now))
            return Enrolled(outcome=Outcome.ADDED, subscription=self._added(number, entry, now))
        renamed = self._renamed(known, entry)
        for row in self._rows("subscription_of", subscriber=known.number, serial=entry.serial):
            before = people.subscription(row)
            after = merged(before, entry, now=now)
            order = self.suppression(known.key) if entry.afresh and not entry.consent else None
            if order and order.reason not in LASTING:
                after = replace(after, status=PENDING, reason=None, asked_at=now)
            if after.replay and (after.replay, after.status) != (before.replay, before.status):
                after = self._named(before, begun(after, now))
            if after != before:
                self._change(after)
            outcome = Outcome.UPDATED if renamed or after != before else Outcome.UNCHANGED
            return Enrolled(outcome=outcome, subscription=after)
        return Enrolled(outcome=Outcome.ADDED, subscription=self._added(known.number, entry, now))

    def _added(self, subscriber: int, entry: Enrolment, now: dt.datetime) -> Subscription:
        new = Subscription(
            number=0,
            subscriber=subscriber,
            serial=entry.serial,
            status=entry.status,
            reason=entry.left,
            position=entry.position or 0,
            replay=entry.replay,
            consent=entry.consent,
            asked_at=now,
        )
        new = replace(new, number=self._inserted("add_subscription", **people.values(new)))
        if new.replay:
            new = begun(replace(new, run=f"r{new.number}"), now)
            self._change(new)
        return new

    def _renamed(self, known: Subscriber, entry: Enrolment) -> bool:
        name, language = entry.name or known.name, entry.language or known.language
        if (name, language) == (known.name, known.language):
            return False
        self._run("change_subscriber", id=known.number, label=name, language=language)
        return True

    def _subscriber(self, key: str) -> Subscriber | None:
        return next((people.subscriber(row) for row in self._rows("subscriber", key=key)), None)

    def ask(self, number: int, *, now: dt.datetime) -> bool:
        """Ask one."""
        return bool(self.ask_all([number], now=now))

    def ask_all(self, numbers: Iterable[int], *, now: dt.datetime) -> int:
        """Look how often each address was asked, and queue one more message where it may be and none waits."""
        with self._writing():
            found = (row for number in numbers for row in self._rows("listener", id=number))
            return sum(self._ask(people.listener(row), now) for row in found)

    def _ask(self, listener: Listener, now: dt.datetime) -> bool:
        subscription = listener.subscription
        is_known = subscription.status is SubscriptionStatus.ACTIVE
        has_ended = subscription.status is SubscriptionStatus.ENDED
        if has_ended or listener.suppressed in LASTING or (is_known and listener.suppressed):
            return False
        since, key = _at(now - CONFIRM_WITHIN), listener.subscriber.key
        if self._rows("question_waits", subscription=subscription.number, since=since, key=key):
            return True
        times = self._rows("times_asked", subscriber=listener.subscriber.number, since=_at(now - ASK_WITHIN))
        if not may_ask([instant(at) for (at,) in times], now):
            return False
        run = KNOWN if is_known else CONFIRM
        issue = self._inserted("open_confirmation", serial=subscription.serial, run=run, now=_at(now))
        values = {"issue": issue, "subscription": subscription.number, "address": listener.subscriber.address}
        self._run("queue_confirmation", **values, now=_at(now))
        return True

    def confirm(self, number: int, consent: Consent) -> Listener | None:
        """Change it where it is pending, and lift what kept mail from that address before it was asked."""
        with self._writing():
            for row in self._rows("listener", id=number):
                listener = people.listener(row)
                before = listener.subscription
                order = self.suppression(listener.subscriber.key)
                if before.status is PENDING and not (order and forbids(order, before)):
                    after = self._named(before, begun(confirmed(anew(before), consent), consent.at))
                    self._change(after)
                    self._run("lift", key=listener.subscriber.key)
                    self._run("set_bounces_aside", key=listener.subscriber.key)
                    listener = replace(listener, subscription=after, suppressed="")
                return listener
        return None

    # Leaving

    def remove(self, key: str) -> bool:
        """Delete the person and what they subscribed to."""
        with self._writing():
            return self._drop(key) is not None

    def _drop(self, key: str) -> list[int] | None:
        known = self._subscriber(key)
        if known is None:
            return None
        numbers = [people.listener(row).subscription.number for row in self._rows("listeners_of", key=key)]
        self._run("drop_subscriber", id=known.number)
        return numbers

    def erase(self, key: str, *, address: str, hashed: str, now: dt.datetime) -> bool:
        """Overwrite what is deleted, then write the whole file anew: no page of it holds the address."""
        with self._telling:
            self._db.execute("pragma secure_delete = on")
        with self._writing():
            numbers = self._drop(key)
            scrubbed = self._run("scrub_address", address=address)
            for number in numbers or ():
                self._run("scrub_deliveries", subscription=number)
            for _, reason, _ in self._rows("suppression", key=key):
                # A publisher's own words may name the person: what stays is that there is an order.
                kept = reason if reason in set(SuppressionReason) else SuppressionReason.MANUAL.value
                self._run("suppress", key=hashed, reason=kept, now=_at(now))
            lifted = self._run("lift", key=key)
            self._run("forget_bounces", key=key)
            self._run("forget_lifted", key=key)
        with self._telling:
            self._db.execute("vacuum")
            self._db.execute("pragma wal_checkpoint(truncate)")
        return numbers is not None or bool(lifted) or bool(scrubbed)

    def expire(self, *, now: dt.datetime) -> int:
        """End all that are too old, in one statement."""
        with self._writing():
            return self._run("expired_subscriptions", before=_at(now - CONFIRM_WITHIN))

    # Reading

    def person(self, key: str) -> list[Listener]:
        """Read all of one person's."""
        return [people.listener(row) for row in self._rows("listeners_of", key=key)]

    def listener(self, number: int) -> Listener | None:
        """Look it up."""
        return next((people.listener(row) for row in self._rows("listener", id=number)), None)

    def listeners(self, serial: str | None = None) -> Iterator[Listener]:
        """Stream them."""
        with self._telling:
            for row in self._db.execute(load("all_listeners"), {"serial": serial}):
                yield people.listener(row)

    def fingerprints(self) -> frozenset[str]:
        """Read the whole table: a secret is changed every few years."""
        return frozenset(fingerprint for (fingerprint,) in self._rows("fingerprints"))

    def remember_secrets(self, fingerprints: Iterable[str]) -> None:
        """Keep those that are new."""
        with self._writing():
            self._each("keep_fingerprint", ({"fingerprint": each} for each in fingerprints))

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Count in the index."""
        found: dict[str, dict[str, int]] = {}
        for serial, status, count in self._rows("subscription_counts"):
            found.setdefault(serial, {})[status] = count
        for serial, count in self._rows("replay_counts"):
            found[serial]["replays"] = count
        return found
