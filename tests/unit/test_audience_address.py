"""Addresses: what is one, when two are the same, and what is shown of them."""

import email_validator
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnddigest.audience.address import LONGEST_LOCAL, LONGEST_NAME, BadAddress, masked, one_line, parse, split
from cnddigest.delivery.headers import addr_spec
from hostile import hostile

ATEXT = "abcXYZ019!#$%&'*+/=?^_`{|}~-."
HOSTS = "abcXYZ019-."
ascii_addresses = st.builds(
    "{}@{}.{}".format,
    st.text(ATEXT, min_size=1, max_size=70),
    st.text(HOSTS, min_size=1, max_size=70),
    st.sampled_from(["org", "JP", "co.jp", "o-g", "c1", "x", "xn--p1ai"]),
)
anything = st.one_of(ascii_addresses, hostile, st.text(), st.builds("{}@{}".format, st.text(), st.text()))


def by_the_library(text):
    """The display form as email-validator has it, None where it refuses."""
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, globally_deliverable=False, test_environment=True
        )
    except email_validator.EmailNotValidError:
        return None
    top = found.ascii_domain.rpartition(".")[2].lower()
    ends = top.startswith("xn--") or (top.isascii() and top.isalpha() and len(top) > 1)
    fits = len(found.local_part) <= LONGEST_LOCAL and found.local_part.isascii() and "." in found.ascii_domain and ends
    return found.normalized if fits else None


def by_us(text):
    try:
        return parse(text)
    except BadAddress:
        return None


@given(ascii_addresses)
@example("a@b--c.org")
@example("a@xn--a.org")
@example(f"{'a' * 64}@example.org")
@example(f"{'a' * 65}@example.org")
@example(f"a@{'b' * 63}.{'b' * 63}.{'b' * 63}.{'b' * 56}.org")
@example(f"a@{'b' * 63}.{'b' * 63}.{'b' * 63}.{'b' * 57}.org")
def test_the_short_way_takes_exactly_what_email_validator_takes(text):
    found = by_us(text)

    assert (found and found.display) == by_the_library(text)


@given(anything)
def test_what_is_shown_of_an_address_means_the_same_address(text):
    found = by_us(text)

    if found:
        assert parse(found.display) == found


@given(anything)
def test_no_text_becomes_an_address_that_could_break_out_of_a_header(text):
    found = by_us(text)

    if found:
        assert found.envelope.isascii()
        assert found.envelope.isprintable()
        assert not set(found.envelope) & set(" <>,;()[]\\")
        assert found.envelope.count("@") == 1
        assert addr_spec(found.envelope) == found.envelope


@given(anything.filter(lambda text: not by_us(text)))
def test_a_refusal_is_one_short_line_for_people(text):
    with pytest.raises(BadAddress, match="mail address") as caught:
        parse(text)

    assert isinstance(caught.value, ValueError)
    assert len(str(caught.value)) < 160
    assert len(str(caught.value).splitlines()) == 1
    assert not caught.value.problem.endswith(".")


@pytest.mark.parametrize(
    ("text", "display", "envelope"),
    [
        ("taro@例え.jp", "taro@例え.jp", "taro@xn--r8jz45g.jp"),
        ("taro@xn--r8jz45g.jp", "taro@例え.jp", "taro@xn--r8jz45g.jp"),
        ("taro@例え。jp", "taro@例え.jp", "taro@xn--r8jz45g.jp"),
        ("  ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ\u3000", "taro@example.jp", "taro@example.jp"),
        ("Taro@EXAMPLE.ORG", "Taro@example.org", "Taro@example.org"),
        ("o'brien+news@corp.local", "o'brien+news@corp.local", "o'brien+news@corp.local"),
    ],
)
def test_an_address_is_taken_as_it_was_meant(text, display, envelope):
    found = parse(text)

    assert (found.display, found.envelope) == (display, envelope)


@pytest.mark.parametrize(
    "text",
    ["a..b.@docomo.ne.jp", "a.@ezweb.ne.jp", "A..b@DOCOMO.ne.jp", "x_.-.@au.com", "a..@t7.ezweb.ne.jp"],
)
def test_stray_dots_of_japanese_carriers_are_taken_and_quoted(text):
    found = parse(text)

    local, _, domain = found.display.partition("@")
    assert found.envelope == f'"{local}"@{domain}'
    assert parse(found.envelope) == found


