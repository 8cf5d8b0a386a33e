"""The scheduler: APScheduler knocks, the record knows what is due.

settings ──release──> Parts, Replays, files ──knock──> deliver ──> messages
   ^ every minute, and at the record's next moment       ^ and when something was queued
                                      └──────knock──> tell ──> hubs, and callbacks of our own
"""

import datetime as dt
import errno
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cnddigest import clock
from cnddigest.audience.address import masked
from cnddigest.config import Settings
from cnddigest.errors import BadConfiguration, BadRecord, CndDigestError, RecordAway, WorkFailed, WrongUse
from cnddigest.ports.watch import Watch
from cnddigest.usecases.post import DeliveryReport
from cnddigest.wiring import Opened, knock, open_publication
from cnddigest.wiring.herald import Herald
from cnddigest.wiring.vigil import Vigil

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

RELEASE, DELIVER, TELL, WATCH = "release", "deliver", "tell", "watch"
SECOND = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a scheduler looks, in seconds.

    `net` is the longest between two knocks: what nobody foresaw waits no longer. Signs of life come at each `beat`;
    without one for a `lease`, another scheduler acts: both together, and a slow disk, stay under a minute.
    A clock that is off by a `jump` from one beat to the next was set, or the machine slept.
    """

    net: float = 60
    beat: float = 10
    lease: float = 40
    jump: float = 2
    soon: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened: a name in the past tense and its fields; addresses are masked."""

    at: dt.datetime
    name: str
    fields: tuple[tuple[str, str | int | dt.datetime | None], ...] = ()


class _Stopped(BaseException):
    """The scheduler is to end: what is being built is left to the next run, which mends it."""


