"""Leaving, taking it back, and what is handed out of a person before they are forgotten."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from builders import NOON
from cnddigest.audience.address import parse
from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolment, Listener
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.suppression import Fact
from cnddigest.audience.tokens import Tokens
from cnddigest.errors import WrongUse
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.sqlite import open_store
from cnddigest.usecases import leaving, subscribe

HARU = parse("haru@example.net")
TOKENS = Tokens([b"a secret of sixteen octets"])
WORD = Consent(at=NOON, source="form", text="Send it to me.")
DAY = dt.timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> str:
    found = str(tmp_path / "record")
    open_store(found).close()
    return found


@pytest.fixture
def audience(path: str) -> Iterator[SqliteAudience]:
    with closing(SqliteAudience(path)) as found:
        yield found


@pytest.fixture
def ledger(path: str) -> Iterator[SqliteLedger]:
    with closing(SqliteLedger(path)) as found:
        yield found


def enrol(audience: SqliteAudience, serial: str = "minato", consent: Consent | None = WORD) -> Listener:
    entry = Enrolment(address=HARU, serial=serial, name="Haru", consent=consent, replay=Replay(every="day"))
    (found,) = audience.enrol([entry], now=NOON)
    listener = audience.listener(found.subscription.number)
    assert listener
    return listener


def test_only_a_persons_own_click_is_taken_back(audience: SqliteAudience) -> None:
    for number, reason in enumerate(Ended):
        listener = enrol(audience, f"serial-{number}")
        ended = audience.end(listener.subscription.number, reason)
        assert ended
        assert leaving.is_undoable(ended.subscription) == (reason is Ended.UNSUBSCRIBED)


def test_who_never_agreed_cannot_be_taken_back(audience: SqliteAudience) -> None:
    number = enrol(audience, consent=None).subscription.number
    audience.end(number, Ended.UNSUBSCRIBED)

    with pytest.raises(WrongUse, match="can't be taken up again"):
        leaving.undo(audience, number, now=NOON)


def test_taking_it_back_goes_on_where_it_was_with_the_same_consent(audience: SqliteAudience) -> None:
    before = enrol(audience).subscription
    audience.end(before.number, Ended.UNSUBSCRIBED)

    found = [leaving.undo(audience, before.number, now=NOON + DAY) for _ in range(2)]

    assert found[0]
    assert found[1]
    assert found[0].subscription == found[1].subscription
    after = found[0].subscription
    assert (after.status, after.run, after.consent) == (SubscriptionStatus.ACTIVE, before.run, WORD)


def test_undoing_is_nothing_for_whoever_is_gone(audience: SqliteAudience) -> None:
    number = enrol(audience).subscription.number
    audience.remove(HARU.key)

    assert leaving.undo(audience, number, now=NOON) is None


def test_all_that_is_kept_is_handed_out_of_every_serial_and_nothing_of_others(
    audience: SqliteAudience, ledger: SqliteLedger
) -> None:
    listener = enrol(audience, "minato", None)
    enrol(audience, "umi", None)
    other = audience.enrol([Enrolment(address=parse("aki@example.net"), serial="minato")], now=NOON)[0].subscription
    audience.ask_all([listener.subscription.number, other.number], now=NOON)
    audience.note_bounce(HARU.key, Fact(kind=Kind.SOFT, code="4.2.2", at=NOON), digest="d", ends=(), now=NOON)
    audience.suppress([HARU.key], reason="manual", now=NOON)

    found = json.loads(json.dumps(leaving.kept(audience, ledger, listener.subscriber)))

    assert (found["address"], found["name"], found["suppressed"]) == (HARU.display, "Haru", "manual")
    assert [each["serial"] for each in found["subscriptions"]] == ["minato", "umi"]
    assert found["bounces"] == [{"at": "2026-11-25T03:00:00Z", "kind": "soft", "code": "4.2.2"}]
    assert [(each["about"], each["address"], each["status"]) for each in found["deliveries"]] == [
        ("confirm", HARU.display, "queued")
    ]


def test_erasing_leaves_no_byte_and_the_order_not_to_mail(audience: SqliteAudience, path: str) -> None:
    listener = enrol(audience)
    audience.suppress([HARU.key], reason="complaint", now=NOON)

    leaving.erase(audience, TOKENS, listener, now=NOON)

    assert HARU.key.encode() not in Path(path).read_bytes()
    assert [order.reason for order in audience.suppressions()] == ["complaint"]
    subscribe.recall(audience, TOKENS, [Enrolment(address=HARU, serial="minato")], NOON)
    assert audience.suppression(HARU.key)


def test_a_person_is_written_to_in_another_language(audience: SqliteAudience) -> None:
    listener = enrol(audience)

    leaving.speak(audience, listener, "en", now=NOON)
    leaving.speak(audience, listener, "", now=NOON)

    (after,) = audience.person(HARU.key)
    assert after.subscriber.language == "en"
    assert after.subscription == listener.subscription
