"""`python -m benchmarks.sending_unrecorded COUNT`: `cnddigest deliver -q`, with a Ledger that remembers nothing.

It hands out as many Deliveries as asked for and forgets what became of them: what the account costs is the difference.
"""

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from functools import cached_property

from benchmarks.sending_publication import address
from cnddigest.cli.main import run
from cnddigest.delivery.model import Claim, Claimed, IssueName, Key, Settled, Swept
from cnddigest.ports.mail import Arrived, nobody_knows
from cnddigest.store import ledger


class Unrecorded(ledger.SqliteLedger):
    """The record's Issues, and an audience out of thin air: one Delivery for each number from 1 to `number`."""

    number = 0
    _given = 0

    @cached_property
    def _issue(self) -> IssueName:
        return self.issue(1)

    def claim(
        self, *, lease: str, now: dt.datetime, until: dt.datetime, count: int, serial: str | None = None
    ) -> Claim:
        """Hand out the next ones."""
        del lease, until, serial
        numbers = range(self._given + 1, min(self._given + count, self.number) + 1)
        self._given += len(numbers)
        return Claim(
            taken=tuple(
                [
                    Claimed(key=Key(issue=1, subscription=n), issue=self._issue, address=address(n), since=now)
                    for n in numbers
                ]
            )
        )

    def step(self, *, lease: str, settled: Sequence[Settled], begun: Sequence[Key], now: dt.datetime) -> bool:
        """Let it begin."""
        del lease, settled, begun, now
        return True

    def put_back(self, keys: Iterable[tuple[Key, dt.datetime]], *, lease: str, now: dt.datetime) -> None:
        """Forget them."""
        del keys, lease, now

    def renew(self, *, lease: str, until: dt.datetime) -> None:
        """Have no lease."""
        del lease, until

    def sweep(
        self, *, now: dt.datetime, hold: bool, serial: str | None = None, arrived: Arrived = nobody_knows
    ) -> Swept:
        """Find nothing."""
        del now, hold, serial, arrived
        return Swept()

    def paced(self) -> frozenset[str]:
        """Have no rates."""
        return frozenset()

    def waiting(self, serial: str | None = None) -> int:
        """Count what was not handed out."""
        del serial
        return self.number - self._given


if __name__ == "__main__":
    Unrecorded.number = int(sys.argv[1])
    ledger.SqliteLedger = Unrecorded  # type: ignore[misc]  # whoever opens the account gets this one
    sys.exit(run(["deliver", "-q"]))
