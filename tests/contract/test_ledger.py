"""What delivering may rely on: who is claimed, what is recorded, and what a crash leaves."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from builders import NOON, a_release
from cnddigest.delivery.model import MOVES, IssueName, Key, Settled, Sought, Status
from cnddigest.delivery.pace import Pace, slowed, taken
from cnddigest.errors import CndDigestError
from cnddigest.ports.record import SerialState
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import SqliteStore, open_store

LEASE = dt.timedelta(minutes=10)
MINUTE = dt.timedelta(minutes=1)
PEOPLE = ("haru@example.net", "natsu@example.net", "aki@example.net")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A record with a Serial whose first Part can be released, and its account."""

    store: SqliteStore
    ledger: SqliteLedger
    path: str

    def subscribe(self, *addresses: str, status: str = "active") -> None:
        db = self.store._db
        for address in addresses:
            at = 0
            db.execute("insert into subscriber (address, key, created_at) values (?, ?, ?)", (address, address, at))
            reason = "unsubscribed" if status == "ended" else ""
            db.execute(
                "insert into subscription (subscriber, serial, status, reason, asked_at) "
                "select id, 'minato', ?, ?, 0 from subscriber where key = ?",
                (status, reason, address),
            )

    def release(self, number: int = 1, *, now: dt.datetime = NOON) -> int:
        headline = next(self.store.headlines("minato", first=number))
        return self.store.release("minato", [headline], now=now)[number]

    def claim(self, lease: str = "boot/1", *, now: dt.datetime = NOON, count: int = 50) -> list[Key]:
        found = self.ledger.claim(lease=lease, now=now, until=now + LEASE, count=count)
        return [each.key for each in found.taken]

    def send(self, key: Key) -> None:
        """Let a claimed message leave and be taken."""
        self.ledger.step(lease="boot/1", settled=[], begun=[key], now=NOON)
        self.ledger.step(lease="boot/1", settled=[sent(key)], begun=[], now=NOON)

    def statuses(self, *, now: dt.datetime = NOON) -> dict[str, str]:
        found = self.ledger.deliveries(Sought(), now=now)
        return {each.address: each.status.value for each in found}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    path = str(tmp_path / "record")
    store = open_store(path)
    state = SerialState(slug="minato", tag="tag:x")
    store.ingest(state, planned=[a_release(n, released=False) for n in (1, 2)])
    with closing(store), closing(SqliteLedger(path, boot="boot")) as ledger:
        yield Desk(store=store, ledger=ledger, path=path)


def sent(key: Key) -> Settled:
    return Settled(key=key, status=Status.SENT, due_at=NOON, reply="250 ok")


def later(key: Key, due_at: dt.datetime) -> Settled:
    return Settled(key=key, status=Status.DEFERRED, due_at=due_at, reply="451 4.7.1 later")


# Fan-out