class Scheduler:
    """Threads that do what is due, until `stop`.

    `settings` is asked at each knock, so that an edited configuration counts from the next one on; `tell` hears what
    happens, in any thread. `over` is set when it can't go on: `problem` says why, and somebody must mend that.
    `next_at` and `knocked_at` are for whoever shows how it is.
    """

    def __init__(
        self,
        settings: Callable[[], Settings],
        *,
        tell: Callable[[Event], None],
        now: Callable[[], dt.datetime] = clock.now,
        pace: Pace = Pace(),
        over: threading.Event | None = None,
    ) -> None:
        """Start nothing yet; `over` may be an event that somebody waits for already."""
        self._settings, self._tell_to, self._now, self._pace = settings, tell, now, pace
        self._vigil = Vigil(self._watch, length=pace.lease * SECOND, clock=now, steady=time.monotonic)
        self._stop = threading.Event()
        self._asked = {name: threading.Event() for name in (RELEASE, DELIVER, TELL)}
        self._due: dict[str, float] = {}  # when each is to be done, by a clock that nobody can set
        self._failures: dict[str, str] = {}  # what each kind of work failed with when it was last done
        self._good: set[str] = set()  # the kinds of work that went well once
        self._standing_by = False
        self._foreseeing = threading.Lock()
        self._jobs: BackgroundScheduler | None = None
        self._thread = threading.Thread(target=self._keep_watch, name="watch", daemon=True)
        self.over = over or threading.Event()
        self.problem: CndDigestError | None = None
        self.next_at: dt.datetime | None = None
        self.knocked_at: dt.datetime | None = None

    @property
    def acts(self) -> bool:
        """Say whether it is this scheduler's turn."""
        return self._vigil.is_ours

    # Beginning and ending

    def start(self) -> None:
        """Begin; return at once."""
        import logging

        from apscheduler.executors.pool import ThreadPoolExecutor
        from apscheduler.schedulers.background import BackgroundScheduler

        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a knock that finds work under way is no news
        jobs = BackgroundScheduler(timezone=dt.UTC, executors={"default": ThreadPoolExecutor(len(self._asked))})
        for name, work in ((RELEASE, self._release), (DELIVER, self._deliver), (TELL, self._tell_servers)):
            jobs.add_job(
                self._knock,
                "interval",
                (name, work),
                seconds=self._pace.net,
                id=name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
            )
        jobs.start()
        self._jobs = jobs
        self._thread.start()

    def stop(self) -> None:
        """Finish what is in flight, for some seconds, and let another scheduler act."""
        if self._stop.is_set():
            return
        self._stop.set()
        if self._jobs:
            self._thread.join()  # first: it calls the jobs
            self._jobs.shutdown(wait=True)
        with suppress(CndDigestError):  # its lease ends all the same
            self._vigil.leave()
        self._tell("scheduler.stopped")

    def nudge(self) -> None:
        """Do all that is due soon, for somebody who waits: called from any thread, and as often as one likes."""
        if self._jobs and self._vigil.is_ours:
            self._call_all()

    def _end(self, problem: CndDigestError) -> None:
        self.problem = self.problem or problem
        self.over.set()

    # Whose turn it is

    def _watch(self) -> Watch:
        opened = Opened(self._settings(), resident=WATCH in self._good)
        return opened.watch()

    def _keep_watch(self) -> None:
        ahead = self._ahead()
        while not self._stop.is_set():
            with self._telling(WATCH):
                self._beat()
            moved = self._ahead() - ahead
            if abs(moved) > self._pace.jump:
                ahead += moved
                self._tell("clock.moved", seconds=round(moved))
                self._call_all()
            self._call_missed()
            self._stop.wait(self._pace.beat)

    def _call_missed(self) -> None:
        """Call what APScheduler forgot: a clock that jumped ahead and back between two beats leaves a date far off."""
        for name, at in list(self._due.items()):
            if time.monotonic() > at + self._pace.beat:
                self._call(name)

    def _ahead(self) -> float:
        """Return how far the clock is ahead of one that nobody can set."""
        return self._now().timestamp() - time.monotonic()

    def _beat(self) -> None:
        before = self._vigil.is_ours
        self._vigil.beat()
        if self._vigil.is_ours and not before:
            self._tell("scheduler.took_over" if self._standing_by else "scheduler.started")
            self._standing_by = False
            self._call_all()
        elif not self._vigil.is_ours and not self._standing_by:
            self._standing_by = True
            self._tell("scheduler.stood_by", reason="another one acts on this record")

    # Knocks

    def _call_all(self) -> None:
        for name in self._asked:
            self._call(name)

    def _call(self, name: str) -> None:
        """Let it be done now, or once more when it is under way."""
        self._asked[name].set()
        self._schedule(name, 0)

    def _schedule(self, name: str, pause: float) -> None:
        if self._jobs and not self._stop.is_set():
            self._due[name] = time.monotonic() + pause
            # APScheduler's own clock, not ours: a test's may stand still.
            self._jobs.modify_job(name, next_run_time=clock.exact() + pause * SECOND)

    def _knock(self, name: str, work: Callable[[], float]) -> None:
        """Do one kind of work, and come again when it says so."""
        self._asked[name].clear()
        pause = self._pace.net
        if self._vigil.is_ours and not self._stop.is_set():
            with suppress(_Stopped), self._telling(name):
                pause = min(pause, max(work(), self._pace.soon))
        self._schedule(name, 0 if self._asked[name].is_set() else pause)

    def _release(self) -> float:
        """Bring out what is due; return how many seconds later something is again."""
        now = self._now()
        with open_publication(self._settings(), resident=True) as opened:
            brought = knock.bring(opened, now=now, progress=self._progress)
            for name, fields in _told(brought):
                self._tell(name, **fields)
            following = knock.next_release(opened)
            if brought.advanced or (brought.publish and any(line.deliveries for line in brought.publish.released)):
                self._call(DELIVER)
            if brought.publish and brought.publish.files.written:
                self._call(TELL)
            self._foresee(opened, brought)
            self.knocked_at = now
        if brought.problem:
            raise brought.problem
        return self._until(following)

    def _deliver(self) -> float:
        with open_publication(self._settings(), resident=True) as opened:
            report = knock.send(opened, clock=self._now, progress=lambda *_: None, stop=self._stop)
            due_at = opened.office.account.next_at()
            counts = _counts(report)
            if any(counts.values()):
                self._tell("mail.delivered", **counts, queued=report.queued)
            for doubtful in report.doubtful:
                self._tell("delivery.doubted", address=masked(doubtful.address))
            if any(counts.values()):
                self._foresee(opened, None)
        if report.problem:
            raise report.problem
        return self._until(due_at) if any(counts.values()) else max(self._until(due_at), self._pace.net)

    def _tell_servers(self) -> float:
        """Tell hubs of what is new, and push it where we are one; a far server that fails is no failure of ours."""
        herald = Herald(self._settings())
        told = herald.announce(clock=self._now, stop=self._stop)
        pushed = herald.serve(clock=self._now, stop=self._stop)
        if told.feeds:
            self._tell("hubs.told", feeds=told.feeds)
        if told.failed:
            self._tell("hubs.failed", feeds=told.failed, problem=told.problem)
        if any(asdict(pushed).values()):
            self._tell("callbacks.called", **asdict(pushed))
        return self._pace.net

    def _foresee(self, opened: Opened, brought: knock.Brought | None) -> None:
        """Keep what is due next, and how late a release was; one kind of work at a time: the last look counts."""
        with self._foreseeing:
            self.next_at = knock.next_at(opened, now=self._now())
            if brought:
                self._vigil.knocked(lag=brought.lag, next_at=self.next_at)
            else:
                self._vigil.foresaw(self.next_at)

    def _until(self, moment: dt.datetime | None) -> float:
        return (moment - self._now()).total_seconds() if moment else self._pace.net

    def _progress(self, _: str, __: int, ___: int) -> None:
        if self._stop.is_set():
            raise _Stopped

    # What went wrong

    @contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        """Say once what work fails with, and once that it goes well again; end where a human must mend it."""
        try:
            yield
        except CndDigestError as error:
            self._failed(name, error)
        except OSError as error:
            full = error.errno == errno.ENOSPC
            self._failed(name, WorkFailed("no space left on the device" if full else f"unexpected failure: {error}"))
        except Exception as error:  # noqa: BLE001 - the outermost loop: what nobody foresaw must not end it
            self._failed(name, WorkFailed(f"unexpected {type(error).__name__}: {error}"))
        else:
            self._good.add(name)
            if self._failures.pop(name, ""):
                self._admit()
                self._tell("knock.recovered", work=name)

    def _admit(self) -> None:
        """Keep what work fails with: mail that can't leave is nobody's lag, and needs somebody all the same."""
        with self._foreseeing, suppress(CndDigestError):  # a record that is away is told by whoever needs it
            self._vigil.ails(self._failures.get(RELEASE) or self._failures.get(DELIVER, ""))

    def _failed(self, name: str, error: CndDigestError) -> None:
        again = self._failures.get(name) == error.message
        self._failures[name] = error.message
        self._admit()
        # A record that one kind of work found is there: for all of them it is away for a while.
        was_there = isinstance(error, RecordAway) and bool(self._good)
        if _needs_somebody(error, first=name not in self._good and not was_there, again=again):
            self._end(error)
        elif not again:
            self._tell("knock.failed", work=name, problem=error.message, hint=error.hint or "")

    def _tell(self, name: str, **fields: str | int | dt.datetime | None) -> None:
        self._tell_to(Event(at=self._now(), name=name, fields=tuple(fields.items())))


