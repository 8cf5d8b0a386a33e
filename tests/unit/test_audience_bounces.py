"""What returned mail says, in the dialects of many programs, and what nobody's mail may do to us."""

import base64
import datetime as dt
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnddigest.audience.bounces import mime
from cnddigest.audience.bounces.model import Bounce, Kind, Name, Verdict
from cnddigest.audience.bounces.reading import read
from cnddigest.audience.bounces.verdicts import HARD, verdict
from cnddigest.audience.tokens import Tokens

TOKENS = Tokens([b"new secret of 32 octets or more!", b"k" * 32])
OLD = Tokens([b"k" * 32])
VERP = OLD.make_verp(7, 42)  # signed by a secret that has since been replaced
LINK = TOKENS.make("unsubscribe", 42)
FOLDER = Path(__file__).parent.parent / "bounces"
DELIVERY = Name(issue=7, subscription=42)
SUBSCRIPTION = Name(subscription=42)

# File, and what it says: kind, code, whom it names.
DIALECTS = {
    "address-only": (Kind.HARD, "5.1.1", None),
    "alias-with-one-dead-leg": (Kind.IGNORED, "2.1.5", DELIVERY),
    "arf-abuse": (Kind.COMPLAINT, "", DELIVERY),
    "arf-not-spam": (Kind.IGNORED, "", DELIVERY),
    "arf-redacted": (Kind.COMPLAINT, "", SUBSCRIPTION),
    "arf-without-token": (Kind.COMPLAINT, "", None),
    "batv": (Kind.HARD, "5.1.1", DELIVERY),
    "broken-boundary": (Kind.HARD, "5.1.1", DELIVERY),
    "docomo-text-full": (Kind.SOFT, "5.2.2", DELIVERY),
    "exchange-ndr": (Kind.HARD, "5.1.10", DELIVERY),
    "exim-text-only": (Kind.HARD, "5.1.1", DELIVERY),
    "exim-warning": (Kind.IGNORED, "", DELIVERY),
    "ezweb-text-only": (Kind.HARD, "5.1.1", DELIVERY),
    "forwarded-as-attachment": (Kind.HARD, "5.1.1", DELIVERY),
    "forwarded-inline": (Kind.HARD, "5.1.1", DELIVERY),
    "forwarded-qmail-as-attachment": (Kind.HARD, "5.1.1", DELIVERY),
    "global-delivery-status": (Kind.HARD, "5.1.1", DELIVERY),
    "gmail-over-quota": (Kind.SOFT, "5.2.2", DELIVERY),
    "gmail-unknown-user": (Kind.HARD, "5.1.1", DELIVERY),
    "japanese-report": (Kind.HARD, "5.1.2", DELIVERY),
    "jmrp-old": (Kind.COMPLAINT, "", SUBSCRIPTION),
    "link-token-only": (Kind.HARD, "5.1.1", SUBSCRIPTION),
    "no-blank-line-between-blocks": (Kind.HARD, "5.1.1", DELIVERY),
    "outlook-blocked": (Kind.IGNORED, "5.7.1", DELIVERY),
    "person-attaches-our-message": (Kind.UNKNOWN, "", DELIVERY),
    "postfix-delayed": (Kind.IGNORED, "4.4.1", DELIVERY),
    "postfix-docomo-bare-550": (Kind.HARD, "5.1.1", DELIVERY),
    "postfix-expired": (Kind.SOFT, "4.4.1", DELIVERY),
    "postfix-success": (Kind.IGNORED, "2.0.0", DELIVERY),
    "postfix-unknown-user": (Kind.HARD, "5.1.1", DELIVERY),
    "qmail-full": (Kind.SOFT, "5.2.2", DELIVERY),
    "qmail-hard": (Kind.HARD, "5.1.1", DELIVERY),
    "qmail-remote-550": (Kind.SOFT, "550", DELIVERY),
    "read-receipt": (Kind.IGNORED, "", DELIVERY),
    "sendmail-blocklist-without-code": (Kind.IGNORED, "5.7.1", DELIVERY),
    "sendmail-full": (Kind.SOFT, "5.2.2", DELIVERY),
    "sendmail-maps-policy-to-unknown": (Kind.IGNORED, "5.7.1", DELIVERY),
    "ses-like": (Kind.HARD, "5.1.1", DELIVERY),
    "several-without-token": (Kind.HARD, "5.1.1", None),
    "srs": (Kind.HARD, "5.1.1", DELIVERY),
    "status-by-class-only": (Kind.HARD, "5.2.1", DELIVERY),
    "status-with-comment": (Kind.SOFT, "4.4.1", DELIVERY),
    "tampered-token": (Kind.HARD, "5.1.1", None),
    "truncated": (Kind.HARD, "5.1.1", DELIVERY),
    "upper-case-token": (Kind.HARD, "5.1.1", DELIVERY),
    "vacation-english": (Kind.IGNORED, "", DELIVERY),
    "vacation-japanese": (Kind.IGNORED, "", DELIVERY),
    "vacation-quotes-a-bounce": (Kind.IGNORED, "", DELIVERY),
    "vacation-subject-only": (Kind.IGNORED, "", DELIVERY),
    "yahoo-text-only": (Kind.HARD, "5.1.1", DELIVERY),
}


