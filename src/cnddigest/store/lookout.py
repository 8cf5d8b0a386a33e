"""What a publisher looks at once a day, in the record's SQLite file."""

import datetime as dt
from collections import Counter

from cnddigest.delivery.model import Status
from cnddigest.ports.lookout import Letter, MailCount, Returned, Trouble, Troubled
from cnddigest.store.codec import instant, microseconds
from cnddigest.store.lease import boot
from cnddigest.store.statements import Connected

LAST = 2**63 - 1
STATEMENTS = {  # what is walked, what an index knows, and what only an ended lease tells
    "between": ("mail_between", "troubles_between", "fallen_between"),
    "of_part": ("mail_of_part", "troubles_of_part", "fallen_of_part"),
}


class SqliteLookout(Connected):
    """The Lookout of one publication; one connection, for the thread that opened it."""

    def __init__(self, path: str, *, wait: float = 5.0, boot: str = boot()) -> None:
        """Open the record; `boot` names this start of the machine."""
        super().__init__(path, wait=wait, create=False)
        self._boot = boot

    def mail_between(self, since: dt.datetime, until: dt.datetime, *, now: dt.datetime) -> MailCount:
        """Walk the Issues of that time, and their Deliveries."""
        return self._count("between", now, since=microseconds(since), until=microseconds(until))

    def mail_of(self, serial: str, part: int, *, replayed: bool, now: dt.datetime) -> MailCount:
        """Walk the Issues of the Part, and their Deliveries."""
        if not replayed:
            return self._count("of_part", now, serial=serial, part=part)
        values = {"serial": serial, "part": part, "now": microseconds(now), "boot": self._boot}
        found: Counter[str] = Counter(dict(self._rows("people_of_replays", **values)))
        return _counted(found, total=found.total(), sent=found[Status.SENT])

    def _count(self, which: str, now: dt.datetime, **values: object) -> MailCount:
        walked, troubles, fallen = STATEMENTS[which]
        with self._transaction("begin"):
            ((total, sent),) = self._rows(walked, **values)
            found: Counter[str] = Counter(dict(self._rows(troubles, **values)))
            ended = {"now": microseconds(now), "boot": self._boot}
            if self._rows("ended_leases", **ended):
                found[Status.IN_DOUBT] += self._rows(fallen, **values, **ended)[0][0]
        return _counted(found, total=total, sent=sent)

    def joined_between(self, since: dt.datetime, until: dt.datetime) -> int:
        """Count in the index."""
        return int(self._rows("joined_between", since=microseconds(since), until=microseconds(until))[0][0])

    def troubles(self) -> list[Trouble]:
        """Walk the index, which holds nothing else."""
        return [
            Trouble(serial=serial, part=part, status=status, count=count)
            for serial, part, status, count in self._rows("troubles")
        ]

    def troubled(self, serial: str, part: int, status: str, *, after: tuple[int, int], count: int) -> list[Troubled]:
        """Read on from where the page before ended."""
        issue, last = after
        rows = self._rows("troubled", serial=serial, part=part, status=status, issue=issue, last=last, count=count)
        return [
            Troubled(
                issue=issue,
                subscription=subscription,
                run=run,
                address=address,
                attempts=attempts,
                at=instant(at),
                reply=reply,
            )
            for issue, subscription, run, address, attempts, at, reply in rows
        ]

    def letters(self, subscription: int, *, count: int) -> list[Letter]:
        """Walk the index backwards."""
        return [
            Letter(run=run, part=part, status=status, attempts=attempts, at=instant(at), reply=reply)
            for _, run, part, status, attempts, at, reply in self._rows(
                "letters_of", subscription=subscription, count=count
            )
        ]

    def returned(self, *, before: int | None, count: int) -> list[Returned]:
        """Walk the key backwards."""
        rows = self._rows("late_bounces", before=LAST if before is None else before, count=count)
        return [
            Returned(number=number, key=key, kind=kind, code=code, at=instant(at))
            for number, key, kind, code, at in rows
        ]


def _counted(found: Counter[str], *, total: int, sent: int) -> MailCount:
    return MailCount(
        total=total,
        sent=sent,
        returned=found[Status.FAILED] + found[Status.BOUNCED],
        suppressed=found[Status.SUPPRESSED],
        doubtful=found[Status.IN_DOUBT],
    )