def _needs_somebody(error: CndDigestError, *, first: bool, again: bool) -> bool:
    """Say whether to wait is of no use.

    At the start whatever makes no sense ends it. Later an author may be in the middle of an edit: a recap or a template
    keeps nothing else waiting, and a configuration or a record gets until the next knock.
    """
    if first:
        return isinstance(error, WrongUse)
    return again and isinstance(error, BadConfiguration | BadRecord) and not error.transient


def _told(brought: knock.Brought) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what came out as events."""
    report = brought.publish
    for line in report.released if report else ():
        fields = {"serial": line.serial, "part": line.part, "release_at": line.release_at}
        yield "part.released", {**fields, "deliveries": line.deliveries}
    if report and (report.files.written or report.files.removed):
        yield "files.written", {"written": len(report.files.written), "removed": len(report.files.removed)}
    for remark in report.remarks if report else ():
        if remark.finding.severity != "info":
            yield (
                "recap.questioned",
                {"about": remark.about, "line": remark.finding.line, "why": remark.finding.message},
            )
    if brought.advanced:
        yield "replays.advanced", {"count": brought.advanced}
    if brought.expired:
        yield "subscriptions.expired", {"count": brought.expired}


def _counts(report: DeliveryReport) -> dict[str, int]:
    names = ("sent", "deferred", "failed", "suppressed", "in_doubt")
    return {name: getattr(report, name) for name in names}
