"""The account of who got what, as it is asked and put right."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing

from cnddigest.delivery.model import Sought, Status
from cnddigest.errors import WrongUse
from cnddigest.serial.model import MAIN
from cnddigest.usecases.post import DeliveryReport
from cnddigest.usecases.report import DeliveryLine, Resent
from cnddigest.wiring import exchange
from cnddigest.wiring.cabinet import Cabinet
from cnddigest.wiring.composer import identity


class Account:
    """The Deliveries of a publication."""

    def __init__(self, cabinet: Cabinet) -> None:
        """Take what is open."""
        self._cabinet = cabinet

    def summary(self, *, serial: str | None = None) -> DeliveryReport:
        """Return what waits, when nothing is to be sent."""
        return DeliveryReport(queued=self._cabinet.ledger.waiting(serial))

    def next_at(self) -> dt.datetime | None:
        """Return when the next Delivery that waits is due; None where none does."""
        return self._cabinet.ledger.next_due() if self._cabinet.is_there else None

    def deliveries(self, sought: Sought, *, now: dt.datetime) -> Iterator[DeliveryLine]:
        """Return the account; raises WrongUse for a Part that does not exist."""
        if not self._cabinet.is_there:
            return iter(())
        if sought.part is not None:
            self._refuse_unknown(sought.serial, sought.part)
        return self._traced(sought, now)

    def _traced(self, sought: Sought, now: dt.datetime) -> Iterator[DeliveryLine]:
        tags = self._cabinet.tags()
        for traced in self._cabinet.ledger.deliveries(sought, now=now):
            tag = tags.get(traced.serial)  # None before the Serial was first read
            name = identity(tag, traced.run, traced.part, traced.key) if tag else None
            yield DeliveryLine(traced=traced, message_id=name)

    def _refuse_unknown(self, serial: str | None, part: int) -> None:
        slugs = [serial] if serial else [each.slug for each in self._cabinet.settings.publication.serials]
        with closing(self._cabinet.open_store()) as store:
            most = max((store.totals(slug).parts for slug in slugs), default=0)
        if part > most:
            hint = f"the last one is part {most}" if most else "see `cnddigest plan`"
            raise WrongUse(f"no such part: {part}", hint=hint)

    def resend(self, sought: Sought, *, now: dt.datetime) -> Resent:
        """Queue once more what the account shows for this; raises WrongUse where there is nothing of the kind."""
        if sought.serial is None or sought.part is None:
            raise ValueError("a resend is of one Part")
        cabinet = self._cabinet
        if not cabinet.is_there or not cabinet.ledger.find_issue(sought.serial, MAIN, sought.part):
            raise WrongUse(
                f"part is not out, or was never mailed: {sought.serial}, part {sought.part}",
                hint="see `cnddigest plan`",
            )
        mail, ledger = cabinet.settings.mail, cabinet.ledger
        arrived = exchange.arrived(mail, cabinet.tags())
        ledger.sweep(now=now, hold=mail.in_doubt == "hold", serial=sought.serial, arrived=arrived)
        # Who had it in several runs gets that of the last one.
        found = list({each.key.subscription: each for each in ledger.deliveries(sought, now=now)}.values())
        if sought.address and not found:
            raise WrongUse(f"this part did not go to: {sought.address}", hint="see `cnddigest deliveries`")
        queued = ledger.requeue([each.key for each in found], now=now)
        waiting = sum(each.status in {Status.QUEUED, Status.SENDING} for each in found)
        if sought.address and not queued and not waiting:
            raise WrongUse(f"not to be mailed, suppressed or gone: {sought.address}")
        return Resent(queued=queued, waiting=waiting)
