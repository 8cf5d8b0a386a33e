"""What subscribing may rely on: consent is kept, nobody who left comes back, and an erased address is in no byte."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from builders import NOON, a_release
from cnddigest.audience.address import parse
from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolled, Enrolment, Outcome
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.suppression import Action, Fact, Lifted, Ruling
from cnddigest.ports.record import SerialState
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import open_store

DAY = dt.timedelta(days=1)
FORM = Consent(at=NOON, source="form", text="Send me the recap")


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "record")


@pytest.fixture
def audience(path: str) -> Iterator[SqliteAudience]:
    with closing(SqliteAudience(path)) as opened:
        yield opened


def wanted(address: str = "haru@example.net", *, serial: str = "minato", **fields: object) -> Enrolment:
    return Enrolment(address=parse(address), serial=serial, **fields)  # type: ignore[arg-type]


def enrol(audience: SqliteAudience, *entries: Enrolment, now: dt.datetime = NOON) -> Enrolled:
    return audience.enrol(entries, now=now)[-1]


def test_with_consent_a_person_is_active_and_without_it_pending(audience: SqliteAudience) -> None:
    active = enrol(audience, wanted(consent=FORM))
    pending = enrol(audience, wanted("natsu@example.net"))

    assert active.subscription.status is SubscriptionStatus.ACTIVE
    assert pending.subscription.status is SubscriptionStatus.PENDING
    assert audience.counts() == {"minato": {"active": 1, "pending": 1}}


def test_everything_that_was_said_is_kept(audience: SqliteAudience) -> None:
    replay = Replay(start="2026-12-01", every="mon,thu", per=2)
    enrol(audience, wanted(name="港 春", language="ja", consent=FORM, position=3, replay=replay))

    (listener,) = audience.person("haru@example.net")

    assert (listener.subscriber.name, listener.subscriber.language) == ("港 春", "ja")
    assert listener.subscription.consent == FORM
    assert listener.subscription.position == 3
    assert listener.subscription.replay == replay
    assert listener.subscription.run != "main"


def test_two_spellings_of_one_mailbox_are_one_person(audience: SqliteAudience) -> None:
    enrol(audience, wanted("Haru@Example.NET", consent=FORM))

    again = enrol(audience, wanted("haru@example.net", consent=FORM))

    assert again.outcome is Outcome.UNCHANGED
    assert len(list(audience.listeners())) == 1


def test_the_same_list_taken_in_twice_changes_nothing(audience: SqliteAudience) -> None:
    entries = [wanted(f"r{n}@example.net", name=f"R {n}", consent=FORM) for n in range(20)]
    audience.enrol(entries, now=NOON)

    again = audience.enrol(entries, now=NOON + DAY)

    assert {each.outcome for each in again} == {Outcome.UNCHANGED}


def test_nobody_who_left_comes_back_by_a_list(audience: SqliteAudience) -> None:
    number = enrol(audience, wanted(consent=FORM)).subscription.number
    audience.end(number, Ended.UNSUBSCRIBED)

    again = enrol(audience, wanted(consent=FORM))

    assert again.subscription.status is SubscriptionStatus.ENDED


def test_who_left_comes_back_by_their_own_word(audience: SqliteAudience) -> None:
    number = enrol(audience, wanted(consent=FORM)).subscription.number
    audience.end(number, Ended.UNSUBSCRIBED)

    again = enrol(audience, wanted(afresh=True), now=NOON + DAY)
    audience.confirm(number, Consent(at=NOON + DAY, source="confirmed by mail"))

    (listener,) = audience.person("haru@example.net")
    assert again.subscription.status is SubscriptionStatus.PENDING
    assert listener.subscription.status is SubscriptionStatus.ACTIVE


def test_a_list_that_knows_that_somebody_left_ends_it(audience: SqliteAudience) -> None:
    enrol(audience, wanted(consent=FORM))

    after = enrol(audience, wanted(left=Ended.UNSUBSCRIBED))

    assert after.subscription.reason is Ended.UNSUBSCRIBED


def test_an_address_is_asked_three_times_a_day_over_all_serials(audience: SqliteAudience) -> None:
    numbers = [
        enrol(audience, wanted(serial=serial)).subscription.number for serial in ("minato", "yama", "kawa", "umi")
    ]

    asked = [audience.ask(number, now=NOON) for number in numbers]

    assert asked == [True, True, True, False]
    assert audience.ask(numbers[3], now=NOON + DAY)


def test_one_question_waits_at_a_time(audience: SqliteAudience, path: str) -> None:
    number = enrol(audience, wanted()).subscription.number

    asked = [audience.ask(number, now=NOON) for _ in range(3)]

    with closing(SqliteLedger(path)) as ledger:
        assert (asked, ledger.waiting()) == ([True, True, True], 1)


def test_a_question_from_before_an_order_does_not_stand_for_a_new_one(audience: SqliteAudience, path: str) -> None:
    number = enrol(audience, wanted()).subscription.number
    audience.ask(number, now=NOON)
    audience.suppress(["haru@example.net"], reason="manual", now=NOON + DAY)

    audience.ask(number, now=NOON + 2 * DAY)

    with closing(SqliteLedger(path)) as ledger:
        assert ledger.waiting() == 2


def test_who_confirmed_is_told_so_as_often_as_they_might_be_asked(audience: SqliteAudience, path: str) -> None:
    number = enrol(audience, wanted(consent=FORM)).subscription.number

    told = [audience.ask(number, now=NOON) for _ in range(2)]

    with closing(SqliteLedger(path)) as ledger:
        assert (told, ledger.waiting()) == ([True, True], 1)


def test_who_is_not_to_be_mailed_is_not_told_either(audience: SqliteAudience) -> None:
    number = enrol(audience, wanted(consent=FORM)).subscription.number
    audience.suppress(["haru@example.net"], reason="manual", now=NOON)

    assert not audience.ask(number, now=NOON + DAY)


def test_what_nobody_confirmed_ends_after_thirty_days(audience: SqliteAudience) -> None:
    enrol(audience, wanted())

    early, late = audience.expire(now=NOON + 29 * DAY), audience.expire(now=NOON + 30 * DAY)

    (listener,) = audience.person("haru@example.net")
    assert (early, late) == (0, 1)
    assert listener.subscription.reason is Ended.EXPIRED


def test_a_suppression_outlives_the_person_and_a_new_list(audience: SqliteAudience) -> None:
    enrol(audience, wanted(consent=FORM))
    audience.suppress(["haru@example.net"], reason="hard_bounce", now=NOON)
    audience.remove("haru@example.net")

    enrol(audience, wanted(consent=FORM))

    (listener,) = audience.person("haru@example.net")
    assert listener.suppressed == "hard_bounce"


@pytest.mark.parametrize("reason", ["unsubscribed", "soft_bounce", "manual", "words of the publisher"])
def test_a_fresh_confirmation_lifts_a_suppression(audience: SqliteAudience, reason: str) -> None:
    number = enrol(audience, wanted()).subscription.number
    audience.suppress(["haru@example.net"], reason=reason, now=NOON)

    asked = audience.ask(number, now=NOON)
    audience.confirm(number, FORM)

    assert asked
    assert audience.suppression("haru@example.net") is None


@pytest.mark.parametrize("reason", ["hard_bounce", "complaint"])
def test_who_complained_or_has_no_mailbox_is_neither_asked_nor_let_in_again(
    audience: SqliteAudience, reason: str
) -> None:
    audience.suppress(["haru@example.net"], reason=reason, now=NOON)
    enrolled = enrol(audience, wanted(afresh=True))

    asked = audience.ask(enrolled.subscription.number, now=NOON)
    audience.confirm(enrolled.subscription.number, FORM)

    (listener,) = audience.person("haru@example.net")
    assert not asked
    assert (listener.subscription.status.value, listener.suppressed) == ("pending", reason)


def test_an_erased_address_is_in_no_byte_of_the_record(audience: SqliteAudience, path: str) -> None:
    with closing(open_store(path)) as store:
        store.ingest(SerialState(slug="minato", tag="tag:x"), planned=[a_release(1, released=False)])
        for number in range(300):
            enrol(audience, wanted(f"r{number}@example.net", consent=FORM))
        enrol(audience, wanted(name="港 春", consent=FORM))
        audience.suppress(["haru@example.net"], reason="complaint", now=NOON)
        store.release("minato", list(store.headlines("minato")), now=NOON)

    audience.erase("haru@example.net", address="haru@example.net", hashed="hmac:abc", now=NOON)

    files = [file.read_bytes() for file in Path(path).parent.iterdir() if file.name.startswith("record")]
    assert not any(b"haru" in data or "港 春".encode() in data for data in files)
    assert audience.suppression("hmac:abc")
    with closing(SqliteLedger(path)) as ledger:
        assert ledger.tally(now=NOON) == {"minato": {"queued": 301}}


SOFT = Fact(kind=Kind.SOFT, code="4.2.2", at=NOON)
HARD = Fact(kind=Kind.HARD, code="5.1.1", at=NOON)


def noted(audience: SqliteAudience, fact: Fact, digest: str, *ends: int) -> Ruling | None:
    return audience.note_bounce("haru@example.net", fact, digest=digest, ends=ends, now=NOON)


def test_a_returned_message_counts_once(audience: SqliteAudience) -> None:
    rulings = [noted(audience, SOFT, digest) for digest in ("one", "one", "two")]

    assert [ruling and ruling.action for ruling in rulings] == [Action.COUNTED, None, Action.COUNTED]
    assert audience.bounces("haru@example.net") == 2 * [SOFT]


def test_what_follows_of_a_fact_is_recorded_with_it(audience: SqliteAudience) -> None:
    number = enrol(audience, wanted(consent=FORM)).subscription.number

    noted(audience, HARD, "one", number)

    (listener,) = audience.person("haru@example.net")
    assert listener.suppressed == "hard_bounce"
    assert (listener.subscription.status, listener.subscription.reason) == (SubscriptionStatus.ENDED, Ended.BOUNCED)


def test_what_was_lifted_stays_lifted_when_the_same_message_is_read_again(audience: SqliteAudience) -> None:
    noted(audience, HARD, "one")

    lifted = audience.lift(["haru@example.net", "nobody@example.net"], why="a mistake", now=NOON + DAY)

    assert [order.reason for order in lifted] == ["hard_bounce"]
    assert noted(audience, HARD, "one") is None
    assert audience.suppression("haru@example.net") is None
    assert audience.bounces("haru@example.net") == []
    assert audience.lift(["haru@example.net"], why="", now=NOON) == []


def test_who_lifts_an_order_leaves_word_of_it(audience: SqliteAudience) -> None:
    noted(audience, HARD, "one")

    audience.lift(["haru@example.net"], why="the relay was wrong", now=NOON + DAY)

    assert audience.lifted("haru@example.net") == [
        Lifted(reason="hard_bounce", suppressed_at=NOON, at=NOON + DAY, why="the relay was wrong")
    ]


def test_numbers_are_never_used_again(audience: SqliteAudience) -> None:
    before = enrol(audience, wanted(consent=FORM)).subscription.number
    audience.remove("haru@example.net")

    after = enrol(audience, wanted(consent=FORM)).subscription.number

    assert after > before
