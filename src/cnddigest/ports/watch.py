"""Who watches the clock for a record, and how that goes: a port, and what it tells."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the scheduler of a record is.

    `holder` is the process that acts, `""` when the last one ended in order; `beats` counts its signs of life.
    `lag` is how late the knock at `knocked_at` found what was due, `next_at` when something is due again, None when
    nothing is. `problem` is the sentence with which work fails, of Parts or of mail, `""` while it does not.
    """

    holder: str = ""
    beats: int = 0
    until: dt.datetime
    knocked_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    lag: dt.timedelta = dt.timedelta()
    problem: str = ""


class Watch(Protocol):
    """One row of the record: of all its schedulers one acts, and the others see that it does."""

    path: str

    def hold(self, holder: str, *, now: dt.datetime, until: dt.datetime, still: int | None = None) -> bool:
        """Give a sign of life and say whether this holder acts; it takes over from one whose time has ended.

        `still` is a count of beats after which no other one comes: its holder is gone, whatever the clocks say.
        """
        ...

    def knocked(self, holder: str, health: Health) -> None:
        """Keep how a knock went, if this holder still acts."""
        ...

    def leave(self, holder: str) -> None:
        """Let another one act at once."""
        ...

    def health(self) -> Health | None:
        """Return how the scheduler is, None where none ever ran."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...