def the_mail(name: str) -> bytes:
    """Return a file with our tokens in the places it leaves for them."""
    tampered = VERP[:5] + ("a" if VERP[5] != "a" else "b") + VERP[6:]
    text = (FOLDER / f"{name}.eml").read_bytes()
    for slot, token in {"VERP": VERP, "VERP_UPPER": VERP.upper(), "LINK": LINK, "TAMPERED": tampered}.items():
        text = text.replace(f"{{{slot}}}".encode(), token.encode())
    return text


def the_bounce(name: str) -> Bounce:
    return read(the_mail(name), TOKENS)[0]


def test_every_dialect_here_is_tested():
    files = {path.stem for path in FOLDER.glob("*.eml")}

    assert files == set(DIALECTS)


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_is_understood(name):
    kind, code, whom = DIALECTS[name]

    bounce = the_bounce(name)

    assert (bounce.verdict.kind, bounce.verdict.code, bounce.name) == (kind, code, whom)


@pytest.mark.parametrize("name", DIALECTS)
def test_the_ends_of_lines_do_not_matter(name):
    lines = the_mail(name).replace(b"\r\n", b"\n")

    assert read(lines.replace(b"\n", b"\r\n"), TOKENS) == read(lines, TOKENS)


@pytest.mark.parametrize("name", DIALECTS)
def test_without_our_secret_nobody_is_named(name):
    bounces = read(the_mail(name), Tokens([b"somebody else's secret, 32 octets"]))

    assert {bounce.name for bounce in bounces} == {None}


@pytest.mark.parametrize("name", ["outlook-blocked", "sendmail-maps-policy-to-unknown"])
def test_a_refusal_of_ours_is_told_apart(name):
    bounce = the_bounce(name)

    assert bounce.verdict.ours
    assert bounce.verdict.came_back


def test_what_is_delayed_did_not_come_back():
    assert not the_bounce("postfix-delayed").verdict.came_back


def test_a_report_that_names_nobody_tells_of_each_recipient():
    bounces = read(the_mail("several-without-token"), TOKENS)

    assert [(bounce.recipient, bounce.verdict.code) for bounce in bounces] == [
        ("taro@example.net", "5.1.1"),
        ("hanako@example.net", "5.2.2"),
    ]
    assert len({bounce.digest for bounce in bounces}) == 2


def test_a_report_about_one_person_is_one_fact_however_many_recipients_it_has():
    bounces = read(the_mail("no-blank-line-between-blocks"), TOKENS)

    assert [bounce.recipient for bounce in bounces] == ["taro@old.example.net"]


def test_the_far_sides_words_are_kept_on_one_line():
    bounce = the_bounce("postfix-unknown-user")

    assert bounce.diagnostic == (
        "550 5.1.1 <taro@example.net>: Recipient address rejected: User unknown in virtual mailbox table"
    )


def test_words_for_people_are_kept_from_the_address_on():
    bounce = the_bounce("ezweb-text-only")

    assert bounce.diagnostic == "理由: 宛先のメールアドレスが見つかりません。"
    assert bounce.recipient == "hanako-z@ezweb.example.jp"


def test_the_returned_messages_id_is_kept_and_not_the_reports_own():
    mail = b"Message-ID: <the-report@mx.example.net>\n" + the_mail("postfix-unknown-user")

    assert read(mail, TOKENS)[0].message_id == "<0123456789abcdef0123456789abcdef@digest.example.jp>"


