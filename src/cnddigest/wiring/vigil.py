"""One of several schedulers acts: how this one takes its turn, keeps it, and sees that another one is gone."""

import datetime as dt
from collections.abc import Callable
from contextlib import closing

from cnddigest.errors import CndDigestError
from cnddigest.ports.watch import Health, Watch
from cnddigest.store.lease import lease


class Vigil:
    """A process's part in the watch over a record.

    Two clocks tell that a holder is gone: its time is over by the wall's, or its beats stood still for as long by one
    that nobody can set. So it is also seen when a clock went back, and a holder that lives loses nothing but its turn
    when one jumps ahead: to act twice at once is safe, it only helps nobody.
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
        self._name = lease()
        self._beat_at = steady()
        self._seen: tuple[int, float] = (-1, 0.0)  # a count of beats, and since when it stands
        self.is_ours = False

    def beat(self) -> None:
        """Give a sign of life, or look for that of another one; raises what concerns the record."""
        try:
            with closing(self._watch()) as watch:
                now = self._clock()
                self.is_ours = watch.hold(self._name, now=now, until=now + self._length, still=self._still(watch))
                self._beat_at = self._steady()
        except CndDigestError:
            if self._steady() - self._beat_at > self._length.total_seconds():
                self.is_ours = False  # somebody else may have it by now
            raise

    def _still(self, watch: Watch) -> int | None:
        health = watch.health()
        beats, at = health.beats if health else -1, self._steady()
        if beats != self._seen[0]:
            self._seen = (beats, at)
        return beats if at - self._seen[1] > self._length.total_seconds() else None

    def knocked(self, *, lag: dt.timedelta, next_at: dt.datetime | None, problem: str) -> None:
        """Keep how a knock went; raises what concerns the record."""
        now = self._clock()
        health = Health(until=now, knocked_at=now, next_at=next_at, lag=lag, problem=problem)
        with closing(self._watch()) as watch:
            watch.knocked(self._name, health)

    def leave(self) -> None:
        """Let another one act at once; raises what concerns the record."""
        if self.is_ours:
            self.is_ours = False
            with closing(self._watch()) as watch:
                watch.leave(self._name)
