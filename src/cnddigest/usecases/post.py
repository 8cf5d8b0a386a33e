"""Everything the verb of delivering works with, and what it reports."""

import datetime as dt
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cnddigest.delivery.model import Attempt, Claimed, Doubtful, Envelope
from cnddigest.delivery.retry import Patience
from cnddigest.errors import CndDigestError
from cnddigest.ports.mail import Arrived, Ledger, Transport, nobody_knows
from cnddigest.usecases.shop import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Messages a second, all processes together; None is as fast as it goes. `domains` are those of addresses."""

    relay: float | None = None
    domains: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """The ports, and the publisher's wishes.

    `compose` makes one person's message; it raises ValueError where that can't be written, CndDigestError where the
    Issue can't. `lease` names this process's claims. `clock` tells the moment, `chance` a random number from 0 to 1.
    `refused` hears at the end which tries were given up for good; `arrived` is asked what a crash left unknown.
    `stop` ends the work when it is set: what is in flight is finished, what is not begun is given back.
    """

    ledger: Ledger
    transport: Transport
    compose: Callable[[Claimed], Envelope]
    patience: Patience
    lease: str
    lease_for: dt.timedelta
    rates: Rates
    clock: Callable[[], dt.datetime]
    exact: Callable[[], dt.datetime]
    chance: Callable[[], float]
    stop: threading.Event
    refused: Callable[[Sequence[Attempt]], None] = lambda _: None
    arrived: Arrived = nobody_knows
    progress: Progress = lambda *_: None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What happened in this run.

    `queued` is all that still waits, `leases` how many claims of others were settled, `doubtful` who is in doubt, by
    person. `problem` is why the run ended early: the relay, not a reader.
    """

    sent: int = 0
    deferred: int = 0
    failed: int = 0
    suppressed: int = 0
    in_doubt: int = 0
    queued: int = 0
    leases: int = 0
    doubtful: tuple[Doubtful, ...] = ()
    problem: CndDigestError | None = None