@pytest.mark.parametrize(
    "text",
    ["a..b@example.org", "a.@docomo.ne.jp.example.org", "a..b@notdocomo.ne.jp", "a..\u017f@docomo.ne.jp", "..@au.com"],
)
def test_stray_dots_are_refused_everywhere_else(text):
    with pytest.raises(BadAddress, match="not a mail address"):
        parse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Taro@Example.org", "taro@example.ORG"),
        ("taro@例え.jp", "TARO@xn--r8jz45g.jp"),
        ("ｔａｒｏ@example.org", "taro@example.org"),
        ("A..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
    ],
)
def test_two_spellings_of_one_mailbox_have_one_key(one, other):
    assert parse(one).key == parse(other).key


def test_letters_beyond_ascii_before_the_at_sign_are_taken_only_if_asked_for():
    taken = parse("山田@例え.jp", smtputf8=True)

    assert taken.needs_smtputf8
    assert taken.envelope == "山田@xn--r8jz45g.jp"
    assert parse("Ｅ\u0301cole@example.org", smtputf8=True).key == parse("éCOLE@example.org", smtputf8=True).key
    with pytest.raises(BadAddress, match="beyond ASCII"):
        parse("山田@例え.jp")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "mail address is empty"),
        ("\u3000 ", "mail address is empty"),
        ("taro", "mail address needs one @"),
        ("taro@@example.org", "mail address needs one @"),
        ("taro@localhost", "host of a mail address has no dot"),
        ("Taro <taro@example.org>", "more than a mail address, or a quoted one"),
        ("taro@example.org, jiro@example.org", "more than a mail address, or a quoted one"),
        ('"taro sato"@example.org', "more than a mail address, or a quoted one"),
        ("taro(work)@example.org", "more than a mail address, or a quoted one"),
        ("taro@1.2.3.4", "mail address ends in no domain such as .org or .jp"),
        ("taro@１.２.３.４", "mail address ends in no domain such as .org or .jp"),
        ("taro@example.c0m", "mail address ends in no domain such as .org or .jp"),
        ("taro@example.c", "mail address ends in no domain such as .org or .jp"),
        ("taro@[127.0.0.1]", "more than a mail address, or a quoted one"),
        ("taro@example.org\r\nBcc: x@example.org", "mail address has a control character or a line break in it"),
        ("taro\x00@example.org", "mail address has a control character or a line break in it"),
        ("taro\u202e@example.org", "mail address has a control character or a line break in it"),
        ("taro\ud800@example.org", "mail address has a control character or a line break in it"),
        ("taro@example.org\u2028", "mail address has a control character or a line break in it"),
        ("℀@example.org", "mail address has letters beyond ASCII before the @"),
        ("taro@exa\u2025mple.org", "not a mail address"),
        ("taro@ex\u0430\u0301\u0301mple_.org", "not a mail address"),
        ("taro@xn--zzzzzzzz99999.jp", "not a mail address"),
        ("x" * 1_000_000, "mail address is too long"),
        ("あ" * 1_000_000 + "@example.org", "mail address is too long"),
        ("a@" + "あ." * 1_000_000, "mail address is too long"),
        ("a@" + "\u0300" * 200 + ".org", "not a mail address"),
    ],
)
def test_what_is_no_address_is_refused_in_words(text, problem):
    with pytest.raises(BadAddress) as caught:
        parse(text)

    assert caught.value.problem == problem


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Taro Sato <taro@example.org>", "Taro Sato", "taro@example.org"),
        ('"Sato, \\"T\\" Taro" <taro@example.org>', 'Sato, "T" Taro', "taro@example.org"),
        ("<taro@example.org>", "", "taro@example.org"),
        ("佐藤　太郎 <taro@example.org>", "佐藤 太郎", "taro@example.org"),
        ("taro@example.org", "", "taro@example.org"),
        ("a <b> <taro@example.org>", "", "a <b> <taro@example.org>"),
    ],
)
def test_a_name_before_an_address_is_parted_from_it(text, name, address):
    assert split(text) == (name, address)


@given(st.one_of(hostile, st.text(max_size=500)))
def test_a_name_is_one_line_and_stays_as_it_is_once_cleaned(text):
    name = one_line(text)

    assert one_line(name) == name
    assert len(name.splitlines()) <= 1
    assert len(name) <= LONGEST_NAME
    name.encode()


def test_logs_show_the_first_letter_and_the_host():
    assert masked("taro@example.org") == "t***@example.org"
    assert masked("taro") == "***"
    assert masked("\x1b[2J\n@\x00example.org") == "***@example.org"