def test_the_date_is_an_instant_in_utc():
    assert the_bounce("postfix-unknown-user").returned_at == dt.datetime(2026, 11, 24, 23, 0, 7, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Wed, 99999999999 Nov 99999 99:99:99 +9999", "Fri, 31 Dec 9999 23:59:59 -2359"]
)
def test_a_senseless_date_is_none_or_an_instant(date):
    found = read(f"Date: {date}\nFrom: a@example.net\n\ntext".encode(), TOKENS)[0].returned_at

    assert found is None or found.tzinfo == dt.UTC


def test_reading_a_message_twice_gives_one_digest():
    assert the_bounce("qmail-hard").digest == the_bounce("qmail-hard").digest
    assert the_bounce("qmail-hard").digest != the_bounce("qmail-full").digest


def test_an_mbox_line_before_the_first_field_is_passed_over():
    mail = b"From MAILER-DAEMON Wed Nov 25 08:00:07 2026\n" + the_mail("postfix-unknown-user")

    assert read(mail, TOKENS)[0].returned_at == the_bounce("postfix-unknown-user").returned_at


def test_our_own_message_from_a_postmaster_is_no_bounce():
    mail = (
        b"From: postmaster@digest.example.jp\nTo: taro@example.net\nList-Unsubscribe: <https://digest.example.jp/>\n\n"
        b"The talk on delivery failed to say why 550 5.1.1 was returned.\n"
    )

    assert read(mail, TOKENS)[0].verdict.kind is Kind.UNKNOWN


def test_text_in_what_was_returned_is_not_the_reason():
    assert the_bounce("qmail-hard").verdict.code == "5.1.1"  # its copy of our text speaks of full mailboxes


@pytest.mark.parametrize(
    ("status", "words", "said"),
    [
        ("5.0.0", "550 mailbox not found", Verdict(kind=Kind.HARD, code="5.1.1")),
        ("5.0.0", "550 4.2.2 over quota, given up", Verdict(kind=Kind.SOFT, code="4.2.2")),
        ("5.0.0", "550 rejected", Verdict(kind=Kind.SOFT, code="550")),
        ("5.0.0", "", Verdict(kind=Kind.SOFT, code="5.0.0")),
        ("4.0.0", "450 user unknown", Verdict(kind=Kind.SOFT, code="4.0.0")),
        ("4.4.7", "550 5.1.1 user unknown", Verdict(kind=Kind.SOFT, code="4.4.7")),
        ("5.1.1", "connect to 10.5.1.1.2: refused", Verdict(kind=Kind.HARD, code="5.1.1")),
        ("5.0.0", "connect to 10.5.1.1: refused", Verdict(kind=Kind.SOFT, code="5.0.0")),
        ("5.2.2", "", Verdict(kind=Kind.SOFT, code="5.2.2")),
        ("5.3.0", "", Verdict(kind=Kind.SOFT, code="5.3.0")),
        ("5.5.0", "550 mailbox unavailable", Verdict(kind=Kind.IGNORED, code="5.5.0", ours=True)),
        ("5.6.1", "", Verdict(kind=Kind.IGNORED, code="5.6.1", ours=True)),
        ("5.1.8", "bad sender", Verdict(kind=Kind.IGNORED, code="5.1.8", ours=True)),
        ("2.0.0", "", Verdict(kind=Kind.IGNORED, code="2.0.0")),
        ("", "５５０ 宛先不明", Verdict(kind=Kind.HARD, code="5.1.1")),
    ],
)
def test_codes_decide_and_words_only_without_them(status, words, said):
    assert verdict("failed", status, words) == said


@pytest.mark.parametrize("status", sorted(HARD))
def test_what_is_no_failure_is_never_hard(status):
    kinds = {verdict(action, status, "").kind for action in ("delayed", "delivered", "relayed", "expanded", "")}

    assert kinds == {Kind.IGNORED}


def test_of_messages_in_messages_the_innermost_is_the_returned_one():
    mail = the_mail("forwarded-as-attachment").replace(b"Return-Path: <>", b"Message-ID: <report@mx.example.net>", 1)

    assert read(mail, TOKENS)[0].message_id == "<0123456789abcdef0123456789abcdef@digest.example.jp>"


