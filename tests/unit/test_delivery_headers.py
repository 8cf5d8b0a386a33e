"""Header fields that every parser reads alike, whatever a title or a name contains."""

import base64
import email
import email.policy
import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnddigest.delivery.headers import addr_spec, fold, mailbox
from cnddigest.rendering.slots import clean
from hostile import hostile

ENCODED = re.compile(r"=\?utf-8\?b\?([A-Za-z0-9+/]*=*)\?=")


def lines(field):
    """The lines of a finished field; it ends with a CRLF and holds no other break."""
    assert field.endswith(b"\r\n")
    text = field.decode("ascii").removesuffix("\r\n")
    assert not re.search("[\r\n]", text.replace("\r\n ", ""))
    return text.split("\r\n")


def value(field):
    """The value without folds: what RFC 5322 2.2.3 says."""
    return field.decode("ascii").removesuffix("\r\n").replace("\r\n", "").partition(": ")[2]


def decoded(text):
    """RFC 2047 by the letter: blanks between encoded-words are nothing, each word decodes by itself."""
    joined = re.sub(r"(?<=\?=) +(?==\?utf-8\?)", "", text)
    return ENCODED.sub(lambda found: base64.b64decode(found[1], validate=True).decode(), joined)


def by_header(field):
    return str(make_header(decode_header(value(field))))


def by_parser(field):
    return email.message_from_bytes(field + b"\r\n", policy=email.policy.default)["Subject"]


def cleaned(text):
    return clean(re.sub("\r\n|[\t-\r\x1c-\x1e\x85\u2028\u2029]", " ", text))


def check(field):
    """What holds for every field that breaks at all."""
    first, *rest = lines(field)
    assert first.partition(": ")[2].strip(" ") or not rest
    assert all(line.startswith(" ") and line.strip(" ") for line in rest)
    assert max(map(len, (first, *rest))) <= 76
    assert all(len(word) <= 75 for word in re.findall(r"=\?[^?]*\?[^?]*\?[^?]*\?=", field.decode()))


mixes = st.lists(
    st.one_of(
        st.sampled_from(
            ["港の会議", "まとめ", "２日目", "Kubernetes", "が", "ｶﾞ", "e\u0301", "👩‍💻", "🇯🇵", "👍🏽", "葛\U000e0100"]
        ),
        st.sampled_from(
            [" ", "  ", "\u3000", "=?", "?=", "=?utf-8?q?x?=", "<", ">", '"', "\\", ",", ";", "@", "_", "."]
        ),
        st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=90),
        st.text(st.characters(min_codepoint=0x3040, max_codepoint=0x9FFF), max_size=30),
    ),
    max_size=12,
).map("".join)


# Texts


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("hello", b"Subject: hello\r\n"),
        ("", b"Subject: \r\n"),
        ("まとめ", b"Subject: =?utf-8?b?44G+44Go44KB?=\r\n"),
        ("a =? b", b"Subject: =?utf-8?b?YSA9PyBi?=\r\n"),
        ("a  b", b"Subject: =?utf-8?b?YSAgYg==?=\r\n"),
        (" a ", b"Subject: =?utf-8?b?IGEg?=\r\n"),
    ],
)
def test_a_text_is_written_plainly_where_every_parser_gives_it_back(text, field):
    assert fold("Subject", text) == field


def assert_a_subject_survives(text):
    field = fold("Subject", text)

    check(field)
    expected = cleaned(text)
    assert decoded(value(field)) == expected
    # Python's own two strip what is blank at the ends of a text that is not encoded; ours is encoded then.
    assert by_header(field) == expected
    assert by_parser(field) == expected


@given(mixes)
def test_a_subject_survives(text):
    assert_a_subject_survives(text)


@pytest.mark.slow
@settings(max_examples=20_000)
@given(mixes | hostile)
def test_twenty_thousand_subjects_survive(text):
    assert_a_subject_survives(text)


@given(hostile | st.text())
def test_no_title_fails_and_none_gets_out_of_its_field(text):
    field = fold("Subject", text)

    check(field)
    assert decoded(value(field)) == cleaned(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a\r\nBcc: x@example.org", "a Bcc: x@example.org"),
        ("a\nb\rc\td", "a b c d"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("a\u2028b\x85c", "a b c"),
        ("a\u202eb\u2066c", "abc"),
        ("a\ud800b", "ab"),
        ("a\x91unsubscribe\x92b", "aunsubscribeb"),
    ],
)
def test_what_no_message_may_hold_is_taken_out_of_a_title(text, read):
    assert decoded(value(fold("Subject", text))) == read


