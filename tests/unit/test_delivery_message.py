"""Every line of a good message's checklist, on the bytes that leave."""

import base64
import dataclasses
import datetime as dt
import email
import email.policy
import functools
import re
from email.header import decode_header, make_header
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser

from builders import NOON, a_masthead, a_part, a_publication, a_release, a_session, some_prose, some_templates
from cnddigest.delivery.letter import LARGEST, prepare
from cnddigest.delivery.message import Person, message, message_id, return_path
from cnddigest.delivery.splicing import cut_html, cut_text
from cnddigest.errors import BadTemplate
from cnddigest.rendering.confirmation import confirmation
from cnddigest.rendering.fitting import CLIPPED
from cnddigest.rendering.issue import Issue, mailed
from cnddigest.rendering.slots import SLOT, slot
from cnddigest.serial.model import Chapter
from hostile import hostile

BASE = "https://recaps.example.org"
SENDER = "港の会議 <recaps@example.org>"
ONCE = ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type")
LISTED = ("List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive", "List-Help", "List-Owner")


@functools.cache
def an_issue(sessions=3, title="1日目 – 港の会議 2026 まとめ"):
    return mailed(some_templates(), a_masthead(), a_release(part=a_part(sessions=sessions, title=title)))


def a_letter(issue=None, *, masthead=None, sender=SENDER, part=1, **fields):
    return prepare(issue or an_issue(), masthead or a_masthead(), sender=sender, part=part, **fields)


def a_person(number=1, **fields):
    known: dict[str, object] = {
        "address": f"reader{number}@example.net",
        "message_id": message_id("tag:recaps.example.org,2026:minato", "main", 1, number, "recaps.example.org"),
        "sent_at": NOON,
        "unsubscribe_url": f"{BASE}/unsubscribe/{number:032}",
        "preferences_url": f"{BASE}/preferences/{number:032}",
        "unsubscribe_address": f"unsub+{number:032}@example.org",
    }
    return Person(**known | fields)  # type: ignore[arg-type]  # a builder has a keyword per fact


def raw(letter=None, person=None):
    return b"".join(message(letter or a_letter(), person or a_person()).segments())


def a_confirmation():
    return prepare(confirmation(some_templates(), a_masthead(), days=30), a_masthead(), sender=SENDER, part=None)


def parsed(octets=None):
    made = email.message_from_bytes(octets or raw(), policy=email.policy.default)
    assert not [part.defects for part in made.walk() if part.defects]
    return made


def body(made, kind):
    return made.get_body((kind,)).get_content()


def hrefs(page):
    return [str(element.get("href")) for element in page.iter("a")]


def decoded(made, name):
    return str(make_header(decode_header(email.message_from_bytes(made)[name])))


# The head


@pytest.mark.parametrize("octets", [raw(), raw(a_confirmation(), a_person(confirm_url=f"{BASE}/confirm/x"))])
def test_every_field_stands_once_and_none_is_empty(octets):
    made = email.message_from_bytes(octets)

    assert len(made.keys()) == len({name.lower() for name in made})
    assert set(ONCE) <= set(made.keys())
    assert "Bcc" not in made
    assert all(value.strip() for value in made.values())


@pytest.mark.parametrize("title", ["1日目 – 港の会議 2026 まとめ" * 9, "x" * 300, "短い", "👩‍💻 " * 50])
def test_no_line_is_longer_than_parsers_bear_and_no_octet_has_eight_bits(title):
    octets = raw(a_letter(an_issue(1, title)))
    lines = octets.split(b"\r\n")

    assert octets.isascii()
    assert b"\n" not in octets.replace(b"\r\n", b"")
    assert b"\r" not in octets.replace(b"\r\n", b"")
    assert octets.endswith(b"\r\n")
    assert all(len(line) <= 76 or re.search(b"<(https://|mailto:)", line) for line in lines)
    assert max(map(len, lines)) <= 998
    assert not any(line.startswith(b".") for line in lines)


