"""An opened publication: its folder, its record, and the verbs of publishing on both."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cnddigest.config import Settings
from cnddigest.crew import Alone, Pair
from cnddigest.errors import BadConfiguration
from cnddigest.files import DryFolder, Folder
from cnddigest.inputs import PublicationFolder
from cnddigest.ports.files import Crew, FileSink
from cnddigest.ports.record import Store
from cnddigest.ports.watch import Health, Watch
from cnddigest.usecases import holding, replays, report
from cnddigest.usecases.ingest import ingest
from cnddigest.usecases.pictures import differ
from cnddigest.usecases.publish import Wanted, publish, refuse_lost
from cnddigest.usecases.shop import Progress, Shop
from cnddigest.usecases.survey import announced, mailed, next_line, plans, status, stuck, watched

if TYPE_CHECKING:
    from cnddigest.audience.address import Address
    from cnddigest.audience.model import Subscription
    from cnddigest.audience.replay import Replay
    from cnddigest.audience.schedule import Schedule
    from cnddigest.rendering.templates import Templates
    from cnddigest.rendering.words import Words
    from cnddigest.store.sqlite import SqliteStore
    from cnddigest.usecases import replays
    from cnddigest.usecases.post import DeliveryReport
    from cnddigest.wiring.herald import Herald
    from cnddigest.wiring.office import Office

BRIEFLY = 5.0  # seconds that a process that stays waits for another one: it comes again, and can be stopped in ten


class Opened:
    """A publication with its record, ready for verbs."""

    def __init__(self, settings: Settings, *, resident: bool = False) -> None:
        """Take the settings; the record is opened when a verb needs it.

        `resident` is for a process that stays: it has threads, so it never forks, and it has seen the record, so that
        it never makes another one where that is away.
        """
        self._settings = settings
        self._resident = resident
        self._folder = Folder(settings.output)
        self._inputs = PublicationFolder(
            settings.root,
            configuration=Path(settings.path),
            font=settings.font,
            recaps=tuple(
                path for serial in settings.publication.serials for path in (*serial.recaps, *serial.schedules)
            ),
        )

    def publish(
        self,
        *,
        now: dt.datetime,
        progress: Progress,
        serial: str | None = None,
        everything: bool = False,
        dry_run: bool = False,
    ) -> report.PublishReport:
        """Release what is due and write the output folder; a dry run does the same to copies."""
        wanted = Wanted(serial=serial, everything=everything, dry_run=dry_run)
        if dry_run:
            return publish(self._shop(self._copy(), DryFolder(self._folder), Alone(), now, progress), wanted)
        crew = Alone() if self._resident else Pair(before=self._store.rest)
        report = publish(self._shop(self._store, self._folder, crew, now, progress), wanted)
        if mailed := [(line.serial, line.part) for line in report.released if line.deliveries]:
            # While everything that renders is loaded: whoever delivers needs none of it.
            report = replace(report, remarks=(*report.remarks, *self.office.sending.prepare(mailed)))
        return report

    def deliver(
        self,
        *,
        clock: Callable[[], dt.datetime],
        progress: Progress,
        serial: str | None = None,
        limit: int | None = None,
        stop: threading.Event | None = None,
    ) -> "DeliveryReport":
        """Send what is due until `stop` is set; people may be asked to confirm before anything was published.

        What time alone makes due or ends is `advance` and `expire`, which come before it.
        """
        if self._is_there and any(self._store.serial(each.slug) is None for each in self._settings.publication.serials):
            with self._store.publishing():
                ingest(self._shop(self._store, self._folder, Alone(), clock(), progress))
        return self.office.sending.deliver(clock=clock, progress=progress, serial=serial, limit=limit, stop=stop)

    def advance(self, *, now: dt.datetime) -> int:
        """Queue what is due of people's own runs; return how many runs that brought further."""
        due_at = self._store.next_turn() if self._is_there else None
        return self.office.replays.advance(now=now) if due_at and due_at <= now else 0

    def expire(self, *, now: dt.datetime) -> int:
        """End the Subscriptions that nobody confirmed in time; return how many."""
        return self.office.people.expire(now=now)

    @property
    def mail_waits(self) -> bool:
        """Say whether anybody is still to get something by mail."""
        return self._is_there and self._store.mail_waits()

    def release_at(self) -> dt.datetime | None:
        """Return when the next Part of any Serial is due; None where all is out, or nothing was ever read."""
        coming = next_line(self._store, self._settings.publication) if self._is_there else None
        return coming.release_at if coming else None

    def late_since(self, *, now: dt.datetime) -> dt.datetime | None:
        """Return since when a Part is overdue, None where none is; what somebody held is not late."""
        if not self._is_there:
            return None
        coming = next_line(self._store, self._settings.publication, punctual=True)
        return coming.release_at if coming and coming.release_at <= now else None

    def hold(self, serial: str, *, now: dt.datetime) -> bool:
        """Let nothing of a Serial come out; return whether that is new."""
        return holding.hold(self._store, serial, now=now)

    def release_hold(self, serial: str) -> bool:
        """Let a Serial go on; return whether it was held."""
        return holding.release_hold(self._store, serial)

    def bring_forward(self, serial: str, number: int) -> bool:
        """Let the next Part come out at the next publish; False where it is out already. Raises WrongUse."""
        return holding.bring_forward(self._store, serial, number)

    def watch(self) -> Watch:
        """Return whose turn it is among schedulers."""
        from cnddigest.store.watch import SqliteWatch

        self._refuse_remote()
        return SqliteWatch(self._settings.record, create=not self._resident)

    def plan(self, *, now: dt.datetime, serial: str | None = None) -> tuple[report.SerialPlan, ...]:
        """Return the Parts and their moments, as if a publish came now."""
        return plans(self._brought_up(now), self._settings.publication, serial=serial, now=now)

    def calendar(self, subscription: "Subscription", *, now: dt.datetime) -> tuple[replays.Date, ...]:
        """Return what comes when, in the run that a Subscription follows."""
        if subscription.replay and self._is_there and self._store.serial(subscription.serial):
            return self.office.replays.calendar(subscription, now=now)
        if subscription.replay:  # nothing was published yet
            public = replays.Public(self._brought_up(now), self._settings.publication)
            return replays.calendar(public, subscription, now=now)
        return tuple(
            replays.Date(part=part.number, release_at=part.release_at, released_at=part.released_at)
            for plan in self.plan(serial=subscription.serial, now=now)
            for part in plan.parts
            if part.released_at or not plan.held_at
        )

    def held_at(self, serial: str) -> dt.datetime | None:
        """Return since when nothing of a Serial comes out, None where nothing holds it."""
        return self._store.will(serial).held_at if self._is_there else None

    def zone(self, subscription: "Subscription") -> ZoneInfo:
        """Return the time zone of the run that a Subscription follows."""
        publication = self._settings.publication
        own = subscription.replay.timezone if subscription.replay else ""
        zones = (each.cadence.timezone for each in publication.serials if each.slug == subscription.serial)
        return ZoneInfo(own) if own else next(zones, publication.timezone)

    def plan_for(
        self, address: "Address", *, serial: str | None, now: dt.datetime
    ) -> tuple[tuple[str, report.SerialPlan], ...]:
        """Return the plans of the runs that a person follows, each with its run's name; none of a Serial that is gone.

        Raises WrongUse for a stranger.
        """
        from cnddigest.usecases import subscribe

        audience = self.office.audience
        found = [subscribe.one(audience, address, serial)] if serial else subscribe.known(audience, address)
        return tuple(
            (each.run, replays.own_plan(plan, each, self.calendar(each, now=now)))
            for each in (listener.subscription for listener in found)
            for plan in self.plan(serial=each.serial, now=now)
        )

    def timeline(
        self, serial: str, settings: "Replay", *, now: dt.datetime
    ) -> "tuple[Schedule, tuple[replays.Date, ...]]":
        """Return a timeline that anybody may follow, from now on, and its calendar."""
        from cnddigest.audience.schedule import Schedule, pinned

        own = next(each.cadence for each in self._settings.publication.serials if each.slug == serial)
        schedule = Schedule(serial=serial, began_at=now, settings=pinned(settings, own))
        public = replays.Public(self._brought_up(now), self._settings.publication)
        return schedule, replays.foreseen(public, schedule, now=now)

    def status(self, *, now: dt.datetime) -> report.Status:
        """Return how the publication stands."""
        found = status(self._brought_up(now), self._settings.publication, now=now)
        return self._looked_after(found, self.office.ledger.tally(now=now)) if self._is_there else found

    def glance(self, account: Mapping[str, Mapping[str, int]], *, now: dt.datetime) -> report.Status:
        """Return the same from the record alone, with so much of the account as somebody needs."""
        return self._looked_after(status(self._store, self._settings.publication, now=now), account)

    def vitals(self, *, now: dt.datetime) -> report.Vitals:
        """Return the same from the record alone: quick, and whatever an author edits meanwhile is none of it."""
        return report.Vitals(
            status=self.glance(self.office.ledger.tally(now=now), now=now),
            waiting_since=self.office.ledger.waiting_since(now=now),
            untold=tuple(self.herald.failing()),
            waiting=tuple(self.herald.waiting()),
        )

    def health(self) -> Health | None:
        """Return how the scheduler is; raises what concerns the record."""
        with closing(self.watch()) as watch:
            return watch.health()

    def _looked_after(self, found: report.Status, account: Mapping[str, Mapping[str, int]]) -> report.Status:
        found = mailed(found, self.office.audience.counts(), account, self.office.ledger.doubted())
        found = stuck(watched(found, self.health()), self.office.ledger.waiting_since(now=found.now))
        return announced(found, self.herald.failing())

    @cached_property
    def herald(self) -> "Herald":
        """Return who tells other servers of what is new."""
        from cnddigest.wiring.herald import Herald

        return Herald(self._settings)

    @cached_property
    def office(self) -> "Office":
        """Return the mail side."""
        from cnddigest.wiring.office import Office

        if not self._resident:
            self.refuse_lost_record()
        return Office(self._settings, self.templates_in, wait=BRIEFLY if self._resident else 10.0)

    def close(self) -> None:
        """Give the record back."""
        for name in ("_store", "office"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def _brought_up(self, now: dt.datetime) -> Store:
        """Return a copy of the record that knows what the author changed since the last publish."""
        shop = self._shop(self._copy(), DryFolder(self._folder), Alone(), now, lambda *_: None)
        publication = self._settings.publication
        if shop.inputs.fingerprint() != shop.store.build_state().inputs or differ(shop.inputs, shop.store, publication):
            ingest(shop)
        return shop.store

    def _copy(self) -> Store:
        from cnddigest.store.memory import MemoryStore

        self.refuse_lost_record()
        return self._store.copy() if self._is_there else MemoryStore()

    @property
    def _is_there(self) -> bool:
        return self._is_remote or Path(self._settings.record).exists()

    @property
    def _is_remote(self) -> bool:
        return "://" in self._settings.record

    @cached_property
    def _store(self) -> "SqliteStore":
        from cnddigest.store.sqlite import open_store

        self._refuse_remote()
        if self._resident:
            return open_store(self._settings.record, wait=BRIEFLY, turn=BRIEFLY, create=False)
        self.refuse_lost_record()
        return open_store(self._settings.record)

    def refuse_lost_record(self) -> None:
        """Raise BadRecord where there is none and Parts are out: another one would know nothing of them."""
        if not self._is_there and Path(self._settings.record).parent.is_dir():  # a folder that is away is told as such
            refuse_lost(self._folder, self._settings.publication.serials)

    def _refuse_remote(self) -> None:
        if self._is_remote:
            kind = self._settings.record.partition("://")[0]
            raise BadConfiguration(f"no such kind of record yet: {kind}", hint="use the path of an SQLite file")

    def _shop(self, store: Store, sink: FileSink, crew: Crew, now: dt.datetime, progress: Progress) -> Shop:
        return Shop(
            store=store,
            sink=sink,
            crew=crew,
            inputs=self._inputs,
            publication=self._settings.publication,
            templates=lambda: self.templates,
            now=now,
            progress=progress,
        )

    @cached_property
    def words(self) -> "Words":
        """Return the texts of the interface."""
        from cnddigest.rendering.words import Words

        publication = self._settings.publication
        return Words(publication.language, publication.timezone, self._inputs.catalogs())

    @cached_property
    def templates(self) -> "Templates":
        """Return the publication's templates."""
        from cnddigest.rendering.templates import Templates

        return Templates(self._inputs.templates(), self.words)

    def templates_in(self, language: str) -> "Templates":
        """Return templates that speak a reader's language, `""` for the publication's."""
        if language in ("", self.words.language):
            return self.templates
        from cnddigest.rendering.templates import Templates
        from cnddigest.rendering.words import Words

        words = Words(language, self._settings.publication.timezone, self._inputs.catalogs())
        return Templates(self._inputs.templates(), words)


@contextmanager
def open_publication(settings: Settings, *, resident: bool = False) -> Iterator[Opened]:
    """Open a publication, and give its record back whatever happens; `resident` as in Opened."""
    opened = Opened(settings, resident=resident)
    try:
        yield opened
    finally:
        opened.close()
