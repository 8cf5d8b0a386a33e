"""What only the publisher asks for: a counter's record once more, with the questions of `/admin/`."""

import datetime as dt
from typing import TYPE_CHECKING

from cnddigest.audience.address import Address
from cnddigest.audience.enrolment import Listener
from cnddigest.delivery.model import Sought
from cnddigest.ports.lookout import Letter, Returned, Troubled
from cnddigest.usecases import about, overview, report, subscribe
from cnddigest.wiring.reception import Counter

if TYPE_CHECKING:
    from cnddigest.store.admissions import SqliteAdmissions


class Backroom:
    """Pages for the publisher stand here, as those for visitors stand at a counter."""

    def __init__(self, counter: Counter) -> None:
        """Take the counter whose record it is."""
        self._counter = counter

    @property
    def admissions(self) -> "SqliteAdmissions":
        """Return who is logged in."""
        return self._counter.admissions

    # Looking

    def status(self) -> report.Status:
        """Return how things stand, without the account: it would take a second."""
        return self._counter.opened.glance({}, now=self._counter.now)

    def doubts(self) -> tuple[overview.Doubt, ...]:
        """Return what somebody must decide."""
        return overview.doubts(self._counter.lookout.troubles())

    def days(self) -> tuple[overview.Day, ...]:
        """Return the last days."""
        counter = self._counter
        return overview.days(counter.lookout, counter.settings.publication.timezone, now=counter.now)

    def coming(self) -> tuple[overview.Coming, ...]:
        """Return what comes next."""
        counter = self._counter
        return overview.coming(counter.store, counter.settings.publication, now=counter.now)

    def lately(self) -> dict[str, tuple[overview.Out, ...]]:
        """Return what came out last, by Serial."""
        troubles = self._counter.lookout.troubles()
        return {each.slug: overview.lately(self._counter.store, each.slug, troubles) for each in self._counter.serials}

    def title(self, serial: str) -> str:
        """Return what readers call a Serial; its slug before it was first read."""
        counter = self._counter
        state = counter.store.serial(serial)
        return about.masthead(counter.settings.publication, state).title if state else serial

    def mail_of(self, serial: str, part: int) -> overview.PartMail:
        """Return how the Deliveries of a Part stand."""
        return overview.part_mail(self._counter.lookout, serial, part, now=self._counter.now)

    def kinds(self, serial: str, part: int) -> dict[str, int]:
        """Return how many of them went wrong, by status."""
        return overview.kinds(self._counter.lookout.troubles(), serial, part)

    def troubled(self, serial: str, part: int, status: str, *, after: tuple[int, int], count: int) -> list[Troubled]:
        """Return a page of those."""
        return self._counter.lookout.troubled(serial, part, status, after=after, count=count)

    def returned(self, *, before: int | None, count: int) -> list[Returned]:
        """Return what came back last."""
        return self._counter.lookout.returned(before=before, count=count)

    def person(self, address: Address) -> tuple[list[Listener], dict[int, list[Letter]], str]:
        """Return a person's Subscriptions, what each was sent last, and why they are not mailed, `""` if they are."""
        audience, lookout = self._counter.office.audience, self._counter.lookout
        found = audience.person(address.key)
        order = audience.suppression(address.key)
        letters = {each.subscription.number: lookout.letters(each.subscription.number, count=10) for each in found}
        return found, letters, order.reason if order else ""

    # Doing

    def hold(self, serial: str) -> bool:
        """Let nothing come out of a Serial; its pages are to name no moment any more."""
        return self._done(self._counter.opened.hold(serial, now=self._counter.now))

    def release_hold(self, serial: str) -> bool:
        """Let it go on."""
        return self._done(self._counter.opened.release_hold(serial))

    def bring_forward(self, serial: str, part: int) -> bool:
        """Let the next Part come out now."""
        return self._done(self._counter.opened.bring_forward(serial, part))

    def resend(self, serial: str, part: int, *, doubted: bool) -> report.Resent:
        """Queue a Part's Issue once more for who missed it, or of whom nobody knows."""
        sought = Sought(serial=serial, part=part, missed=True, doubted=doubted, issues_only=True)
        found = self._counter.office.account.resend(sought, now=self._counter.now)
        self._done(bool(found.queued))
        return found

    def suppress(self, address: Address) -> bool:
        """Mail somebody never again; return whether that is new."""
        return subscribe.suppress(self._counter.office.audience, address, reason=None, now=self._counter.now)

    def _done(self, changed: bool) -> bool:
        if changed:
            self._counter.nudge()
        return changed

    @property
    def knocks(self) -> bool:
        """Say whether a scheduler acts on the record just now."""
        health = self._counter.opened.health()
        return bool(health and health.holder and health.until > self._counter.now - dt.timedelta(minutes=2))
