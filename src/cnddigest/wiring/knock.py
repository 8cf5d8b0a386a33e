"""A knock of the clock: what is due by now is done, each kind of work on its own, and what comes next is known."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from cnddigest.errors import BadConfiguration, BadRecord, CndDigestError, RecordBusy
from cnddigest.usecases.post import DeliveryReport
from cnddigest.usecases.report import PublishReport, joined
from cnddigest.usecases.shop import Progress
from cnddigest.wiring.publication import Opened

APART = dt.timedelta(seconds=15)  # between two Parts of one step, at most: a second for each of a Part's sessions
LONGEST = dt.timedelta(minutes=1)  # that somebody waits who only wanted what is due


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What came out at a knock.

    `problem` is what failed first, and what came out all the same is told with it: `publish` is None where that
    failed. `advanced` counts Replays, `expired` Subscriptions that nobody confirmed. `lag` is how late what was due
    came out.
    """

    publish: PublishReport | None
    advanced: int
    expired: int
    lag: dt.timedelta
    problem: CndDigestError | None = None

    @property
    def came(self) -> bool:
        """Say whether any Part came out, of the public run or of a Replay."""
        return bool(self.advanced or (self.publish and self.publish.released))


def bring(opened: Opened, *, now: dt.datetime, progress: Progress) -> Brought:
    """Publish what is due, advance Replays, end what nobody confirmed.

    A recap that can't be read keeps no Replay waiting. Raises what kept it from beginning: the record, or all of the
    configuration.
    """
    late_since = opened.late_since(now=now)
    publish, problem = None, None
    advanced = expired = 0
    try:
        publish = opened.publish(now=now, progress=progress)
    except (BadConfiguration, BadRecord, RecordBusy):
        raise
    except CndDigestError as error:
        problem = error
    try:
        advanced = opened.advance(now=now)
        expired = opened.expire(now=now)
    except CndDigestError as error:
        problem = problem or error
    return Brought(
        publish=publish,
        advanced=advanced,
        expired=expired,
        lag=now - late_since if late_since else dt.timedelta(),
        problem=problem,
    )


def bring_steps(
    opened: Opened, *, clock: Callable[[], dt.datetime], wait: Callable[[float], bool], progress: Progress
) -> Brought:
    """Bring what is due, and what follows it within seconds: who knocks once a day would bring that a day late.

    The Parts of one step are seconds apart, so that readers keep their order. `wait` waits for so many seconds, and
    says whether to leave it at what came.
    """
    until = clock() + LONGEST
    brought = found = bring(opened, now=clock(), progress=progress)
    while found.problem is None and (following := next_release(opened)) and following <= min(until, clock() + APART):
        seconds = (following - clock()).total_seconds()
        if seconds > 0 and wait(seconds):
            break
        now = clock()
        found = bring(opened, now=now, progress=progress)
        brought = _joined(brought, found)
        if now >= following and not found.came:  # it is not ours to bring
            break
    return brought


def _joined(first: Brought, then: Brought) -> Brought:
    published = joined(first.publish, then.publish) if first.publish and then.publish else first.publish
    return replace(
        then,
        publish=published,
        advanced=max(first.advanced, then.advanced),  # the same ones: each Part of a step takes a look of its own
        expired=first.expired + then.expired,
        lag=max(first.lag, then.lag),
    )


def send(
    opened: Opened,
    *,
    clock: Callable[[], dt.datetime],
    progress: Progress,
    stop: threading.Event,
) -> DeliveryReport:
    """Deliver what waits; what keeps it from being sent is part of the report, for it undoes nothing else."""
    if not opened.mail_waits:
        return DeliveryReport()
    try:
        return opened.deliver(clock=clock, progress=progress, stop=stop)
    except BadRecord:
        raise
    except CndDigestError as error:
        return replace(opened.office.account.summary(), problem=error)


def next_at(opened: Opened, *, now: dt.datetime) -> dt.datetime | None:
    """Return the next moment at which something is due: `now` where something still is, None where nothing will be."""
    mail = opened.office.account.next_at()
    moments = [moment for moment in (next_release(opened), mail) if moment]
    return max(now, min(moments)) if moments else None


def next_release(opened: Opened) -> dt.datetime | None:
    """Return when the next Part of the public run or of a Replay is due; mail that waits brings none."""
    moments = [moment for moment in (opened.release_at(), opened.office.replays.next_at()) if moment]
    return min(moments, default=None)
