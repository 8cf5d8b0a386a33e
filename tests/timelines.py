"""A person's own run on a record of its own: public Parts come out at will, time passes, and wishes come true."""

import datetime as dt
from dataclasses import replace
from functools import partial

from builders import NOON, a_cadence, a_part, a_publication, a_release, a_serial
from cnddigest.audience.address import parse
from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolment
from cnddigest.audience.replay import Replay
from cnddigest.ports.record import SerialState
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import open_store
from cnddigest.usecases import replays
from wishes import Wishing

HARU = "haru@example.net"
FORM = Consent(at=NOON, source="form")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


class Timeline(Wishing):
    """One person in a run of their own, beside a Serial whose Parts are planned a day apart; none is out yet."""

    def __init__(self, path: str, *, parts: int = 4, out: int = 0, **wanted: object) -> None:
        self.now = NOON
        self.publication = a_publication(serials=(a_serial(cadence=a_cadence()),))
        self.store = open_store(path)
        self.ledger = SqliteLedger(path)
        self.audience = SqliteAudience(path)
        self.parts, self.out = parts, 0
        self.plan(parts)
        for _ in range(out):
            self.release()
        entry = Enrolment(address=parse(HARU), serial="minato", consent=FORM, replay=Replay(**wanted))  # type: ignore[arg-type]
        self.number = self.audience.enrol([entry], now=self.now)[-1].subscription.number

    def plan(self, parts: int) -> None:
        """Have so many Parts from now on; those that are out stay."""
        kept = partial(a_release, released=False)
        planned = [kept(n, at=NOON + n * DAY, part=a_part(n, sessions=1)) for n in range(self.out + 1, parts + 1)]
        self.store.ingest(SerialState(slug="minato", tag="tag:x"), planned=planned)
        self.parts = parts

    def release(self) -> None:
        """Let the next Part come out now."""
        if self.out < self.parts:
            self.out += 1
            (headline,) = self.store.headlines("minato", first=self.out, last=self.out)
            self.store.release("minato", [replace(headline, release_at=self.now)], now=self.now)

    def wait(self, time: dt.timedelta) -> None:
        self.now += time

    def tick(self) -> int:
        return replays.advance(self.audience, self.public, now=self.now)

    @property
    def there(self) -> list[int]:
        return [date.part for date in self.calendar if date.released_at]
