"""What we export: anybody's spreadsheet opens it, and we read it as it was."""

import csv
import datetime as dt
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from builders import NOON
from cnddigest.audience.address import one_line, parse
from cnddigest.audience.consent import Consent
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.reading import read
from cnddigest.audience.replay import Replay
from cnddigest.audience.rows import Row, guarded, to_csv, to_json, unguarded
from hostile import hostile

FORMULA = "=cmd|' /C calc'!A0"

texts = st.one_of(hostile, st.text(), st.text("'=+-@＝ a\t", max_size=6)).map(one_line)
words = st.text("abcdefghij-0123456789", min_size=1, max_size=40)
consents = st.builds(
    Consent,
    at=st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2026, 1, 1), timezones=st.just(dt.UTC)).map(  # noqa: DTZ001
        lambda at: at.replace(microsecond=0)
    ),
    source=texts.filter(bool),
    text=texts,
)
replays = st.builds(
    Replay,
    start=st.sampled_from(["now", "2026-12-01"]),
    every=st.sampled_from(["", "day", "mon,thu", "90m"]),
    at=st.sampled_from(["", "08:00"]),
    per=st.integers(1, 1000),
    timezone=st.sampled_from(["", "Asia/Tokyo"]),
    paused=st.booleans(),
)
states = st.one_of(
    st.just((SubscriptionStatus.PENDING, None)),
    st.sampled_from(Ended).map(lambda reason: (SubscriptionStatus.ENDED, reason)),
)
addresses = st.sampled_from(["taro@example.org", "+x@例え.jp", "-@example.org", "'=a@example.org", "a..b@docomo.ne.jp"])


@st.composite
def rows(draw):
    consent = draw(st.none() | consents)
    status, reason = draw(states)
    if consent and draw(st.booleans()):
        status, reason = SubscriptionStatus.ACTIVE, None
    return Row(
        address=parse(draw(addresses)),
        name=draw(texts),
        serial=draw(words),
        language=draw(st.sampled_from(["", "ja", "en", "zh-Hant"])),
        status=status,
        reason=reason,
        suppressed=draw(st.sampled_from(["", "manual", "his own wish"])),
        consent=consent,
        position=draw(st.integers(0, 1_000_000)),
        replay=draw(st.none() | replays),
    )


def octets(pieces):
    return (piece.encode() for piece in pieces)


@given(st.lists(rows(), max_size=4))
def test_a_table_of_ours_is_read_as_it_was(found):
    assert list(read(octets(to_csv(found)), now=NOON)) == found


@given(st.lists(rows(), max_size=4))
def test_a_json_document_of_ours_is_read_as_it_was(found):
    assert list(read(octets(to_json(found)), now=NOON)) == found


@given(st.lists(rows(), max_size=4))
def test_no_cell_of_ours_is_a_formula(found):
    table = csv.reader(io.StringIO("".join(to_csv(found)), newline=""))

    assert not [cell for cells in table for cell in cells if cell[:1] in {*"=+-@\t\r＝＋－＠"} - {""}]


@given(st.one_of(hostile, st.text(), st.text("'=+-@＝ a\t", max_size=6)))
def test_what_keeps_a_spreadsheet_from_computing_comes_off_again(cell):
    assert unguarded(guarded(cell)) == cell


def test_a_formula_for_a_name_is_a_name_here_and_harmless_there():
    row = next(read([f'email,name\ntaro@example.org,"{FORMULA}"\n'.encode()], now=NOON))

    assert isinstance(row, Row)
    assert row.name == FORMULA
    assert f"'{FORMULA}" in "".join(to_csv([row]))


def test_a_json_document_has_the_shape_of_the_contract():
    consent = Consent(at=NOON, source="a form", text="Write to me.")
    row = Row(address=parse("taro@例え.jp"), serial="harbour", status=SubscriptionStatus.ACTIVE, consent=consent)

    document = json.loads("".join(to_json([row])))

    assert document["schema"] == "cnddigest/subscribers/1"
    assert document["subscribers"][0] == {
        "address": "taro@例え.jp",
        "name": "",
        "serial": "harbour",
        "language": "",
        "status": "active",
        "reason": None,
        "suppressed": None,
        "position": 0,
        "consent": {"at": "2026-11-25T03:00:00Z", "source": "a form", "text": "Write to me."},
        "replay": None,
    }


def test_an_export_of_nobody_is_still_a_document():
    assert json.loads("".join(to_json([])))["subscribers"] == []
    assert list(read(octets(to_csv([])), now=NOON)) == []
