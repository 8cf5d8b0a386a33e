"""The account of who got what, in the record's SQLite file."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from cnddigest.delivery.model import (
    Claim,
    Claimed,
    Doubtful,
    IssueName,
    Key,
    Settled,
    Sought,
    Status,
    Swept,
    Traced,
)
from cnddigest.delivery.pace import Pace
from cnddigest.ports.mail import Arrived, nobody_knows
from cnddigest.rendering.issue import Issue
from cnddigest.store.codec import Row, instant, microseconds
from cnddigest.store.lease import boot
from cnddigest.store.queries import load
from cnddigest.store.statements import Connected

SETTLE, BEGIN = load("settle"), load("begin")
CRASHED = "in doubt: the program ended before it heard the answer"
FOUND = "found there after the program had ended"


class SqliteLedger(Connected):
    """The Ledger of one publication: one connection, which threads take in turns.

    What is claimed is durable before anything leaves. What is settled survives the death of the process at once, and
    a power cut from the next claim on.
    """

    def __init__(self, path: str, *, wait: float = 10.0, boot: str = boot()) -> None:
        """Open the record, which exists by now; `boot` names this start of the machine."""
        super().__init__(path, wait=wait, create=False, shared=True)
        self._boot = boot
        self._turn = threading.Lock()
        self._durable = True  # as `connect` leaves it
        self._leases: dict[str, int] = {}

    def close(self) -> None:
        """Close the connection."""
        with self._turn:
            super().close()

    # Taking and settling

    def claim(
        self, *, lease: str, now: dt.datetime, until: dt.datetime, count: int, serial: str | None = None
    ) -> Claim:
        """Look at what is due, and mark it."""
        at = microseconds(now)
        with self._committing(durable=True):
            rows = self._rows("claimable", now=at, serial=serial, count=count)
            keep = [row for row in rows if not row[-1]]
            drop = [row for row in rows if row[-1]]
            self._each("suppress_delivery", ({"issue": row[0], "subscription": row[1], "now": at} for row in drop))
            if keep:
                held = {"lease": self._lease(lease, until), "now": at}
                self._each("claim", ({"issue": row[0], "subscription": row[1], **held} for row in keep))
        names: dict[int, IssueName] = {}
        return Claim(taken=tuple([_claimed(row, names) for row in keep]), suppressed=len(drop))

    def _lease(self, name: str, until: dt.datetime) -> int:
        number = int(self._rows("take_lease", lease=name, until=microseconds(until))[0][0])
        self._leases[name] = number
        return number

    def step(self, *, lease: str, settled: Sequence[Settled], begun: Sequence[Key], now: dt.datetime) -> bool:
        """Write both in one commit that flushes nothing; short, since it is done for every few messages."""
        number, at = self._leases.get(lease, 0), microseconds(now)
        done = [_settled(each, number, at) for each in settled]
        with self._turn, self._telling:
            if self._stepped(done, [(at, key.issue, key.subscription, number) for key in begun]):
                return True
            self._stepped(done, [])
            return False

    def _stepped(self, settled: list[tuple[object, ...]], begun: list[tuple[int, ...]]) -> bool:
        self._begin(durable=False)
        try:
            self._db.executemany(SETTLE, settled)
            are_ours = not begun or self._db.executemany(BEGIN, begun).rowcount == len(begun)
            self._db.execute("commit" if are_ours else "rollback")
        except BaseException:
            self._undo()
            raise
        return are_ours

    def put_back(self, keys: Iterable[tuple[Key, dt.datetime]], *, lease: str, now: dt.datetime) -> None:
        """Queue them again."""
        held = {"lease": self._leases.get(lease, 0), "now": microseconds(now)}
        values = [{**_key(key), **held, "due": microseconds(due_at)} for key, due_at in keys]
        with self._committing(durable=False):
            self._each("put_back", values)

    def renew(self, *, lease: str, until: dt.datetime) -> None:
        """Move the end of the lease."""
        with self._committing(durable=False):
            self._run("renew", lease=lease, until=microseconds(until))

    def finish(self, *, lease: str) -> None:
        """Delete it, unless something is still held under it."""
        with self._committing(durable=False):
            self._run("finish_lease", lease=lease)

    def sweep(
        self, *, now: dt.datetime, hold: bool, serial: str | None = None, arrived: Arrived = nobody_knows
    ) -> Swept:
        """Look at every lease that ended."""
        doubtful: list[Doubtful] = []
        leases = 0
        with self._committing(durable=True):
            for lease, rebooted in self._rows("ended_leases", now=microseconds(now), boot=self._boot):
                rows = self._rows("held", lease=lease, serial=serial)
                for row in rows:
                    left = self._left(row, arrived, rebooted=bool(rebooted))
                    self._give_back(row, lease, left, hold=hold, now=microseconds(now))
                    if left is None:
                        doubtful.append(Doubtful(key=_held(row), address=row[2]))
                self._run("drop_lease", lease=lease)
                leases += len(rows)
        return Swept(leases=leases, doubtful=tuple(doubtful))

    def _left(self, row: Row, arrived: Arrived, *, rebooted: bool) -> bool | None:
        """Say whether a message left, None where nobody knows; after a power cut only what is there tells."""
        status, kind, serial, run, part, queued_at = row[3:]
        if status == Status.CLAIMED and not rebooted:
            return False
        name = IssueName(kind=kind, serial=serial, run=run, part=part, queued_at=instant(queued_at))
        found = arrived(name, _held(row))
        return None if rebooted and not found else found

    def _give_back(self, row: Row, lease: int, left: bool | None, *, hold: bool, now: int) -> None:
        key = _held(row)
        names = {**_key(key), "now": now}
        if left is None:
            status = Status.IN_DOUBT if hold else Status.DEFERRED
            self._run("doubt", **names, status=status.value, reply=CRASHED)
        elif left:
            self._db.execute(BEGIN, (now, key.issue, key.subscription, lease))  # where a power cut took the mark
            self._run("found", **names, reply=FOUND)
        else:
            self._run("release_claim", **names)

    def take_pace(self, name: str, change: Callable[[Pace], Pace]) -> None:
        """Read, change and write it in one transaction."""
        with self._committing(durable=False):
            rows = self._rows("pace", pace=name) or [(0, 1.0, 0)]
            ((next_at, factor, changed_at),) = rows
            before = Pace(next_at=instant(next_at), factor=factor, changed_at=instant(changed_at))
            after = change(before)
            if after != before:
                self._run(
                    "keep_pace",
                    pace=name,
                    next_at=microseconds(after.next_at),
                    factor=after.factor,
                    changed_at=microseconds(after.changed_at),
                )

    def paced(self) -> frozenset[str]:
        """Read the names."""
        return frozenset(row[0] for row in self._rows_alone("paced"))

    # Reading

    def issue(self, number: int) -> IssueName:
        """Look it up."""
        ((kind, serial, run, part, queued_at),) = self._rows_alone("issue", id=number)
        return IssueName(kind=kind, serial=serial, run=run, part=part, queued_at=instant(queued_at))

    def find_issue(self, serial: str, run: str, part: int) -> int | None:
        """Look it up."""
        found = self._rows_alone("find_issue", serial=serial, run=run, part=part)
        return int(found[0][0]) if found else None

    def text(self, number: int) -> Issue | None:
        """Look it up."""
        for subject, preheader, html, text in self._rows_alone("issue_text", id=number):
            return Issue(subject=subject, preheader=preheader, html=html, text=text)
        return None

    def keep_text(self, number: int, issue: Issue) -> Issue:
        """Insert it where there is none."""
        with self._committing(durable=True):
            self._run(
                "keep_issue_text",
                id=number,
                subject=issue.subject,
                preheader=issue.preheader,
                html=issue.html,
                text=issue.text,
            )
        return self.text(number) or issue

    def waiting(self, serial: str | None = None) -> int:
        """Count them."""
        return int(self._rows_alone("waiting", serial=serial)[0][0])

    def next_due(self) -> dt.datetime | None:
        """Look at the head of the index."""
        return next((instant(at) for (at,) in self._rows_alone("next_due") if at is not None), None)

    def waiting_since(self, *, now: dt.datetime) -> dt.datetime | None:
        """Look at the first rows of the index."""
        rows = self._rows_alone("waiting_since", now=microseconds(now))
        return next((instant(at) for (at,) in rows if at is not None), None)

    def deliveries(self, sought: Sought, *, now: dt.datetime) -> Iterator[Traced]:
        """Stream them in slices of the order they are kept in."""
        values = {
            "now": microseconds(now),
            "boot": self._boot,
            "serial": sought.serial,
            "part": sought.part,
            "status": sought.status and sought.status.value,
            "address": sought.address,
            "missed": int(sought.missed),
            "doubted": int(sought.doubted),
            "issues_only": int(sought.issues_only),
        }
        with self._turn, self._telling:
            rows = self._db.execute(load("deliveries"), values)
        # The connection is not held while somebody reads on: they may never come back.
        while found := self._some(rows):
            yield from map(_traced, found)

    def _some(self, rows: sqlite3.Cursor) -> list[Row]:
        with self._turn, self._telling:
            return rows.fetchmany(500)

    def received(self, subscription: int) -> list[Traced]:
        """Walk that Subscription's index."""
        return list(map(_traced, self._rows_alone("deliveries_to", subscription=subscription)))

    def tally(self, *, now: dt.datetime) -> Mapping[str, Mapping[str, int]]:
        """Count every row of every Issue."""
        found: dict[str, dict[str, int]] = {}
        for serial, status, count in self._rows_alone("tally", now=microseconds(now), boot=self._boot):
            found.setdefault(serial, {})[status] = count
        return found

    def doubted(self) -> Mapping[str, int]:
        """Count them in what waits."""
        return dict(self._rows_alone("doubted"))

    # What somebody asked for, or what came back

    def requeue(self, keys: Iterable[Key], *, now: dt.datetime) -> int:
        """Queue each that is not waiting or under way."""
        with self._committing(durable=True):
            return sum(self._run("requeue", **_key(key), now=microseconds(now)) for key in keys)

    def bounced(self, key: Key, *, reply: str, now: dt.datetime) -> bool:
        """Mark what was taken and came back."""
        with self._committing(durable=True):
            return bool(self._run("bounce_delivery", **_key(key), reply=reply, now=microseconds(now)))

    # Statements

    def _rows_alone(self, name: str, **values: object) -> list[Row]:
        with self._turn:
            return self._rows(name, **values)

    @contextmanager
    def _committing(self, *, durable: bool) -> Iterator[None]:
        """Hold the connection and the lock for one transaction, flushed to the disk if it is to be durable."""
        with self._turn:
            with self._telling:
                self._begin(durable=durable)
            try:
                yield
                with self._telling:
                    self._db.execute("commit")
            except BaseException:
                self._undo()
                raise

    def _begin(self, *, durable: bool) -> None:
        if durable != self._durable:
            self._db.execute(f"pragma synchronous = {'full' if durable else 'normal'}")
            self._durable = durable
        self._db.execute("begin immediate")


