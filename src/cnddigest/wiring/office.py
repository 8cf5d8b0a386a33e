"""The mail side of a publication: its audience, its account, its transport."""

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cnddigest.audience.consent import expires_at
from cnddigest.audience.enrolment import Listener
from cnddigest.audience.model import Subscription, SubscriptionStatus, Suppression
from cnddigest.audience.tokens import Tokens
from cnddigest.clock import exact, now
from cnddigest.config import Settings
from cnddigest.delivery.model import IssueName, Key, Sought, Status
from cnddigest.delivery.retry import Patience
from cnddigest.errors import WrongUse
from cnddigest.ports.mail import Arrived, nobody_knows
from cnddigest.ports.record import Store
from cnddigest.recap.model import Finding
from cnddigest.serial.model import MAIN
from cnddigest.store.lease import lease
from cnddigest.usecases import replays
from cnddigest.usecases.bounce import BounceLine, Desk, refused, take_back
from cnddigest.usecases.deliver import deliver
from cnddigest.usecases.letters import Letters, proof
from cnddigest.usecases.post import DeliveryReport, Post
from cnddigest.usecases.report import DeliveryLine, Remark, Resent
from cnddigest.usecases.shop import Progress
from cnddigest.wiring import exchange, keyring
from cnddigest.wiring.composer import Composer, identity

if TYPE_CHECKING:
    from cnddigest.delivery.dkim import Sealer
    from cnddigest.rendering.templates import Templates
    from cnddigest.store.audience import SqliteAudience
    from cnddigest.store.ledger import SqliteLedger

FEEDS = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}  # the files of a person's own feeds


