"""What the verbs need to hold off who asks too often."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from cnddigest.audience.allowance import Allowance


class Limits(Protocol):
    """Buckets in the record, so that a restart fills none of them. Each method is one transaction."""

    def take(self, wanted: Iterable[tuple[str, Allowance]], *, now: dt.datetime) -> bool:
        """Take one out of each bucket named; where one is empty, take nothing and return False.

        Names are told apart and nothing more: whoever asks makes them so that nobody can read an address in them.
        """
        ...

    def close(self) -> None:
        """Give the record back."""
        ...