@pytest.mark.parametrize("length", [60, 66, 67, 68, 75, 76, 77, 200, 998, 5000])
def test_a_long_word_breaks_no_line(length):
    assert_a_subject_survives("x" * length)
    assert_a_subject_survives("short " + "x" * length)


@pytest.mark.parametrize("letter", ["が", "か\u3099", "ｶﾞ", "👩‍👩‍👧‍👦", "🇯🇵", "👍🏽", "葛\U000e0100", "e\u0301\u0323"])
def test_a_letter_keeps_its_marks_in_one_word(letter):
    for shift in range(12):
        for word in ENCODED.findall(value(fold("Subject", "x" * shift + letter * 30))):
            text = base64.b64decode(word).decode()
            assert text.lstrip("x") == letter * (len(text.lstrip("x")) // len(letter))


def test_a_letter_with_endless_marks_takes_no_endless_time():
    text = "か" + "\u3099" * 200_000

    field = fold("Subject", text)

    check(field)
    assert decoded(value(field)) == text


@pytest.mark.parametrize("name", ["", "Sub ject", "Subject:", "Bcc\r\nX", "件名", "X" * 55])
def test_what_is_no_name_of_a_field_is_refused(name):
    with pytest.raises(ValueError, match="name of a header field"):
        fold(name, "x")


def test_the_longest_name_leaves_room_for_any_script():
    field = fold("X" * 54, "👩‍💻" * 9)

    check(field)
    assert decoded(value(field)) == "👩‍💻" * 9


# People


def people(field):
    """Names and addresses by this file's own reading, which knows quoted words, encoded ones and atoms."""
    found = re.findall(
        r'(?:((?:"(?:[^"\\]|\\.)*"|[^"<>,])*)<([^<>]*)>|([^<>,"\s]+|"[^"]*"@[^\s,]+))(?:, *|$)', value(field)
    )
    return [(_name(name.strip(" ")), address or alone) for name, address, alone in found]


def _name(text):
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else decoded(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("a@example.org", b"From: a@example.org\r\n"),
        ("<a@example.org>", b"From: a@example.org\r\n"),
        ("Recaps <a@example.org>", b"From: Recaps <a@example.org>\r\n"),
        ('"Recaps" <a@example.org>', b"From: Recaps <a@example.org>\r\n"),
        ("Recaps, Inc. <a@example.org>", b'From: "Recaps, Inc." <a@example.org>\r\n'),
        ('"Sato, Taro" <a@example.org>, b@example.org', b'From: "Sato, Taro" <a@example.org>,\r\n b@example.org\r\n'),
        ("まとめ <a@example.org>", b"From: =?utf-8?b?44G+44Go44KB?= <a@example.org>\r\n"),
        ('A "B" C <a@example.org>', b"From: =?utf-8?b?QSAiQiIgQw==?= <a@example.org>\r\n"),
        ("a..b.@docomo.ne.jp", b'From: "a..b."@docomo.ne.jp\r\n'),
        ("港 <a.@ezweb.ne.jp>", b'From: =?utf-8?b?5riv?= <"a."@ezweb.ne.jp>\r\n'),
        ("x <a@[192.0.2.1]>", b"From: x <a@[192.0.2.1]>\r\n"),
    ],
)
def test_a_person_is_written_as_mail_programs_read_one(text, field):
    assert fold("From", text) == field


names = (mixes | st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40)).map(cleaned)


def assert_a_person_survives(header, name, address):
    field = fold(header, mailbox(name, address))

    check(field)
    assert people(field) == [(name.strip(" "), address)]
    if "=?utf-8?" in value(field):
        assert by_header(field) == f"{name.strip(' ')} <{address}>"


@given(st.sampled_from(["From", "To", "Reply-To", "Sender"]), names)
def test_a_person_survives(header, name):
    assert_a_person_survives(header, name, "taro.yamada+recaps@mail.example.org")


@pytest.mark.slow
@settings(max_examples=20_000)
@given(st.sampled_from(["From", "To", "Reply-To", "Sender"]), names)
def test_twenty_thousand_people_survive(header, name):
    assert_a_person_survives(header, name, "taro.yamada+recaps@mail.example.org")


