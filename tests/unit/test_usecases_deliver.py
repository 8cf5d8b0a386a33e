"""Delivering: everybody once, whatever the far side says, and every person accounted for."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import NOON, a_release
from cnddigest.delivery.model import Claimed, Envelope, Fate, Sought, Stage, Status
from cnddigest.delivery.retry import Patience
from cnddigest.errors import BadTemplate
from cnddigest.ports.record import SerialState
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import open_store
from cnddigest.usecases.deliver import deliver
from cnddigest.usecases.post import DeliveryReport, Post, Rates
from fakes import FakeRelay

MINUTE = dt.timedelta(minutes=1)
HARU, NATSU, AKI = "haru@example.net", "natsu@example.net", "aki@docomo.example"


class Office:
    """A released Part, its audience, a relay, and a clock that moves when it is told to."""

    def __init__(self, folder: Path, *addresses: str) -> None:
        path = str(folder / "record")
        with closing(open_store(path)) as store:
            store.ingest(SerialState(slug="minato", tag="tag:x"), planned=[a_release(1, released=False)])
            for address in addresses:
                store._db.execute(
                    "insert into subscriber (address, key, created_at) values (?, ?, 0)", (address, address)
                )
            store._db.execute(
                "insert into subscription (subscriber, serial, status, asked_at) "
                "select id, 'minato', 'active', 0 from subscriber order by id"
            )
            store.release("minato", list(store.headlines("minato")), now=NOON)
        self.ledger = SqliteLedger(path, boot="boot")
        self.relay = FakeRelay()
        self.now = NOON
        self.post = Post(
            ledger=self.ledger,
            transport=self.relay,
            compose=_composed,
            patience=Patience(),
            lease="boot/1",
            lease_for=10 * MINUTE,
            rates=Rates(),
            clock=lambda: self.now,
            exact=lambda: self.now,
            chance=lambda: 0.0,
            stop=threading.Event(),
        )

    def deliver(self, *, serial: str | None = None, limit: int | None = None, **changed: object) -> DeliveryReport:
        return deliver(replace(self.post, **changed), serial=serial, limit=limit)  # type: ignore[arg-type]

    def statuses(self) -> dict[str, Status]:
        return {each.address: each.status for each in self.ledger.deliveries(Sought(), now=self.now)}


def _composed(claimed: Claimed) -> Envelope:
    return Envelope(
        key=claimed.key,
        sender="bounces@example.org",
        recipient=claimed.address,
        message_id=f"<{claimed.key.subscription}@example.org>",
        segments=(b"text\r\n",),
    )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path, HARU, NATSU, AKI)
    yield made
    made.ledger.close()


def test_everybody_gets_it_once(office: Office) -> None:
    report = office.deliver()

    again = office.deliver()

    assert (report.sent, report.queued) == (3, 0)
    assert again == DeliveryReport()
    assert Counter(office.relay.taken) == {"<1@example.org>": 1, "<2@example.org>": 1, "<3@example.org>": 1}


def test_a_limit_bounds_what_is_tried(office: Office) -> None:
    report = office.deliver(limit=2)

    assert (report.sent, report.queued) == (2, 1)


def test_later_is_tried_again_after_minutes_and_given_up_after_days(office: Office) -> None:
    office.relay.says(HARU, Fate.LATER, "451 4.2.0 mailbox is busy")
    waits = []

    for _ in range(40):
        office.deliver()
        due_at = office.ledger.next_due()
        if due_at is None:
            break
        waits.append((due_at - office.now) // MINUTE)
        office.now = due_at

    assert waits[:8] == [5, 10, 20, 40, 60, 120, 240, 240]
    assert office.statuses()[HARU] is Status.FAILED
    assert office.now - NOON <= dt.timedelta(days=3)


def test_never_is_final_and_its_words_are_kept(office: Office) -> None:
    office.relay.says(NATSU, Fate.NEVER, "550 5.1.1 no such user")

    report = office.deliver()

    (failed,) = office.ledger.deliveries(Sought(status=Status.FAILED), now=NOON)
    assert (report.sent, report.failed) == (2, 1)
    assert failed.reply == "550 5.1.1 no such user"
    assert failed.attempts == 1


def test_an_unusable_relay_is_told_once_and_nobodys_tries_are_counted(office: Office) -> None:
    office.relay.says(HARU, Fate.RELAY, "535 5.7.8 wrong password", stage=Stage.SENDER)

    report = office.deliver()

    assert report.problem is not None
    assert "wrong password" in report.problem.message
    assert (report.sent, report.queued) == (0, 3)
    assert {each.attempts for each in office.ledger.deliveries(Sought(), now=NOON)} == {0}


def test_silence_after_the_dot_is_in_doubt_listed_and_tried_again_later(office: Office) -> None:
    office.relay.says(HARU, Fate.DOUBT, "0 - ", stage=Stage.DOT)

    report = office.deliver()

    assert [each.address for each in report.doubtful] == [HARU]
    assert (report.sent, report.in_doubt, report.deferred, report.queued) == (2, 1, 0, 1)
    assert office.deliver().sent == 0


def test_what_is_in_doubt_is_held_where_the_publisher_wants_to_decide(office: Office) -> None:
    office.relay.says(HARU, Fate.DOUBT, "0 - ", stage=Stage.DOT)

    office.deliver(patience=Patience(hold=True))

    assert office.statuses()[HARU] is Status.IN_DOUBT
    assert office.ledger.waiting() == 0


def test_a_run_of_one_serial_leaves_others_claims_alone(office: Office) -> None:
    (claimed, *_) = office.ledger.claim(lease="boot/2", now=NOON, until=NOON, count=9).taken
    office.ledger.step(lease="boot/2", settled=[], begun=[claimed.key], now=NOON)
    office.now += MINUTE

    other = office.deliver(serial="another")
    this = office.deliver(serial="minato", limit=0)

    assert (other.leases, other.in_doubt) == (0, 0)
    assert (this.leases, this.in_doubt) == (3, 1)


def test_a_text_that_two_readers_servers_refuse_stops_the_issue(office: Office) -> None:
    for address in (HARU, NATSU, AKI):
        office.relay.says(address, Fate.CONTENT, "554 5.7.1 looks like spam", stage=Stage.DATA)

    report = office.deliver()

    assert (report.failed, report.queued) == (1, 2)
    assert report.problem is not None


def test_a_message_that_cannot_be_written_is_set_aside_and_stops_nobody(office: Office) -> None:
    def compose(claimed: Claimed) -> Envelope:
        if claimed.address == NATSU:
            raise ValueError("To cannot be written safely")
        return _composed(claimed)

    report = office.deliver(compose=compose)

    assert (report.sent, report.failed) == (2, 1)


def test_an_issue_that_cannot_be_rendered_waits_and_stops_no_other_one(office: Office) -> None:
    def compose(claimed: Claimed) -> Envelope:
        if claimed.address == NATSU:
            raise BadTemplate("template has an error: issue.html.j2")
        return _composed(claimed)

    report = office.deliver(compose=compose)

    assert report.problem is not None
    assert (report.sent, report.queued) == (2, 1)
    office.now += 5 * MINUTE
    assert office.deliver().sent == 1


def test_stopping_finishes_what_is_in_flight_and_gives_the_rest_back(office: Office) -> None:
    stop = threading.Event()
    office.relay.before = lambda _: stop.set()

    report = office.deliver(stop=stop)

    assert (report.sent, report.queued) == (1, 2)
    assert office.ledger.claim(lease="boot/2", now=NOON, until=NOON, count=9).taken


def test_a_slow_domain_keeps_nobody_else_waiting(office: Office) -> None:
    rates = Rates(domains={"docomo.example": 0.01})
    office.deliver(rates=rates, limit=0)
    office.ledger.take_pace("docomo.example", lambda pace: replace(pace, next_at=NOON + MINUTE))

    report = office.deliver(rates=rates)

    assert (report.sent, report.queued) == (2, 1)
    office.now = NOON + 2 * MINUTE
    assert office.deliver(rates=rates).sent == 1


def test_a_domain_that_says_too_much_is_left_in_peace(office: Office) -> None:
    office.relay.says(AKI, Fate.LATER, "451 4.7.1 too many messages")

    office.deliver()

    assert office.ledger.paced() == {"docomo.example"}


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(fates=st.lists(st.sampled_from(list(Fate)), min_size=1, max_size=12), connections=st.integers(1, 3))
def test_the_sums_equal_the_audience_whatever_the_far_side_says(
    tmp_path_factory: pytest.TempPathFactory, fates: list[Fate], connections: int
) -> None:
    addresses = [f"r{n}@example.net" for n in range(len(fates))]
    office = Office(tmp_path_factory.mktemp("office"), *addresses)
    office.relay.connections = connections
    for address, fate in zip(addresses, fates, strict=True):
        stage = Stage.DOT if fate in {Fate.SENT, Fate.DOUBT} else Stage.RECIPIENT
        office.relay.says(address, fate, "250 - said", stage=stage)

    with closing(office.ledger):
        report = office.deliver()
        statuses = Counter(office.statuses().values())

    arrived = [fates[int(name.strip("<").split("@")[0]) - 1] for name in office.relay.taken]
    assert sum(statuses.values()) == len(fates)
    assert statuses[Status.SENT] == report.sent == arrived.count(Fate.SENT)
    assert statuses[Status.QUEUED] + statuses[Status.DEFERRED] == report.queued
    assert arrived.count(Fate.DOUBT) == report.in_doubt
