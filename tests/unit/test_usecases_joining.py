"""Joining by a form, whoever is named in it and however often."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import NOON
from cnddigest.audience.address import parse
from cnddigest.audience.consent import Consent
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.tokens import Tokens
from cnddigest.delivery.model import Sought
from cnddigest.store.audience import SqliteAudience
from cnddigest.store.ledger import SqliteLedger
from cnddigest.store.limits import SqliteLimits
from cnddigest.store.sqlite import open_store
from cnddigest.usecases import joining, leaving, subscribe
from cnddigest.usecases.joining import Asked

HARU = parse("haru@example.net")
TOKENS = Tokens([b"a secret of sixteen octets"])
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


class Form:
    """A form on a record of its own."""

    def __init__(self, path: str) -> None:
        open_store(path).close()
        self.now = NOON
        self.audience, self.ledger, self.limits = SqliteAudience(path), SqliteLedger(path), SqliteLimits(path)

    def close(self) -> None:
        for each in (self.audience, self.ledger, self.limits):
            each.close()

    def send(self, address: str = HARU.display, network: str = "192.0.2.0/24", **said: object) -> bool:
        asked = Asked(**({"address": parse(address), "serial": "minato", "replay": Replay()} | said))  # type: ignore[arg-type]
        return joining.ask(self.audience, TOKENS, self.limits, asked, network=network, now=self.now)

    def agree(self) -> None:
        number = self.audience.person(HARU.key)[0].subscription.number
        self.audience.confirm(number, Consent(at=self.now, source="mail"))

    @property
    def queued(self) -> list[tuple[str, str]]:
        return [(each.serial, each.run) for each in self.ledger.deliveries(Sought(), now=self.now)]

    @property
    def serials(self) -> dict[str, str]:
        return {each.subscription.serial: each.subscription.status.value for each in self.audience.person(HARU.key)}


@pytest.fixture
def form(tmp_path: Path) -> Iterator[Form]:
    with closing(Form(str(tmp_path / "record"))) as found:
        yield found


def test_each_serial_is_asked_for_by_itself(form: Form) -> None:
    for serial in ("minato", "umi", "minato"):
        form.send(serial=serial)

    assert form.serials == {"minato": "pending", "umi": "pending"}
    assert form.queued == [("minato", "confirm"), ("umi", "confirm")]


def test_who_had_a_run_of_their_own_and_asks_for_the_public_one_gets_that(form: Form) -> None:
    form.send()
    form.agree()
    (listener,) = form.audience.person(HARU.key)
    form.audience.end(listener.subscription.number, Ended.UNSUBSCRIBED)

    form.send(replay=None)
    form.agree()

    (after,) = form.audience.person(HARU.key)
    assert (after.subscription.run, after.subscription.replay, after.subscription.status) == ("main", None, "active")


def test_who_asks_once_more_before_confirming_is_asked_in_the_language_of_that_form(form: Form) -> None:
    form.send(language="en")

    form.send(language="ja")

    assert form.audience.person(HARU.key)[0].subscriber.language == "ja"


def test_who_left_and_asks_again_is_asked_in_the_language_of_that_form(form: Form) -> None:
    form.send(language="en")
    form.agree()
    form.audience.end(form.audience.person(HARU.key)[0].subscription.number, Ended.UNSUBSCRIBED)

    form.send(language="ja")

    assert form.audience.person(HARU.key)[0].subscriber.language == "ja"


def test_no_form_changes_the_language_of_somebody_who_reads_already(form: Form) -> None:
    form.send(language="en")
    form.agree()

    form.send(language="ja")
    form.send(language="ja", serial="umi")

    assert form.audience.person(HARU.key)[0].subscriber.language == "en"


def test_an_order_that_outlived_an_erased_person_holds_against_a_form(form: Form) -> None:
    form.send()
    form.audience.suppress([HARU.key], reason="complaint", now=form.now)
    subscribe.remove(form.audience, TOKENS, HARU, erase=True, now=form.now)
    form.now += 9 * HOUR
    before = len(form.queued)

    assert form.send()
    assert len(form.queued) == before


@pytest.mark.parametrize("spelt", ["haru+{}@example.net", "HARU+{}+x@example.net", "h.a.r.u+{}@googlemail.com"])
def test_a_mailbox_gets_three_questions_however_many_addresses_lead_to_it(form: Form, spelt: str) -> None:
    addresses = [spelt.format(number) for number in range(10)]

    for address in addresses:
        form.send(address)

    assert len(form.queued) == 3


def test_two_people_at_one_host_are_two_mailboxes(form: Form) -> None:
    for address in ("ha.ru@example.net", "haru@example.net", "+1@example.net", "+2@example.net", "haru@gmail.com"):
        form.send(address)

    assert len(form.queued) == 5


def test_a_tagged_address_is_an_address_of_its_own(form: Form) -> None:
    form.send("haru@example.net")
    form.send("haru+list@example.net")

    assert [person.subscription.number for person in form.audience.listeners()] == [1, 2]


def test_no_name_in_the_buckets_says_who_it_was(form: Form) -> None:
    form.send()

    names = "".join(name for (name,) in form.limits._db.execute("select name from bucket"))
    assert names
    assert HARU.key not in names
    assert "192.0.2" not in names


def test_buckets_are_still_empty_after_a_restart(form: Form, tmp_path: Path) -> None:
    sent = [form.send(f"reader{n}@example.net") for n in range(41)]
    with closing(SqliteLimits(str(tmp_path / "record"))) as limits:
        allowed = joining.allowed(limits, TOKENS, "subscribe", "192.0.2.0/24", joining.OF_NETWORK, now=form.now)

    assert sent == [True] * 40 + [False]
    assert not allowed


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.sampled_from(["form", "agree", "leave", "undo", "bounce"]), st.integers(0, 600)), max_size=12)
)
def test_no_form_makes_or_ends_a_subscriber_whatever_else_happens(steps: list[tuple[str, int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder, closing(Form(f"{folder}/record")) as form:
        for step, minutes in steps:
            form.now += minutes * MINUTE
            before = form.serials.get("minato")
            known = form.audience.person(HARU.key)
            if step == "form":
                form.send(replay=None if minutes % 2 else Replay())
                after = form.serials["minato"]
                assert after == ("active" if before == "active" else after)
                assert after != "active" or form.audience.person(HARU.key) == known
            elif known:
                act(form, step, known[0].subscription.number)


def act(form: Form, step: str, number: int) -> None:
    if step == "agree":
        form.agree()
    elif step in ("leave", "bounce"):
        form.audience.end(number, Ended.UNSUBSCRIBED if step == "leave" else Ended.BOUNCED)
    else:
        found = form.audience.listener(number)
        assert found
        if leaving.is_undoable(found.subscription):
            leaving.undo(form.audience, number, now=form.now)
            again = form.audience.listener(number)
            assert again
            assert again.subscription.status is SubscriptionStatus.ACTIVE