def test_a_release_queues_one_delivery_for_everybody_who_is_active(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.subscribe("pending@example.net", status="pending")
    desk.subscribe("gone@example.net", status="ended")

    count = desk.release()

    assert count == 3
    assert desk.statuses() == dict.fromkeys(PEOPLE, "queued")


def test_a_part_released_twice_is_mailed_once(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    headline = next(desk.store.headlines("minato"))
    desk.store.release("minato", [headline], now=NOON)

    again = desk.store.release("minato", [headline], now=NOON)

    assert again == {}
    assert len(desk.statuses()) == 3


def test_the_audience_is_frozen_at_the_release(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()

    desk.subscribe("late@example.net")

    assert set(desk.statuses()) == set(PEOPLE)
    assert desk.release(2) == 4


# Claims


def test_what_is_claimed_is_nobody_elses(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()

    first, second = desk.claim("boot/1", count=2), desk.claim("boot/2", count=2)

    assert len(first) == 2
    assert len(second) == 1
    assert not set(first) & set(second)


def test_threads_and_processes_never_claim_the_same(desk: Desk) -> None:
    desk.subscribe(*(f"r{n}@example.net" for n in range(200)))
    desk.release()
    found: list[Key] = []

    def work(number: int) -> None:
        with closing(SqliteLedger(desk.path, boot="boot")) as ledger:
            while taken := ledger.claim(lease=f"boot/{number}", now=NOON, until=NOON + LEASE, count=7).taken:
                found.extend(each.key for each in taken)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 200
    assert len(set(found)) == 200


def test_who_left_or_is_suppressed_is_not_claimed(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    db = desk.store._db
    db.execute("insert into suppression values ('haru@example.net', 'hard_bounce', 0)")
    db.execute("update subscription set status = 'ended', reason = 'unsubscribed' where id = 2")

    claim = desk.ledger.claim(lease="boot/1", now=NOON, until=NOON + LEASE, count=50)

    assert [each.address for each in claim.taken] == ["aki@example.net"]
    assert claim.suppressed == 2
    assert desk.statuses()["haru@example.net"] == "suppressed"


def test_a_deferred_delivery_is_claimed_when_it_is_due_and_not_before(desk: Desk) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()
    (key,) = desk.claim()
    desk.ledger.step(lease="boot/1", settled=[], begun=[key], now=NOON)
    desk.ledger.step(lease="boot/1", settled=[later(key, NOON + 5 * MINUTE)], begun=[], now=NOON)

    early, due = desk.claim(now=NOON + 4 * MINUTE), desk.claim(now=NOON + 5 * MINUTE)

    assert early == []
    assert due == [key]


# What a reader of the account sees


def test_a_claim_is_still_queued_to_a_reader(desk: Desk) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()

    desk.claim()

    assert desk.statuses() == {PEOPLE[0]: "queued"}


def test_what_began_under_a_lease_that_ended_is_in_doubt_before_anything_sweeps_it(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    begun, _, _ = desk.claim()
    desk.ledger.step(lease="boot/1", settled=[], begun=[begun], now=NOON)

    soon, after = desk.statuses(now=NOON + LEASE), desk.statuses(now=NOON + LEASE + MINUTE)

    assert soon[PEOPLE[0]] == "sending"
    assert after == {PEOPLE[0]: "in_doubt", PEOPLE[1]: "queued", PEOPLE[2]: "queued"}
    assert desk.ledger.tally(now=NOON + LEASE + MINUTE)["minato"] == {"in_doubt": 1, "queued": 2}


# Leases that ended


@pytest.mark.parametrize(("hold", "status"), [(False, "deferred"), (True, "in_doubt")])
def test_the_sweep_tells_what_had_begun_from_what_had_not(desk: Desk, hold: bool, status: str) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    begun, _, _ = desk.claim()
    desk.ledger.step(lease="boot/1", settled=[], begun=[begun], now=NOON)

    swept = desk.ledger.sweep(now=NOON + LEASE + MINUTE, hold=hold)

    assert swept.leases == 3
    assert [each.address for each in swept.doubtful] == [PEOPLE[0]]
    assert desk.statuses() == {PEOPLE[0]: status, PEOPLE[1]: "queued", PEOPLE[2]: "queued"}


def test_after_another_boot_every_claim_is_in_doubt(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    desk.claim(lease="earlier/1")

    swept = desk.ledger.sweep(now=NOON, hold=True)

    assert len(swept.doubtful) == 3
    assert set(desk.statuses().values()) == {"in_doubt"}


@pytest.mark.parametrize("hold", [False, True])
@pytest.mark.parametrize(
    ("arrived", "status", "attempts", "doubts"), [(True, "sent", 1, 0), (False, "queued", 0, 0), (None, None, 1, 1)]
)
def test_where_the_far_side_can_be_looked_at_that_decides(  # noqa: PLR0917  all that a row says
    desk: Desk, hold: bool, arrived: bool | None, status: str | None, attempts: int, doubts: int
) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()
    (begun,) = desk.claim()
    desk.ledger.step(lease="boot/1", settled=[], begun=[begun], now=NOON)
    asked: list[tuple[str, int | None, Key]] = []

    def look(name: IssueName, key: Key) -> bool | None:
        asked.append((name.serial, name.part, key))
        return arrived

    swept = desk.ledger.sweep(now=NOON + 2 * LEASE, hold=hold, arrived=look)

    (found,) = desk.ledger.deliveries(Sought(), now=NOON + 2 * LEASE)
    assert asked == [("minato", 1, begun)]
    assert found.status.value == (status or ("in_doubt" if hold else "deferred"))
    assert (found.attempts, found.doubts, len(swept.doubtful)) == (attempts, doubts, doubts)


@pytest.mark.parametrize(("arrived", "status"), [(True, "sent"), (False, "in_doubt"), (None, "in_doubt")])
def test_after_a_power_cut_only_what_is_there_counts(desk: Desk, arrived: bool | None, status: str) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()
    desk.claim(lease="earlier/1")

    desk.ledger.sweep(now=NOON, hold=True, arrived=lambda *_: arrived)

    assert desk.statuses() == {PEOPLE[0]: status}


def test_a_sweep_of_one_serial_leaves_others_claims_as_they_are(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    begun, _, _ = desk.claim()
    desk.ledger.step(lease="boot/1", settled=[], begun=[begun], now=NOON)

    other = desk.ledger.sweep(now=NOON + 2 * LEASE, hold=True, serial="another")
    this = desk.ledger.sweep(now=NOON + 2 * LEASE, hold=True, serial="minato")

    assert (other.leases, other.doubtful) == (0, ())
    assert (this.leases, [each.address for each in this.doubtful]) == (3, [PEOPLE[0]])
    assert desk.ledger.sweep(now=NOON + 2 * LEASE, hold=True).leases == 0


def test_a_living_lease_is_not_swept(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    desk.claim()
    desk.ledger.renew(lease="boot/1", until=NOON + 2 * LEASE)

    swept = desk.ledger.sweep(now=NOON + LEASE + MINUTE, hold=False)

    assert swept.leases == 0


def test_whoever_lost_the_lease_may_not_begin_and_changes_nothing(desk: Desk) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()
    (key,) = desk.claim("boot/1")
    desk.ledger.sweep(now=NOON + 2 * LEASE, hold=False)
    desk.claim("boot/2", now=NOON + 2 * LEASE)

    may = desk.ledger.step(lease="boot/1", settled=[sent(key)], begun=[key], now=NOON + 2 * LEASE)

    assert not may
    assert desk.statuses(now=NOON + 2 * LEASE) == {PEOPLE[0]: "queued"}


# Recording


def test_one_step_records_the_last_and_begins_the_next(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    first, second, _ = desk.claim()
    desk.ledger.step(lease="boot/1", settled=[], begun=[first], now=NOON)

    may = desk.ledger.step(lease="boot/1", settled=[sent(first)], begun=[second], now=NOON)

    assert may
    assert desk.statuses() == {PEOPLE[0]: "sent", PEOPLE[1]: "sending", PEOPLE[2]: "queued"}


def test_what_was_not_begun_is_put_back_until_its_moment(desk: Desk) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()
    (key,) = desk.claim()

    desk.ledger.put_back([(key, NOON + MINUTE)], lease="boot/1", now=NOON)

    assert desk.claim(now=NOON) == []
    assert desk.claim(now=NOON + MINUTE) == [key]


def test_sums_equal_the_audience_whatever_happened(desk: Desk) -> None:
    desk.subscribe(*(f"r{n}@example.net" for n in range(10)))
    desk.release()
    keys = desk.claim(count=6)
    desk.ledger.step(lease="boot/1", settled=[], begun=[keys[0]], now=NOON)
    desk.ledger.step(lease="boot/1", settled=[sent(keys[0])], begun=[keys[1]], now=NOON)
    desk.ledger.step(lease="boot/1", settled=[later(keys[1], NOON)], begun=[], now=NOON)

    tally = desk.ledger.tally(now=NOON + 2 * LEASE)["minato"]

    assert sum(tally.values()) == 10
    assert desk.ledger.waiting() == 9


@pytest.mark.parametrize("before", list(Status))
def test_the_record_allows_the_moves_of_the_model_and_no_other(desk: Desk, before: Status) -> None:
    desk.subscribe(PEOPLE[0])
    desk.release()
    db = desk.store._db
    leased = {Status.CLAIMED, Status.SENDING}
    allowed = set()
    for after in Status:
        db.execute("delete from delivery")
        db.execute(
            "insert into delivery (issue, subscription, address, status, due_at, at, since, lease) "
            "values (1, 1, 'a@example.net', ?, 0, 0, 0, ?)",
            (before.value, 1 if before in leased else None),
        )
        with suppress(sqlite3.IntegrityError):
            db.execute("update delivery set status = ?, lease = ?", (after.value, 1 if after in leased else None))
            allowed.add(after)

    assert allowed - {before} == MOVES[before]


def test_what_somebody_asks_for_is_queued_again_with_its_attempts_forgotten(desk: Desk) -> None:
    desk.subscribe(*PEOPLE[:2])
    desk.release()
    first, _ = desk.claim()
    desk.send(first)

    changed = desk.ledger.requeue([first], now=NOON + MINUTE)

    (again,) = desk.ledger.deliveries(Sought(address=PEOPLE[0]), now=NOON)
    assert changed == 1
    assert (again.status, again.attempts, again.reply) == (Status.QUEUED, 0, "")


def test_those_who_missed_it_are_neither_sent_nor_suppressed(desk: Desk) -> None:
    desk.subscribe(*PEOPLE)
    desk.release()
    first, second, _ = desk.claim()
    failed = Settled(key=second, status=Status.FAILED, due_at=NOON, reply="550 5.1.1 no such user")
    desk.send(first)
    desk.ledger.step(lease="boot/1", settled=[failed], begun=[], now=NOON)

    missed = [each.address for each in desk.ledger.deliveries(Sought(missed=True), now=NOON)]

    assert missed == [PEOPLE[1], PEOPLE[2]]


# Rates


def test_a_rate_is_shared_by_all_who_ask(desk: Desk) -> None:
    turns: list[dt.datetime] = []

    def take(pace: Pace) -> Pace:
        turn, after = taken(pace, 2.0, NOON)
        turns.append(turn)
        return after

    with closing(SqliteLedger(desk.path, boot="boot")) as other:
        for ledger in (desk.ledger, other, desk.ledger):
            ledger.take_pace("docomo.ne.jp", take)

    assert [(turn - NOON).total_seconds() for turn in turns] == [0.0, 0.5, 1.0]
    assert desk.ledger.paced() == {"docomo.ne.jp"}


def test_a_domain_that_said_too_much_rests_and_comes_back_slower() -> None:
    pace = slowed(Pace(next_at=NOON, changed_at=NOON), NOON)

    first, then = taken(pace, 10.0, NOON)
    second, _ = taken(then, 10.0, first)

    assert first - NOON == dt.timedelta(minutes=5)
    assert (second - first).total_seconds() == 0.2


# A record that fails


def test_a_record_that_is_away_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(CndDigestError):
        SqliteLedger(str(tmp_path / "nowhere" / "record"))