def test_a_mailbox_without_its_host_names_as_well():
    mail = f"Delivered-To: bounces+{VERP}\nFrom: a@example.net\n\ntext".encode()

    assert read(mail, TOKENS)[0].name == DELIVERY


def test_japanese_without_a_declared_charset_is_read():
    text = "宛先のメールアドレスが見つかりません。".encode("iso-2022-jp")

    bounce = read(b"From: MAILER-DAEMON@x.example\n\n" + text, TOKENS)[0]

    assert bounce.verdict == Verdict(kind=Kind.HARD, code="5.1.1")


@pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "utf-7", "zlib", "hex", "cp99999", "x"])
def test_an_odd_charset_is_read_as_utf_8(charset):
    mail = f"From: MAILER-DAEMON@x.example\nContent-Type: text/plain; charset={charset}\n\n宛先不明です。".encode()

    assert read(mail, TOKENS)[0].verdict.kind is Kind.HARD


def test_a_program_that_goes_on_trying_says_nothing_against_anybody():
    mail = "From: MAILER-DAEMON@x.example\n\nメールの配信に失敗しました。配送が遅延しています。再送を続けます。\n"

    assert read(mail.encode(), TOKENS)[0].verdict.kind is Kind.IGNORED


def test_the_far_sides_words_can_be_shown_anywhere():
    mail = REPORT + "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; a\x1b[2J\u202eb\x00c\n".encode()

    assert read(mail, TOKENS)[0].diagnostic == "a [2J b c"


def test_what_follows_the_last_boundary_is_nobodys():
    mail = (
        DAEMON
        + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext\n--b--\nFinal-Recipient: x;a\nAction: failed"
    )

    assert read(mail, TOKENS)[0].verdict.kind is Kind.UNKNOWN


# What nobody's mail may do