def test_no_field_begins_with_an_empty_line():
    head = raw().partition(b"\r\n\r\n")[0]

    assert not re.search(rb"^[\w-]+:[ \t]*\r\n", head, re.MULTILINE)


def test_the_subject_is_the_issues():
    assert decoded(raw(), "Subject") == "1日目 – 港の会議 2026 まとめ"


def test_the_sender_has_a_name():
    assert decoded(raw(), "From") == SENDER


def test_answers_go_where_the_publisher_wants_them():
    assert parsed(raw(a_letter(reply_to="Desk <desk@example.org>")))["Reply-To"] == "Desk <desk@example.org>"
    assert "Reply-To" not in parsed()


@pytest.mark.parametrize(
    ("name", "address", "written"),
    [
        ("", "taro@example.net", "taro@example.net"),
        ("Taro", "taro@example.net", "Taro <taro@example.net>"),
        ("", "a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("", "a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'),
        ("山田", "taro@example.net", "=?utf-8?b?5bGx55Sw?= <taro@example.net>"),
    ],
)
def test_it_is_addressed_to_one_person(name, address, written):
    octets = raw(person=a_person(name=name, address=address))

    assert f"To: {written}\r\n".encode() in octets


def test_the_date_is_that_of_sending_with_its_zone():
    assert b"\r\nDate: Wed, 25 Nov 2026 12:00:00 +0900\r\n" in raw()


def test_the_date_knows_summer_time():
    berlin = a_masthead(publication=a_publication(timezone=ZoneInfo("Europe/Berlin")))
    at = dt.datetime(2026, 7, 1, 6, 0, 0, 123456, tzinfo=dt.UTC)

    assert b"\r\nDate: Wed, 01 Jul 2026 08:00:00 +0200\r\n" in raw(a_letter(masthead=berlin), a_person(sent_at=at))


def test_one_click_unsubscribes():
    made = parsed()

    assert made["List-Unsubscribe"] == (
        f"<{BASE}/unsubscribe/{1:032}>, <mailto:unsub+{1:032}@example.org?subject=unsubscribe>"
    )
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_is_not_promised_without_https():
    made = parsed(raw(person=a_person(unsubscribe_url="http://localhost/unsubscribe/x", unsubscribe_address="")))

    assert made["List-Unsubscribe"] == "<http://localhost/unsubscribe/x>"
    assert "List-Unsubscribe-Post" not in made


def test_the_list_has_a_name_and_an_address_book():
    made = parsed()

    assert decoded(raw(), "List-Id") == "港の会議 2026 まとめ <minato.recaps.example.org>"
    assert made["List-Archive"] == made["List-Help"] == f"<{BASE}/minato/>"
    assert made["List-Owner"] == "<mailto:desk@example.org>"


def test_the_lists_name_is_the_same_for_every_part():
    first, second = (raw(a_letter(part=part)) for part in (1, 2))

    assert decoded(first, "List-Id") == decoded(second, "List-Id")


def test_complaints_can_be_counted_by_issue_without_naming_anybody():
    found = parsed()["Feedback-ID"].split(":")

    assert found[:3] == ["part-1", "minato", "issue"]
    assert 5 <= len(found[3]) <= 15
    assert raw(person=a_person(2)).count(found[3].encode()) == 1


def test_no_identifier_stands_twice_in_a_feedback_id():
    for octets in (raw(), raw(a_confirmation(), a_person(confirm_url=f"{BASE}/confirm/x"))):
        named = str(parsed(octets)["Feedback-ID"]).split(":")

        assert len(set(named)) == len(named) == 4


def test_vacation_replies_are_kept_away():
    made = parsed()

    assert made["Auto-Submitted"] == "auto-generated"
    assert made["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert made["Precedence"] == "bulk"


def test_a_confirmation_has_no_list_to_leave():
    made = parsed(raw(a_confirmation(), a_person(confirm_url=f"{BASE}/confirm/{'c' * 70}")))

    assert not [name for name in made if name.lower().startswith("list-")]
    assert "Precedence" not in made
    assert made["Feedback-ID"].split(":")[2] == "confirm"
    for kind in ("plain", "html"):
        assert f"{BASE}/confirm/{'c' * 70}" in body(made, kind)


# The body


def test_text_comes_first_and_nothing_is_attached():
    made = parsed()

    assert [part.get_content_type() for part in made.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    for part in made.iter_parts():
        assert part.get_content_charset() == "utf-8"
        assert part["Content-Transfer-Encoding"] == "base64"
        assert part["Content-Language"] == "ja"
        assert "Content-Disposition" not in part
        assert "format" not in part["Content-Type"].params


@pytest.mark.parametrize(
    ("issue", "frame", "said"), [(True, "en", "ja, en"), (True, "ja", "ja"), (False, "en", "en"), (False, "ja", "ja")]
)
def test_content_language_names_whom_recap_and_frame_are_for(issue, frame, said):
    if issue:
        made = prepare(an_issue(), a_masthead(), sender=SENDER, part=1, frame=frame)
    else:
        asked = confirmation(some_templates(), a_masthead(), days=30)
        made = prepare(asked, a_masthead(), sender=SENDER, part=None, frame=frame)

    assert f"Content-Language: {said}\r\n".encode() in made.fields


def test_the_boundary_is_a_function_of_the_content():
    one, same, other = (parsed(raw(a_letter(an_issue(n)), a_person(n))).get_boundary() for n in (1, 1, 2))

    assert one == same != other
    assert one.startswith("=_")


def test_both_parts_are_the_issues_and_differ_by_nothing_but_blanks():
    made, issue = parsed(), an_issue()
    links = {"unsubscribe": f"{BASE}/unsubscribe/{1:032}", "preferences": f"{BASE}/preferences/{1:032}"}

    def shown(text):
        return [line.rstrip(" ") for line in re.sub(" +", " ", text).splitlines()]

    for kind, text in (("plain", issue.text), ("html", issue.html)):
        whole = SLOT.sub(lambda found: links[found[1]], text)
        assert shown(body(made, kind)) == shown(whole)


def test_no_line_of_the_text_ends_in_blanks():
    question = raw(a_confirmation(), a_person(confirm_url=f"{BASE}/confirm/x"))

    for octets in (raw(), question):
        text = body(parsed(octets), "plain")
        assert [line for line in text.splitlines() if line.endswith(" ")] == []


def test_personal_links_are_the_same_in_both_parts_and_work_as_they_are():
    made = parsed()
    links = [f"{BASE}/unsubscribe/{1:032}", f"{BASE}/preferences/{1:032}"]

    assert [line.rstrip() for line in body(made, "plain").splitlines() if f"{1:032}" in line] == links
    assert [url for url in hrefs(parser.document_fromstring(body(made, "html"))) if f"{1:032}" in url] == links


def test_postal_address_and_the_way_to_the_web_stand_in_both_parts():
    for kind in ("plain", "html"):
        text = body(parsed(), kind)
        assert "東京都港区1-1" in text
        assert f"{BASE}/minato/parts/1.html" in text


def test_nothing_is_left_over():
    for kind in ("plain", "html"):
        text = body(parsed(), kind)
        assert not SLOT.search(text)
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\U0001fffe\U0001ffff\u202a-\u202e]", text)


def test_nothing_is_tracked():
    page = parser.document_fromstring(body(parsed(), "html"))

    assert not page.xpath("//img|//script|//form")
    assert all(str(url).startswith((BASE, "https://example.org/")) for url in hrefs(page))


def test_lines_of_base64_are_whole_so_that_pieces_join():
    for encoded in re.findall(rb"base64\r\n\r\n(.*?\r\n)--=_", raw(), re.DOTALL):
        *whole, last = encoded.removesuffix(b"\r\n").split(b"\r\n")
        assert {len(line) for line in whole} == {76}
        assert len(last) <= 76
        assert base64.b64decode(encoded, validate=False)


@pytest.mark.parametrize("paragraph", ["長い話。" * 100, "a<&>\n" * 100])
def test_gmail_hides_nothing_of_a_full_issue_whatever_it_counts(paragraph):
    part = a_part(chapters=(Chapter(label="", sessions=(a_session(1, prose=some_prose(*[paragraph] * 200)),)),))
    octets = raw(a_letter(mailed(some_templates(), a_masthead(title='"' * 400), a_release(part=part))))

    *_, encoded = re.findall(rb"base64\r\n\r\n(.*?\r\n)--=_", octets, re.DOTALL)

    assert CLIPPED * 0.9 < len(encoded) <= CLIPPED


# One person and another


def test_the_same_values_make_the_same_bytes():
    assert raw(a_letter(), a_person()) == raw(a_letter(), a_person())


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_message_holds_nothing_of_anybody_else(one, other):
    letter = a_letter_once()

    octets = raw(letter, a_person(one))
    text = body(parsed(octets), "plain") + body(parsed(octets), "html") + octets.decode()

    assert text.count(f"{one:032}") == 6
    assert one == other or f"{other:032}" not in text


@functools.cache
def a_letter_once():
    return a_letter()


def test_what_is_fixed_is_not_copied_for_each_person():
    letter = a_letter()
    one, other = message(letter, a_person(1)), message(letter, a_person(2))

    assert one.body[0] is other.body[0]
    assert len(one.segments()) <= 10


def test_seals_come_first():
    sealed = b"".join(message(a_letter(), a_person()).segments(b"DKIM-Signature: a\r\n", b"DKIM-Signature: b\r\n"))

    assert sealed == b"DKIM-Signature: a\r\nDKIM-Signature: b\r\n" + raw()


def test_a_message_keeps_its_id_and_no_two_share_one():
    names: list[tuple[str, str, int | None, int]] = [
        ("a", "main", 1, 1),
        ("a", "main", 1, 2),
        ("a", "main", 2, 1),
        ("a", "m", 1, 1),
        ("b", "main", 1, 1),
    ]
    names += [("a", "main", None, 1), ("a", "main", 11, 1), ("a", "main", 1, 11)]
    made = [message_id(*name, "example.org") for name in names]

    assert len(set(made)) == len(made)
    assert made == [message_id(*name, "example.org") for name in names]
    assert all(re.fullmatch("<[0-9a-f]{32}@example.org>", one) for one in made)


def test_the_envelope_sender_names_the_delivery():
    assert return_path("bounces@example.org", "a" * 32) == f"bounces+{'a' * 32}@example.org"
    with pytest.raises(ValueError, match="too long"):
        return_path("x" * 40 + "@example.org", "a" * 32)


# Bad input


@given(hostile)
def test_no_title_and_no_name_gets_out_of_its_place(text):
    issue = dataclasses.replace(an_issue(), subject=text)
    letter = a_letter(issue, masthead=a_masthead(title=text))

    head = email.message_from_bytes(raw(letter))

    assert head.keys() == email.message_from_bytes(raw()).keys()


@pytest.mark.parametrize("text", ["x\r\nBcc: y@example.org", "x\nBcc: y", "x\x00", "x\u2028Bcc: y"])
@pytest.mark.parametrize(
    "field", ["name", "address", "message_id", "unsubscribe_url", "preferences_url", "unsubscribe_address"]
)
def test_a_persons_value_with_a_line_break_is_refused(field, text):
    with pytest.raises(ValueError, match=r"line break|can't stand|not an address"):
        raw(person=a_person(**{field: text}))


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", 'https://x/"><b>', "https://x/ y", "https://x/&y", "https://x/ä"]
)
def test_a_link_that_is_none_is_refused(url):
    with pytest.raises(ValueError, match="can't stand in a message as preferences"):
        raw(person=a_person(preferences_url=url))


@pytest.mark.parametrize("sender", ["nobody", "x\r\nBcc: y <a@example.org>", ""])
def test_a_sender_that_is_none_is_refused(sender):
    with pytest.raises(ValueError, match=r"address|line break|From"):
        a_letter(sender=sender)


def test_five_megabytes_are_refused_before_anybody_is_queued():
    huge = dataclasses.replace(an_issue(), text=an_issue().text + "長" * 1_700_000)

    with pytest.raises(BadTemplate, match=f"larger than mail can carry: .* at most {LARGEST}") as refused:
        a_letter(huge)

    assert refused.value.hint


PERSONAL = f'<a href="{slot("unsubscribe")}">x</a>'


@pytest.mark.parametrize(
    ("html", "text", "why"),
    [
        ("<p>x</p>", f"{slot('unsubscribe')}", "issue.html.j2: a message needs the personal link unsubscribe"),
        (PERSONAL, "x", "issue.txt.j2: a message needs the personal link unsubscribe"),
        (PERSONAL + f'<a href="{slot("salary")}">', f"\n{slot('unsubscribe')}", "salary"),
        (PERSONAL + f'<a href="{slot("confirm")}">', f"\n{slot('unsubscribe')}", "confirm"),
        (f"<p>x{slot('unsubscribe')}</p>", f"\n{slot('unsubscribe')}", "not alone in its place"),
        (f"<p>{slot('unsubscribe')}.</p>", f"\n{slot('unsubscribe')}", "not alone in its place"),
        (f"<!-- x -->{slot('unsubscribe')}</p>", f"\n{slot('unsubscribe')}", "not alone in its place"),
        (f'<a href="x{slot("unsubscribe")}">', f"\n{slot('unsubscribe')}", "not alone in its place"),
        (f'<a href="{slot("unsubscribe")}x">', f"\n{slot('unsubscribe')}", "not alone in its place"),
        (PERSONAL, f"\nsee {slot('unsubscribe')}", "not alone in its place"),
        (PERSONAL, f"\n{slot('unsubscribe')}.", "not alone in its place"),
    ],
)
def test_personal_slots_stand_where_links_can_be_or_the_template_is_refused(html, text, why):
    with pytest.raises(BadTemplate, match=why):
        a_letter(Issue(subject="x", preheader="x", html=html, text=text))


# The splice itself


texts = st.lists(
    st.text(st.characters(exclude_characters="\r\x91\x92", exclude_categories=["Cs"])),
    min_size=2,
    max_size=4,
)


@given(texts, st.binary(max_size=200).map(base64.urlsafe_b64encode))
def test_pieces_of_text_join_to_the_text(several, value):
    text = f"\n{slot('x')}\n".join(several)

    joined = b"".join(piece if isinstance(piece, bytes) else piece.filled({"x": value}) for piece in cut_text(text))

    assert {len(line) for line in joined.split(b"\r\n")[:-2]} <= {76}
    plain = [line.rstrip(" ") for line in text.replace("\n", "\r\n").replace(slot("x"), value.decode()).split("\r\n")]
    assert [line.rstrip(" ") for line in base64.b64decode(joined).decode().split("\r\n")] == plain


def test_what_is_encoded_for_each_person_is_short_wherever_the_slot_stands():
    end = "文。" * 10_000

    pieces = cut_text(f"{end}\n{slot('x')}\n{end}\n{slot('x')}\n")

    assert max(len(piece.filled({"x": b"y" * 57})) for piece in pieces if not isinstance(piece, bytes)) < 200


@given(st.lists(st.text("ab<>\n 語"), min_size=2, max_size=4), st.binary(max_size=200).map(base64.urlsafe_b64encode))
def test_pieces_of_markup_join_to_the_markup(several, value):
    html = f'<a href="{slot("x")}">{slot("x")}</a>'.join(several)

    joined = b"".join(piece if isinstance(piece, bytes) else piece.filled({"x": value}) for piece in cut_html(html))

    assert {len(line) for line in joined.split(b"\r\n")[:-2]} <= {76}
    whole = html.replace("\n", "\r\n").replace(slot("x"), value.decode())
    assert bare(base64.b64decode(joined).decode()) == bare(whole)


def bare(markup):
    """Return markup without blanks where they mean nothing in the tags that hold a slot."""
    return re.sub('<a +(href="[^"]*") *>', r"<a \1>", re.sub("</a +>", "</a>", markup))