class Office:
    """Everything about mail, each part opened when it is first needed."""

    def __init__(self, settings: Settings, templates: "Callable[[str], Templates]", *, wait: float = 10.0) -> None:
        """Take the settings; the record must exist, or be made by whoever takes people in.

        It waits so many seconds for another process's lock.
        """
        self._wait = wait
        self._settings = settings
        self._templates = templates

    def close(self) -> None:
        """Give the record back."""
        for name in ("audience", "ledger"):
            if name in self.__dict__:
                self.__dict__[name].close()

    @cached_property
    def audience(self) -> "SqliteAudience":
        """Return who listens; the record is made where there is none."""
        from cnddigest.store.audience import SqliteAudience

        return SqliteAudience(self._settings.record, wait=self._wait)

    @cached_property
    def ledger(self) -> "SqliteLedger":
        """Return the account of who got what; raises BadRecord where there is none."""
        from cnddigest.store.ledger import SqliteLedger

        return SqliteLedger(self._settings.record, wait=self._wait)

    @cached_property
    def tokens(self) -> Tokens:
        """Return what links are signed with; raises BadConfiguration where the record was used with other secrets."""
        return keyring.tokens(self._settings.web, self.audience)

    def replace_lost_secret(self) -> int:
        """Go on without the lost one; return how many orders about erased persons can't be recognised any more."""
        if not self._is_there:
            raise WrongUse("no secret is lost: there is no record yet")
        return keyring.replace_lost(self._settings.web, self.audience)

    @property
    def _is_there(self) -> bool:
        return "://" in self._settings.record or Path(self._settings.record).exists()

    # Delivering

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
        if not self._is_there:
            return DeliveryReport()
        mail = self._settings.mail
        stop = stop or threading.Event()
        self.audience.expire(now=clock())
        post = Post(
            ledger=self.ledger,
            transport=exchange.transport(self._settings, stop),
            compose=self._composer(clock).compose,
            patience=Patience(retry_for=mail.retry_for, hold=mail.in_doubt == "hold"),
            lease=lease(),
            lease_for=mail.lease,
            rates=exchange.rates(self._settings.mail),
            clock=clock,
            exact=_moving(clock),
            chance=random.random,
            stop=stop,
            refused=lambda attempts: refused(self._desk(clock()), attempts),
            arrived=self._arrived(),
            progress=progress,
        )
        return deliver(post, serial=serial, limit=limit)

    def take_back(self, source: str, data: bytes, *, now: dt.datetime) -> Iterator[BounceLine]:
        """Yield what a returned message says, and what followed."""
        return take_back(self._desk(now), source, data)

    def _desk(self, now: dt.datetime) -> Desk:
        return Desk(audience=self.audience, ledger=self.ledger, tokens=self.tokens, now=now)

    def proof(self) -> None:
        """Look whether the templates of what is mailed can be used; raises BadTemplate."""
        proof(self._settings.publication, self._templates(""), sender=self._settings.mail.sender)

    # Replays

    def advance(self, *, now: dt.datetime) -> int:
        """Queue what is due of people's own runs; return how many runs that brought further."""
        if not self._is_there:
            return 0
        with self._public() as public:
            return replays.advance(self.audience, public, now=now)

    def expire(self, *, now: dt.datetime) -> int:
        """End the Subscriptions that nobody confirmed in time; return how many."""
        return self.audience.expire(now=now) if self._is_there else 0

    def next_at(self) -> dt.datetime | None:
        """Return when the next Replay or waiting Delivery is due; None where nothing is."""
        if not self._is_there:
            return None
        found = (self.audience.next_turn(), self.ledger.next_due())
        return min((moment for moment in found if moment), default=None)

    def change(self, number: int, wish: replays.Wish, *, now: dt.datetime) -> Listener | None:
        """Do what somebody wishes of their own run; raises WrongUse where that can't be."""
        with self._public() as public:
            return replays.change(self.audience, public, number, wish, now=now)

    def calendar(self, subscription: Subscription, *, now: dt.datetime) -> tuple[replays.Date, ...]:
        """Return a run's Parts, those that are there and those to come."""
        with self._public() as public:
            return replays.calendar(public, subscription, now=now)

    @contextmanager
    def _public(self) -> Iterator[replays.Public]:
        store = self.open_store()
        try:
            yield replays.Public(store, self._settings.publication)
        finally:
            store.close()

    def prepare(self, released: Iterable[tuple[str, int]]) -> Iterator[Remark]:
        """Render the Issues of Parts that were just released, and yield what their author should know."""
        letters = self.letters()
        for serial, part in released:
            issue = self.ledger.find_issue(serial, MAIN, part)
            if issue is not None and letters.of(issue, self.ledger.issue(issue)).shortened:
                said = f"part {part} is longer than mail programs show, its Issue leads on to the web"
                yield Remark(
                    about=serial, finding=Finding(rule="shortened-issue", severity="warning", line=0, message=said)
                )

    def summary(self, *, serial: str | None = None) -> DeliveryReport:
        """Return what waits, when nothing is to be sent."""
        return DeliveryReport(queued=self.ledger.waiting(serial))

    def deliveries(self, sought: Sought, *, now: dt.datetime) -> Iterator[DeliveryLine]:
        """Return the account; raises WrongUse for a Part that does not exist."""
        if not self._is_there:
            return iter(())
        if sought.part is not None:
            self._refuse_unknown(sought.serial, sought.part)
        return self._traced(sought, now)

    def _traced(self, sought: Sought, now: dt.datetime) -> Iterator[DeliveryLine]:
        tags = self._tags()
        for traced in self.ledger.deliveries(sought, now=now):
            tag = tags.get(traced.serial)  # None before the Serial was first read
            name = identity(tag, traced.run, traced.part, traced.key) if tag else None
            yield DeliveryLine(traced=traced, message_id=name)

    def _refuse_unknown(self, serial: str | None, part: int) -> None:
        store = self.open_store()
        try:
            slugs = [serial] if serial else [each.slug for each in self._settings.publication.serials]
            most = max((store.totals(slug).parts for slug in slugs), default=0)
        finally:
            store.close()
        if part > most:
            hint = f"the last one is part {most}" if most else "see `cnddigest plan`"
            raise WrongUse(f"no such part: {part}", hint=hint)

    def _tags(self) -> dict[str, str]:
        store = self.open_store()
        try:
            found = {serial.slug: store.serial(serial.slug) for serial in self._settings.publication.serials}
        finally:
            store.close()
        return {slug: state.tag for slug, state in found.items() if state}

    def resend(self, sought: Sought, *, now: dt.datetime) -> Resent:
        """Queue once more what the account shows for this; raises WrongUse where there is nothing of the kind."""
        if sought.serial is None or sought.part is None:
            raise ValueError("a resend is of one Part")
        if not self._is_there or not self.ledger.find_issue(sought.serial, "main", sought.part):
            raise WrongUse(
                f"part is not out, or was never mailed: {sought.serial}, part {sought.part}",
                hint="see `cnddigest plan`",
            )
        hold = self._settings.mail.in_doubt == "hold"
        self.ledger.sweep(now=now, hold=hold, serial=sought.serial, arrived=self._arrived())
        # Who had it in several runs gets that of the last one.
        found = list({each.key.subscription: each for each in self.ledger.deliveries(sought, now=now)}.values())
        if sought.address and not found:
            raise WrongUse(f"this part did not go to: {sought.address}", hint="see `cnddigest deliveries`")
        queued = self.ledger.requeue([each.key for each in found], now=now)
        waiting = sum(each.status in {Status.QUEUED, Status.SENDING} for each in found)
        if sought.address and not queued and not waiting:
            raise WrongUse(f"not to be mailed, suppressed or gone: {sought.address}")
        return Resent(queued=queued, waiting=waiting)

    # People

    def listeners(self, serial: str | None) -> Iterator[Listener]:
        """Yield everybody; nobody where there is no record yet."""
        if self._is_there:
            yield from self.audience.listeners(serial)

    def orders(self) -> Iterator[Suppression]:
        """Yield the standing orders not to mail that are about nobody who is known."""
        if self._is_there:
            yield from (order for order in self.audience.suppressions() if not self.audience.person(order.key))

    def position(self, listener: Listener, *, now: dt.datetime | None = None) -> int:
        """Return the number of the last Part released in a Subscription's run: by now, else when that was last seen."""
        subscription = listener.subscription
        if subscription.run == MAIN:
            return self._released.get(subscription.serial, 0)
        dates = self.calendar(subscription, now=now) if now else ()
        return max((date.part for date in dates if date.released_at), default=subscription.position)

    @cached_property
    def _released(self) -> dict[str, int]:
        store = self.open_store()
        try:
            serials = self._settings.publication.serials
            return {serial.slug: store.totals(serial.slug).released_parts for serial in serials}
        finally:
            store.close()

    def links(self, listener: Listener) -> dict[str, str | None]:
        """Return a person's own links, None where there is none."""
        found = listener.subscription
        pending = found.status is SubscriptionStatus.PENDING
        confirm = self.tokens.make_confirm(found.number, expires_at(found.asked_at)) if pending else None
        return {
            "confirm": f"{self.base_url}confirm/{confirm}" if confirm else None,
            "unsubscribe": f"{self.base_url}unsubscribe/{self.tokens.make('unsubscribe', found.number)}",
            "preferences": f"{self.base_url}preferences/{self.tokens.make('preferences', found.number)}",
            **self._feeds(found, pending=pending),
        }

    def _feeds(self, found: Subscription, *, pending: bool) -> dict[str, str | None]:
        """Return the addresses of a person's own feeds; who follows the public run has the public ones."""
        if found.replay is None or pending:
            return dict.fromkeys(FEEDS)
        token = self.tokens.make("replay", found.number)
        return {name: f"{self.base_url}replay/{token}/{file}" for name, file in FEEDS.items()}

    def _arrived(self) -> Arrived:
        """Return whom to ask whether a message left before a crash: a folder can be looked at, a relay can't."""
        if exchange.is_relayed(self._settings.mail):
            return nobody_knows
        from cnddigest.transport.folder import FolderTransport

        folder, tags = FolderTransport(self._settings.mail.outbox), self._tags()

        def has(name: IssueName, key: Key) -> bool | None:
            tag = tags.get(name.serial)
            return folder.has(identity(tag, name.run, name.part, key)) if tag else None

        return has

    # What messages are made of

    def open_store(self) -> Store:
        """Return a Store for the thread that calls it."""
        from cnddigest.store.sqlite import open_store

        return open_store(self._settings.record, create=False)

    def letters(self) -> Letters:
        """Return what is the same for everyone, as it is now."""
        mail = self._settings.mail
        return Letters(
            self.ledger,
            self.open_store,
            self._settings.publication,
            self._templates,
            sender=mail.sender,
            reply_to=mail.reply_to,
        )

    def _composer(self, clock: Callable[[], dt.datetime]) -> Composer:
        bounces = self._settings.mail.bounces
        return Composer(self.letters(), self.tokens, self.sealer, bounces=bounces, base_url=self.base_url, clock=clock)

    @property
    def base_url(self) -> str:
        """Return what links begin with."""
        return self._settings.publication.base_url

    @cached_property
    def sealer(self) -> "Sealer | None":
        """Return what signs messages, None without keys; raises BadConfiguration for a key that can't be used."""
        return exchange.sealer(self._settings.mail.dkim)


def _moving(clock: Callable[[], dt.datetime]) -> Callable[[], dt.datetime]:
    """Return a clock to the microsecond that moves on from where the other one stands."""
    ahead = clock() - now()
    return lambda: exact() + ahead