DAEMON = f"Return-Path: <>\nFrom: MAILER-DAEMON@x.example\nTo: bounces+{VERP}@digest.example.jp\n".encode()
REPORT = DAEMON + b"Content-Type: message/delivery-status\n\n"
MEGABYTE = 1 << 20
BOMBS = {
    "50 MB in a line": lambda: b"x" * 50 * MEGABYTE,
    "50 MB of empty lines": lambda: DAEMON + b"\r\n" * 25 * MEGABYTE,
    "10,000 nested parts": lambda: b"".join(
        b"Content-Type: multipart/a; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000)
    ),
    "40,000 nested messages": lambda: b"Content-Type: message/rfc822\n\n" * 40_000,
    "boundaries only": lambda: DAEMON + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 250_000,
    "100,000 fields": lambda: b"".join(b"X-%d: y\n" % n for n in range(100_000)),
    "a field of encoded words": lambda: b"Subject: " + b"=?utf-8?q?a?= " * 80_000,
    "a field folded 300,000 times": lambda: b"Subject: a\n" + b" b\n" * 300_000,
    "semicolons": lambda: b"Content-Type: multipart/mixed" + b";" * MEGABYTE,
    "open tags": lambda: DAEMON + b"Content-Type: text/html\n\n" + b"<a" * (MEGABYTE // 2),
    "one long word": lambda: DAEMON + b"\nHi. This is the\nYour message to:\n\n" + b"a" * MEGABYTE,
    "half addresses": lambda: DAEMON + b"\nHi. This is the\nYour message to:\n\n" + b"a@" * MEGABYTE,
    "half words": lambda: DAEMON + b"\n" + b"user " * 200_000,
    "tokens that are not ours": lambda: b"To: " + (b"bounces+" + b"a" * 32 + b"@x, ") * 20_000,
    "links that are not ours": lambda: DAEMON + b"\n" + (b"/unsubscribe/" + b"a" * 32 + b" ") * 20_000,
    "20,000 recipients": lambda: REPORT + b"Final-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n\n" * 20_000,
    "a folded diagnostic": lambda: REPORT + b"Action: failed\nStatus: 5.0.0\nDiagnostic-Code: a\n" + b" b\n" * 300_000,
    "base64 of nothing": lambda: DAEMON + b"Content-Transfer-Encoding: base64\n\n" + b"=A" * MEGABYTE,
    "a costly charset": lambda: DAEMON + b"Content-Type: text/plain; charset=punycode\n\n" + b"a-" * MEGABYTE,
    "NUL": lambda: b"\0" * MEGABYTE,
    "escape sequences": lambda: DAEMON + b"\n" + b"\x1b$B" * 300_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_message_takes_long(bomb):
    mail = BOMBS[bomb]()
    before = time.process_time()

    found = read(mail, TOKENS)

    assert time.process_time() - before < 5
    assert 1 <= len(found) <= 100


def test_only_so_many_octets_are_read():
    late = b"From: a@example.net\n\n" + b"x\n" * mime.LONGEST + the_mail("postfix-unknown-user")

    assert read(late, TOKENS)[0].verdict.kind is Kind.UNKNOWN


def test_a_report_has_only_so_many_recipients():
    block = b"Final-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n\n"

    assert len(read(b"Content-Type: message/delivery-status\n\n" + block * 1000, TOKENS)) == 100


def test_a_message_has_only_so_many_pieces_and_fields():
    many = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 1000

    found = mime.pieces(b"X: y\n" * 1000 + many)

    assert len(mime.pieces(many)) == mime.MOST_PIECES
    assert len(found[0].fields) == mime.MOST_FIELDS


PIECES = [
    *(
        b"\n",
        b"\n\n",
        b"\r\n",
        b"\r",
        b"--b",
        b"--b--",
        b"--",
        b" ",
        b"\t",
        b"\0",
        b"\xff",
        b"\x1b$B",
        b"\x1b(B",
        b"=",
        b";",
    ),
    *(b"Content-Type: multipart/report; boundary=b", b'Content-Type: multipart/mixed; boundary="', b"From ", b"> "),
    *(b"Content-Type: message/rfc822", b"Content-Type: message/delivery-status", b"Content-Type: text/rfc822-headers"),
    *(b"Content-Type: text/plain; charset=iso-2022-jp", b"Content-Type: text/html; charset=x", b"Status: 5.1.1"),
    *(b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Action: failed"),
    *(b"Final-Recipient: rfc822; a@b.example", b"Diagnostic-Code: smtp; 550", b"Feedback-Type: abuse", b"Status: 5"),
    *(b"From: MAILER-DAEMON@x", b"Return-Path: <>", b"X-Failed-Recipients: \xc3\xa9@x", b"Subject: =?utf-8?b?=?="),
    *(b"Date: Wed, 1 Jan", b"Subject: =?x?q?a?=", f"To: bounces+{VERP}@x".encode(), f"/unsubscribe/{LINK}".encode()),
    *(b"Hi. This is the", b"<a@b>:", b"Your message to:", b"Content-Type: message/feedback-report", b"550 5.1.1"),
]
garbage = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=12)), max_size=40).map(b"".join)


@given(garbage)
@example(b"")
@example(b"From ")
def test_any_octets_give_facts_that_can_be_shown(data):
    bounces = read(data, TOKENS)

    assert bounces
    assert all(bounce.diagnostic.isprintable() and bounce.recipient.isprintable() for bounce in bounces)


@given(garbage)
def test_nobody_is_named_without_a_token(data):
    stripped = data.replace(VERP.encode(), b"").replace(LINK.encode(), b"")

    assert {bounce.name for bounce in read(stripped, TOKENS)} == {None}


@given(st.sampled_from(sorted(DIALECTS)), st.data())
def test_a_message_cut_anywhere_names_the_same_person_or_nobody(name, data):
    mail = the_mail(name)
    cut = data.draw(st.integers(0, len(mail)))

    bounces = read(mail[:cut], TOKENS)

    assert {bounce.name for bounce in bounces} <= {None, DELIVERY, SUBSCRIPTION}


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**40 - 1))
def test_whoever_was_mailed_is_named(issue, subscription):
    mail = the_mail("postfix-unknown-user").replace(VERP.encode(), TOKENS.make_verp(issue, subscription).encode())

    assert read(mail, TOKENS)[0].name == Name(issue=issue, subscription=subscription)


def test_a_report_in_base64_is_read():
    status = base64.encodebytes(b"Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n")
    mail = REPORT.replace(b"\n\n", b"\nContent-Transfer-Encoding: base64\n\n") + status

    assert read(mail, TOKENS)[0].verdict == Verdict(kind=Kind.HARD, code="5.1.1")