@given(st.lists(st.tuples(names, st.sampled_from(["a@example.org", "b.c@example.net"])), min_size=1, max_size=4))
def test_several_people_stay_apart(several):
    field = fold("Reply-To", ", ".join(mailbox(name, address) for name, address in several))

    check(field)
    assert people(field) == [(name.strip(" "), address) for name, address in several]


def test_a_name_and_an_address_that_need_two_lines_get_them():
    field = fold("To", mailbox("x" * 60, "y" * 40 + "@example.org"))

    assert lines(field) == ["To: " + "x" * 60, " <" + "y" * 40 + "@example.org>"]


def test_a_long_name_breaks_no_line():
    for length in range(60, 200):
        assert_a_person_survives("Reply-To", ("word " * 40)[:length], "taro@example.org")


@pytest.mark.parametrize("header", ["From", "To", "Reply-To", "Sender", "List-Id"])
@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\x00", "\x0b", "\x85", "\u2028"])
def test_a_line_break_in_a_name_is_refused(header, mark):
    with pytest.raises(ValueError, match="line break"):
        fold(header, f"x{mark}Bcc: y@example.org <a@example.org>")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ",", "nobody", "x <>", "x <a>", "a@", "@b", "a b@c", "a@b c", "a@b>", "<a@b", "a@b@c", "a@b, "),
        *("a@例え.jp", "太郎@example.org", "undisclosed-recipients:;", 'x <"a@b>', "x <a@b> y"),
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="not an address"):
        fold("To", text)


@given(hostile | st.text(max_size=60))
def test_no_address_gets_out_of_its_field(text):
    try:
        field = fold("To", text)
    except ValueError:
        return

    assert lines(field)
    assert people(field)
    assert all("@" in address for _, address in people(field))


@pytest.mark.parametrize(
    "text", ['"' * 100_000, "<" * 100_000, ",@" * 50_000, '"\\' * 50_000, "a," * 50_000, "=?" * 50_000]
)
def test_a_long_list_of_nonsense_takes_no_endless_time(text):
    with pytest.raises(ValueError, match="not an address"):
        fold("To", text)


@pytest.mark.parametrize(
    ("address", "spec"),
    [
        ("a@example.org", "a@example.org"),
        ("a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        (".a@docomo.ne.jp", '".a"@docomo.ne.jp'),
        ('"a b"@example.org', '"a b"@example.org'),
    ],
)
def test_an_address_is_quoted_only_where_it_must_be(address, spec):
    assert addr_spec(address) == spec


# What stands as it is


def test_addresses_of_a_list_are_never_encoded_and_break_only_between():
    long = f"<https://recaps.example.org/unsubscribe/{'x' * 200}>"

    field = fold("List-Unsubscribe", f"{long}, <mailto:unsub@example.org?subject=unsubscribe>")

    assert lines(field) == [f"List-Unsubscribe: {long},", " <mailto:unsub@example.org?subject=unsubscribe>"]


def test_addresses_of_a_list_are_parted_even_without_a_blank():
    field = fold("List-Unsubscribe", f"<https://example.org/{'x' * 60}>,<mailto:unsub@example.org>")

    assert lines(field)[1:] == [" <mailto:unsub@example.org>"]


@pytest.mark.parametrize(
    "name",
    ["Message-ID", "List-Unsubscribe-Post", "List-Help", "Feedback-ID", "Auto-Submitted", "Content-Type", "References"],
)
def test_structured_fields_stand_as_they_are(name):
    assert fold(name, "<a=?b@example.org>") == f"{name}: <a=?b@example.org>\r\n".encode()


@pytest.mark.parametrize("text", ["a\r\nBcc: x", "a\x00", "まとめ", "\x7f", "a\tb"])
def test_what_a_structured_field_cannot_hold_is_refused(text):
    with pytest.raises(ValueError, match="printable ASCII"):
        fold("Message-ID", text)


def test_no_line_is_longer_than_the_standard_bears():
    with pytest.raises(ValueError, match="longer than a line"):
        fold("List-Unsubscribe", f"<https://example.org/{'x' * 1000}>")


def test_a_list_has_a_name_in_words():
    field = fold("List-Id", "港の会議 <minato.example.org>")

    assert lines(field) == ["List-Id: =?utf-8?b?5riv44Gu5Lya6K2w?= <minato.example.org>"]
    assert fold("List-Id", "<minato.example.org>") == b"List-Id: <minato.example.org>\r\n"