def _held(row: Row) -> Key:
    return Key(issue=row[0], subscription=row[1])


def _key(key: Key) -> dict[str, object]:
    return {"issue": key.issue, "subscription": key.subscription}


def _settled(settled: Settled, lease: int, at: int) -> tuple[object, ...]:
    """Return the values of `settle`, in its order."""
    return (
        settled.status.value,
        at,
        microseconds(settled.due_at),
        settled.counted,
        settled.doubted,
        settled.reply,
        settled.key.issue,
        settled.key.subscription,
        lease,
    )


def _claimed(row: Row, names: dict[int, IssueName]) -> Claimed:
    """Return a row of a claim; most of them are of one Issue, whose name is made once."""
    issue, subscription, address, name, language, attempts, since = row[:7]
    if issue not in names:
        kind, serial, run, part, queued_at = row[7:12]
        names[issue] = IssueName(kind=kind, serial=serial, run=run, part=part, queued_at=instant(queued_at))
    return Claimed(
        key=Key(issue=issue, subscription=subscription),
        issue=names[issue],
        address=address,
        name=name,
        language=language,
        attempts=attempts,
        since=instant(since),
    )


def _traced(row: Row) -> Traced:
    kind, serial, run, part, issue, subscription, address, shown, attempts, doubts, at, reply = row
    return Traced(
        kind=kind,
        serial=serial,
        run=run,
        part=part,
        key=Key(issue=issue, subscription=subscription),
        address=address,
        status=Status(shown),
        attempts=attempts,
        doubts=doubts,
        at=instant(at),
        reply=reply,
    )
