"""Joining and leaving: lists, links, and what outlives a person."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from builders import NOON
from cnddigest.audience.address import parse
from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolment
from cnddigest.audience.model import Ended, SubscriptionStatus, SuppressionReason
from cnddigest.audience.rows import Rejected, Row
from cnddigest.audience.tokens import Tokens
from cnddigest.errors import WrongUse
from cnddigest.store.audience import SqliteAudience
from cnddigest.usecases import subscribe
from cnddigest.usecases.subscribe import Imported, Rules

TOKENS = Tokens([b"a secret of more than sixteen octets"])
FORM = Consent(at=NOON, source="form")
HARU = parse("haru@example.net")


@pytest.fixture
def audience(tmp_path: Path) -> Iterator[SqliteAudience]:
    with closing(SqliteAudience(str(tmp_path / "record"))) as opened:
        yield opened


def take_in(audience: SqliteAudience, *rows: Row | Rejected, serials: tuple[str, ...] = ("minato",)) -> Imported:
    rules = Rules(serials=serials, serial=None, now=NOON, parts=lambda _: 2)
    return subscribe.take_in(audience, TOKENS, rows, rules, progress=lambda *_: None)


def a_row(address: str = "haru@example.net", **fields: object) -> Row:
    return Row(address=parse(address), status=SubscriptionStatus.ACTIVE, consent=FORM, **fields)  # type: ignore[arg-type]


def status(audience: SqliteAudience) -> SubscriptionStatus:
    (listener,) = audience.person(HARU.key)
    return listener.subscription.status


def test_a_row_goes_to_the_only_serial_there_is(audience: SqliteAudience) -> None:
    done = take_in(audience, a_row())

    assert (done.added, done.rejected) == (1, ())
    assert status(audience) is SubscriptionStatus.ACTIVE


@pytest.mark.parametrize(("named", "reason"), [("", "no serial is named"), ("yama", "no such serial: yama")])
def test_a_row_that_fits_no_serial_is_listed_and_the_rest_goes_in(
    audience: SqliteAudience, named: str, reason: str
) -> None:
    done = take_in(
        audience, a_row(line=2, serial=named), a_row("natsu@example.net", serial="kawa"), serials=("minato", "kawa")
    )

    assert done.added == 1
    assert [(row.line, row.reason) for row in done.rejected] == [(2, reason)]


@pytest.mark.parametrize(("position", "rejected"), [(2, []), (3, ["position is behind the last of 2 parts: 3"])])
def test_nobody_had_more_parts_than_there_are(audience: SqliteAudience, position: int, rejected: list[str]) -> None:
    done = take_in(audience, a_row(position=position))

    assert [row.reason for row in done.rejected] == rejected


def test_whoever_has_not_consented_is_asked_once_however_often_the_list_comes(audience: SqliteAudience) -> None:
    row = Row(address=HARU)

    asked = [take_in(audience, row).asked for _ in range(3)]

    assert asked == [1, 0, 0]
    assert status(audience) is SubscriptionStatus.PENDING


def test_a_list_that_says_never_to_mail_somebody_is_believed(audience: SqliteAudience) -> None:
    take_in(
        audience,
        Row(
            address=HARU,
            status=SubscriptionStatus.ENDED,
            reason=Ended.COMPLAINT,
            suppressed=SuppressionReason.COMPLAINT.value,
        ),
    )

    order = audience.suppression(HARU.key)
    assert order
    assert order.reason == "complaint"
    assert status(audience) is SubscriptionStatus.ENDED


def test_a_list_counts_and_never_asks_who_is_suppressed(audience: SqliteAudience) -> None:
    audience.suppress([HARU.key, "natsu@example.net"], reason="manual", now=NOON)

    done = take_in(audience, a_row(), Row(address=parse("natsu@example.net")), Row(address=parse("aki@example.net")))

    assert (done.added, done.asked, done.suppressed) == (3, 1, 2)


def test_a_language_without_texts_is_told_and_costs_nobody(audience: SqliteAudience) -> None:
    done = take_in(audience, a_row(language="fr"), a_row("natsu@example.net", language="ja-JP"))

    assert (done.added, done.strange) == (2, ("fr",))


def test_an_order_outlives_an_erased_person_who_comes_back(audience: SqliteAudience) -> None:
    take_in(audience, a_row())
    audience.suppress([HARU.key], reason="complaint", now=NOON)
    subscribe.remove(audience, TOKENS, HARU, erase=True, now=NOON)
    forgotten = audience.suppression(HARU.key)

    take_in(audience, a_row())

    (listener,) = audience.person(HARU.key)
    assert forgotten is None
    assert listener.suppressed == "complaint"


def test_the_link_of_another_purpose_confirms_nobody(audience: SqliteAudience) -> None:
    entry = Enrolment(address=HARU, serial="minato", afresh=True)
    number = subscribe.add(audience, TOKENS, entry, now=NOON)[0].subscription.number

    with pytest.raises(WrongUse):
        subscribe.confirm(audience, TOKENS, TOKENS.make("unsubscribe", number), text="", now=NOON)

    assert status(audience) is SubscriptionStatus.PENDING


def test_leaving_by_link_works_for_who_is_long_gone(audience: SqliteAudience) -> None:
    gone = subscribe.unsubscribe(audience, TOKENS, TOKENS.make("unsubscribe", 99))

    assert gone is None


def test_a_stranger_cannot_be_removed(audience: SqliteAudience) -> None:
    with pytest.raises(WrongUse):
        subscribe.remove(audience, TOKENS, HARU, erase=False, now=NOON)
