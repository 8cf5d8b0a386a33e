"""Files of Subscribers: whatever program wrote them, nobody is lost and nobody who left is mailed."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builders import NOON
from cnddigest.audience.address import parse
from cnddigest.audience.consent import Consent
from cnddigest.audience.model import Ended, SubscriptionStatus
from cnddigest.audience.reading import read
from cnddigest.audience.records import LONGEST_LINE, lines
from cnddigest.audience.replay import Replay
from cnddigest.audience.rows import Rejected, Row
from cnddigest.errors import WrongUse
from hostile import hostile

PENDING, ACTIVE, ENDED = SubscriptionStatus
TARO, HANAKO = parse("taro@example.org"), parse("hanako@example.org")
FEBRUARY = dt.datetime(2026, 2, 3, 4, 5, 6, tzinfo=dt.UTC)


def reading(text, encoding="utf-8", *, size=65536):
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return list(read((data[at : at + size] for at in range(0, len(data), size)), now=NOON))


def only(text, encoding="utf-8"):
    (row,) = reading(text, encoding)
    return row


def test_a_table_of_our_own_says_everything():
    row = only(
        "address,name,serial,language,consent_at,consent_source,position,start,every,at,per,timezone\n"
        "taro@example.org,佐藤 太郎,harbour,ja,2026-02-03T13:05:06+09:00,a form,2,"
        '2026-12-01,"mon,thu",8:00,2,Asia/Tokyo\n'
    )

    assert row == Row(
        address=TARO,
        name="佐藤 太郎",
        serial="harbour",
        language="ja",
        status=ACTIVE,
        consent=Consent(at=FEBRUARY, source="a form"),
        position=2,
        replay=Replay(start="2026-12-01", every="mon,thu", at="08:00", per=2, timezone="Asia/Tokyo"),
    )


def test_a_row_without_consent_is_pending():
    assert only("address\ntaro@example.org\n") == Row(address=TARO)


def test_an_export_of_mailchimp_brings_names_and_consent():
    row = only(
        '"Email Address","First Name","Last Name",Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,TIMEZONE,TAGS\n'
        'taro@example.org,Taro,Sato,"1 Harbour Rd\nYokohama",2,"2026-01-01 00:00:00",'
        '"2026-02-03 04:05:06",Asia/Tokyo,\n'
    )

    assert row == Row(
        address=TARO,
        name="Taro Sato",
        status=ACTIVE,
        consent=Consent(at=FEBRUARY, source="imported: CONFIRM_TIME"),
    )


@pytest.mark.parametrize(
    ("column", "reason", "suppressed"),
    [("UNSUB_TIME", Ended.UNSUBSCRIBED, ""), ("CLEAN_TIME", Ended.BOUNCED, "hard_bounce")],
)
def test_who_left_or_was_cleaned_in_mailchimp_is_not_mailed(column, reason, suppressed):
    row = only(f"Email Address,OPTIN_TIME,{column}\ntaro@example.org,2026-01-01 00:00:00,2026-03-01 00:00:00\n")

    assert (row.status, row.reason, row.suppressed) == (ENDED, reason, suppressed)


def test_an_export_of_listmonk_keeps_who_is_blocked_out():
    rows = reading(
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        '1,taro@example.org,Taro,"{""city"": ""Kobe, JP""}",enabled,2026-01-01,2026-01-01\n'
        "2,hanako@example.org,Hanako,{},blocklisted,2026-01-01,2026-01-01\n"
    )

    assert rows == [
        Row(address=TARO, name="Taro"),
        Row(address=HANAKO, name="Hanako", status=ENDED, reason=Ended.REMOVED, suppressed="manual"),
    ]


def test_a_list_of_mailman_has_an_address_or_name_and_address_on_each_line():
    rows = reading('# members\ntaro@example.org\n"Sato, Hanako" <hanako@example.org>\n\njiro@example.org,Jiro\n')

    assert rows == [
        Row(address=TARO),
        Row(address=HANAKO, name="Sato, Hanako"),
        Row(address=parse("jiro@example.org"), name="Jiro"),
    ]
    assert [row.line for row in rows] == [2, 3, 5]


@pytest.mark.parametrize(
    "word",
    ["unsubscribed", "Opted-out", "bounced", "Cleaned", "blocklisted", "complained", "disabled", "配信停止", "ended"],
)
def test_a_status_that_forbids_mailing_never_becomes_active(word):
    row = only(f"email,status,consent_at\ntaro@example.org,{word},2026-01-01\n")

    assert row.status is ENDED
    assert row.reason


def test_an_unknown_status_is_told_rather_than_guessed():
    assert only("email,status,consent_at\ntaro@example.org,zombie,2026-01-01\n") == Rejected(
        line=2, address="taro@example.org", reason="unknown status: zombie"
    )


def test_a_pending_row_stays_pending_whatever_consent_it_brings():
    assert only("email,status,optin_time\ntaro@example.org,unconfirmed,2026-01-01\n").status is PENDING


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_encoding_delimiter_and_line_ends_are_found(delimiter, ends, encoding):
    text = ends.join(["名前;メールアドレス", "佐藤 太郎;taro@example.org", "山田　花子;hanako@example.org"])

    rows = reading(text.replace(";", delimiter), encoding)

    assert rows == [Row(address=TARO, name="佐藤 太郎"), Row(address=HANAKO, name="山田 花子")]


@given(st.integers(1, 7), st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16"]))
def test_it_does_not_matter_where_the_octets_are_cut(size, encoding):
    text = 'name,email\r\n"佐藤\r\n太郎",taro@example.org\r\n花子,hanako@example.org\r\n'

    rows = reading(text.encode(encoding), size=size)

    assert rows == [Row(address=TARO, name="佐藤 太郎"), Row(address=HANAKO, name="花子")]


def test_headings_are_found_in_any_order_case_and_spelling_among_a_hundred():
    headings = [f"Column {number}" for number in range(98)]
    headings[40:40], headings[80:80] = ["E-MAIL"], ["Consent At"]
    cells = ["x"] * 100
    cells[40], cells[80] = "taro@example.org", "2026/2/3"

    row = only(",".join(headings) + "\n" + ",".join(cells) + "\n")

    assert row.address == TARO
    assert row.consent == Consent(at=FEBRUARY.replace(hour=0, minute=0, second=0), source="imported: Consent At")


def test_excels_first_line_names_the_delimiter():
    assert only("sep=|\nname|email\nTaro|taro@example.org\n") == Row(address=TARO, name="Taro")


def test_names_of_east_asia_begin_with_the_familys():
    assert only("email,名,姓\ntaro@example.org,太郎,佐藤\n").name == "佐藤 太郎"
    assert only("email,First Name,Last Name\ntaro@example.org,Åke,Öst\n").name == "Åke Öst"


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("taro@@example.org,,,", "mail address needs one @"),
        (",Taro,,", "mail address is empty"),
        ("taro@example.org,Taro,x,y,z", "more cells than columns"),
        ("taro@example.org,Taro", "fewer cells than columns"),
        ("taro@example.org,Taro,31.12.2025,", "not a date of consent: 31.12.2025"),
        ("taro@example.org,Taro,2036-01-01,", "consent lies in the future or before 1990: 2036-01-01"),
        ("taro@example.org,Taro,0001-01-01T00:00:00+14:00,", "not a date of consent: 0001-01-01T00:00:00+14:00"),
        ('taro@example.org,"Taro,,', "quote is not closed"),
    ],
)
def test_a_row_that_can_not_be_taken_is_told_and_the_rest_is_taken(cells, reason):
    rows = reading(f"address,name,consent_at,status\n{cells}\nhanako@example.org,,,\n")

    assert rows[0] == Rejected(line=2, address=rows[0].address, reason=reason)
    assert rows[1:] == [Row(address=HANAKO)]


def test_a_moment_without_a_zone_is_never_in_the_future():
    row = only("address,consent_at\ntaro@example.org,2026-11-25 12:00\n")

    assert row.consent.at == NOON


def test_consent_needs_its_date():
    row = only("address,consent_at,consent_source\ntaro@example.org,,a form\n")

    assert row.reason == "consent without its date"


def test_an_open_quote_costs_its_own_line_only():
    rows = reading("address,name\n" + 'taro@example.org,"Taro\n' + "hanako@example.org,\n" * 500)

    assert rows[0].reason == "quote is not closed"
    assert rows[1:] == [Row(address=HANAKO)] * 500


def test_a_name_in_another_encoding_is_told():
    rows = reading("email,name\nhanako@example.org,花子\n".encode() + "taro@example.org,佐藤\n".encode("cp932"))

    assert rows[0] == Row(address=HANAKO, name="花子")
    assert rows[1] == Rejected(line=3, address="taro@example.org", reason="name is in another encoding than the file")


def test_json_is_read_as_a_list_a_document_or_line_by_line():
    one = '{"email": "taro@example.org", "name": "太郎", "consent": {"at": "2026-02-03T04:05:06Z", "source": "a form"}}'
    wanted = Row(address=TARO, name="太郎", status=ACTIVE, consent=Consent(at=FEBRUARY, source="a form"))

    for text in (f"[{one}]", f'{{"schema": "x", "subscribers": [\n{one},\n{one}\n]}}', f"{one}\n{one}\n"):
        assert set(map(str, reading(text, size=7))) == {str(row) for row in reading(text)}
        assert reading(text)[-1] == wanted


def test_json_that_breaks_off_is_told_after_what_was_whole():
    rows = reading('[{"address": "taro@example.org"}, 7, {"address": "han')

    assert rows == [
        Row(address=TARO),
        Rejected(line=2, address="", reason="not an object"),
        Rejected(line=3, address="", reason="not JSON from here on"),
    ]


def test_a_file_without_addresses_is_refused():
    with pytest.raises(WrongUse, match="no column has mail addresses"):
        reading("name,city\nTaro,Kobe\n")


@pytest.mark.parametrize(
    "data", [b"email\ntaro@example.org\n", b"taro@example.org\n", b'[{"email": "taro@example.org"}]']
)
def test_rows_that_must_name_a_serial_and_can_not_are_refused_at_once(data):
    with pytest.raises(WrongUse, match="no serial is named"):
        list(read([data], now=NOON, serial_needed=True))


def test_an_empty_cell_costs_its_own_row_only():
    rows = list(read([b"email,serial\ntaro@example.org,\n"], now=NOON, serial_needed=True))

    assert rows == [Row(address=TARO)]


@pytest.mark.parametrize("data", [b"", b"\n\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(data):
    with pytest.raises(WrongUse, match="list is empty"):
        reading(data)


@pytest.mark.parametrize("data", [b"address,name\n", b"[]", b"sep=;\n"])
def test_a_file_with_nobody_in_it_has_no_rows(data):
    assert reading(data) == []


@pytest.mark.parametrize(
    "data",
    [
        b"address,name\n" + b"x" * 3_000_000,
        b"address,name\n" + b'a","\n' * 20_000,
        b"address,name\n" + b'"' + b'""\n' * 200_000,
        b"address,name\n" + b"," * 1_000_000,
        b"address\n" + b"\n" * 300_000,
        b"[" * 1_000_000,
        b'{"subscribers": [' + b'{"consent":' * 100_000,
        b'[{"email": "' + b"x" * 2_000_000,
        b"[" + b"9" * 1_000_000,
        b"{" + b'"subscribers"' * 100_000,
        b"[" + b" " * 3_000_000,
        (b"<" * 900 + b"@\n") * 1000,
        bytes(range(256)) * 4000 + b"@",
        b"\x00" * 1_000_000 + b"@",
    ],
    ids=[
        "line",
        "quotes",
        "quote",
        "cells",
        "lines",
        "lists",
        "objects",
        "text",
        "number",
        "words",
        "blanks",
        "brackets",
        "octets",
        "nulls",
    ],
)
@pytest.mark.timeout(20)
def test_no_file_takes_more_than_its_length(data):
    try:
        rows = reading(data)
    except WrongUse:
        rows = []

    assert not [row for row in rows if isinstance(row, Row)]


def test_a_line_without_an_end_takes_no_more_memory_than_a_long_one():
    found = list(lines("x" * 60_000 for _ in range(50)))

    assert [line.is_cut for line in found] == [True]
    assert len(found[0].text) <= LONGEST_LINE + 60_000


@given(st.one_of(hostile, st.text()), st.sampled_from(["", "address,name,status\n", "[", '{"address": "']))
@example('a@b.cc,"', "address,name,status\n")
def test_no_text_breaks_the_reading(text, before):
    data = (before + text).encode("utf-8", "replace")

    try:
        rows = reading(data, size=5)
    except WrongUse:
        return

    for row in rows:
        assert isinstance(row, Row) or len(row.reason.splitlines()) == 1
