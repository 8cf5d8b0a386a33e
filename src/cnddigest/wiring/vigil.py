"""One of several schedulers acts: how this one takes its turn, keeps it, and sees that another one is gone."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

from cnddigest.errors import CndDigestError
from cnddigest.ports.watch import Health, Watch
from cnddigest.store.lease import lease
from cnddigest.store.seat import Seat


class Vigil:
    """A process's part in the watch over a record.

    Two clocks tell that a holder is gone: its time is over by the wall's, or its beats stood still for as long by one
    that nobody can set. So it is also seen when a clock went back, and a holder that lives loses nothing but its turn
    when one jumps ahead: to act twice at once is safe, it only helps nobody.

    Who acts also holds a file beside the record, and says so in its name. Whoever gets hold of that very file, on the
    same machine, knows without waiting that the holder so named has ended.
    """

    def __init__(
        self,
        watch: Callable[[], Watch],
        *,
        length: dt.timedelta,
        clock: Callable[[], dt.datetime],
        steady: Callable[[], float],
    ) -> None:
        """Hold nothing yet; `steady` counts seconds whatever the clock is set to."""
        self._watch = watch
        self._length = length
        self._clock = clock
        self._steady = steady
        self._lease = self._name = lease()
        self._seat = Seat()
        self._beat_at = steady()
        self._seen: tuple[int, float] = (-1, 0.0)  # a count of beats, and since when it stands
        self._told: Health | None = None  # how the last knock went
        self._problem = ""  # what work fails with
        self.is_ours = False

    def beat(self) -> None:
        """Give a sign of life, or look for that of another one; raises what concerns the record."""
        try:
            with closing(self._watch()) as watch:
                seat = self._seat.take(f"{watch.path}.watching")
                if not self.is_ours:
                    self._name = f"{self._lease}@{seat}" if seat else self._lease
                now = self._clock()
                still = self._still(watch.health(), seat)
                self.is_ours = watch.hold(self._name, now=now, until=now + self._length, still=still)
                self._beat_at = self._steady()
            if not self.is_ours:
                self._seat.leave()
        except CndDigestError:
            if self._steady() - self._beat_at > self._length.total_seconds():
                self.is_ours = False  # somebody else may have it by now
            raise

    def _still(self, health: Health | None, seat: str) -> int | None:
        """Return the count of beats if no more will come."""
        beats, at = health.beats if health else -1, self._steady()
        if beats != self._seen[0]:
            self._seen = (beats, at)
        has_ended = bool(seat and health and health.holder.endswith(f"@{seat}"))
        return beats if has_ended or at - self._seen[1] > self._length.total_seconds() else None

    def knocked(self, *, lag: dt.timedelta, next_at: dt.datetime | None) -> None:
        """Keep how a knock went; raises what concerns the record."""
        now = self._clock()
        self._told = Health(until=now, knocked_at=now, next_at=next_at, lag=lag, problem=self._problem)
        with closing(self._watch()) as watch:
            watch.knocked(self._name, self._told)

    def foresaw(self, next_at: dt.datetime | None) -> None:
        """Keep what is due next since mail has left, the last knock being as it was; raises as `knocked` does."""
        self._amend(next_at=next_at)

    def ails(self, problem: str) -> None:
        """Keep what work fails with from now on, `""` for nothing; raises as `knocked` does."""
        self._problem = problem
        if self._told and self._told.problem != problem:
            self._amend(problem=problem)

    def _amend(self, **changed: Any) -> None:
        if self._told:
            self._told = replace(self._told, **changed)
            with closing(self._watch()) as watch:
                watch.knocked(self._name, self._told)

    def leave(self) -> None:
        """Let another one act at once; raises what concerns the record."""
        try:
            if self.is_ours:
                self.is_ours = False
                with closing(self._watch()) as watch:
                    watch.leave(self._name)
        finally:
            self._seat.leave()
