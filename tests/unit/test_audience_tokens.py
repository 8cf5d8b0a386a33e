"""Tokens: whoever has the secret can make them, and nobody else can."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON
from cnddigest.audience.tokens import CONTROLS, Control, Returned, Tokens
from cnddigest.delivery.message import return_path
from hostile import hostile

OLD, NEW = b"o" * 32, b"n" * 32
TOKENS = Tokens([NEW, OLD])
HOUR = dt.timedelta(hours=1)

numbers = st.integers(0, 2**40 - 1)
purposes = st.sampled_from(["unsubscribe", "preferences", "replay"])
places = st.integers(0, 39)


def changed(token, place, turn):
    """The token with one character of its alphabet turned into another one."""
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    place %= len(token)
    other = alphabet[(alphabet.find(token[place].lower()) + 1 + turn) % 32]
    return token[:place] + other + token[place + 1 :] if other != token[place].lower() else token[:-1]


@given(purposes, numbers)
def test_a_link_names_its_subscription(purpose, number):
    token = TOKENS.make(purpose, number)

    assert len(token) == 32
    assert TOKENS.read(purpose, token) == number


@given(purposes, numbers)
def test_whose_link_it_is_can_be_told_whatever_it_is_for(purpose, number):
    link = TOKENS.make(purpose, number)
    control = Control(wish="next", subscription=number, lap=1, part=2)
    others = [link[:-4], link + "AAAA", TOKENS.make_verp(1, 2), Tokens([b"x" * 32]).make(purpose, number), "", "é" * 32]

    assert TOKENS.whose(link) == number
    assert TOKENS.whose(TOKENS.make_confirm(number, NOON)) == number
    assert TOKENS.whose(TOKENS.make_control(control)) == number
    assert [TOKENS.whose(each) for each in others] == [None] * len(others)


@given(purposes, purposes, numbers)
def test_a_link_is_good_for_nothing_but_its_purpose(purpose, other, number):
    token = TOKENS.make(purpose, number)

    assert (TOKENS.read(other, token) is None) == (purpose != other)
    assert TOKENS.read_confirm(token, NOON) is None


@given(purposes, numbers, places, st.integers(0, 30))
def test_a_link_with_one_character_changed_is_no_link(purpose, number, place, turn):
    token = changed(TOKENS.make(purpose, number), place, turn)

    assert TOKENS.read(purpose, token) is None


controls = st.builds(
    Control,
    wish=st.sampled_from(list(CONTROLS)),
    subscription=numbers,
    lap=st.integers(1, 2**16 - 1),
    part=st.integers(1, 2**32 - 1),
)


@given(controls)
def test_a_link_that_sets_the_pace_says_what_is_wished_and_where_it_stood(control):
    token = TOKENS.make_control(control)

    assert len(token) == 40
    assert TOKENS.read_control(token) == control


@given(controls, purposes, places, st.integers(0, 30))
def test_a_link_that_sets_the_pace_is_good_for_nothing_else_and_can_not_be_changed(control, purpose, place, turn):
    token = TOKENS.make_control(control)

    assert TOKENS.read(purpose, token) is None
    assert TOKENS.read_confirm(token, NOON) is None
    assert TOKENS.read_control(TOKENS.make(purpose, control.subscription)) is None
    assert TOKENS.read_control(TOKENS.make_confirm(control.subscription, NOON + HOUR)) is None
    assert TOKENS.read_control(changed(token, place, turn)) is None


@given(numbers)
def test_a_link_that_confirms_works_until_its_moment(number):
    token = TOKENS.make_confirm(number, NOON)

    assert TOKENS.read_confirm(token, NOON - HOUR) == number
    assert TOKENS.read_confirm(token, NOON) is None
    assert TOKENS.read("unsubscribe", token) is None


@given(numbers, places, st.integers(0, 30))
def test_a_link_that_confirms_can_not_be_prolonged(number, place, turn):
    token = changed(TOKENS.make_confirm(number, NOON), place, turn)

    assert TOKENS.read_confirm(token, NOON - HOUR) is None


@given(st.integers(0, 2**32 - 1), numbers)
def test_an_envelope_sender_names_issue_and_subscription_even_in_capitals(issue, number):
    token = TOKENS.make_verp(issue, number)
    sender = return_path("bounces@example.org", token)

    assert len(token) == 40
    assert TOKENS.read_verp(sender.upper()) == Returned(issue=issue, subscription=number)
    assert TOKENS.read_verp(f"prvs=7842ab={sender}") == TOKENS.read_verp(token)


@given(st.integers(0, 2**32 - 1), numbers, places, st.integers(0, 30))
def test_an_envelope_sender_with_one_character_changed_names_nobody(issue, number, place, turn):
    token = changed(TOKENS.make_verp(issue, number), place, turn)

    assert TOKENS.read_verp(token) is None


@given(
    st.one_of(
        hostile, st.text(), st.text("AZaz09-_", min_size=28, max_size=44), st.text("af09", min_size=40, max_size=40)
    )
)
def test_garbage_is_nobodys(text):
    assert TOKENS.read("unsubscribe", text) is None
    assert TOKENS.read_confirm(text, NOON) is None
    assert TOKENS.read_verp(text) is None
    assert TOKENS.read_verp(f"bounces+{text}@example.org") is None


def test_a_megabyte_of_garbage_is_nobodys():
    text = "a" * 1_000_000

    assert TOKENS.read("replay", text) is None
    assert TOKENS.read_verp(text) is None


@given(numbers)
def test_a_new_secret_signs_and_the_old_one_is_still_believed(number):
    before, between, after = Tokens([OLD]), Tokens([NEW, OLD]), Tokens([NEW])
    old, new = before.make("unsubscribe", number), between.make("unsubscribe", number)

    assert between.read("unsubscribe", old) == between.read("unsubscribe", new) == number
    assert after.read("unsubscribe", new) == number
    assert after.read("unsubscribe", old) is None
    assert between.read_verp(before.make_verp(1, number)) == Returned(issue=1, subscription=number)
    assert after.read_verp(before.make_verp(1, number)) is None


def test_a_proof_of_one_kind_is_none_of_another():
    said = (42).to_bytes(6, "big") + b"u\x01"
    proof = bytes.fromhex(TOKENS.erased(said.decode()).removeprefix("hmac:"))

    forged = base64.urlsafe_b64encode(said + proof[:16]).decode()

    assert len(forged) == len(TOKENS.make("unsubscribe", 42))
    assert TOKENS.read("unsubscribe", forged) is None


def test_an_erased_address_is_found_again_under_every_secret():
    erased = Tokens([OLD]).erased("taro@example.org")

    assert erased in TOKENS.erased_forms("taro@example.org")
    assert erased not in TOKENS.erased_forms("jiro@example.org")
    assert "taro" not in erased


@pytest.mark.parametrize("secrets", [[], [b""], [b"k" * 32, b"short"]])
def test_a_secret_that_can_be_guessed_is_refused(secrets):
    with pytest.raises(ValueError, match="at least 16 octets"):
        Tokens(secrets)


@pytest.mark.parametrize("number", [-1, 2**48])
def test_a_number_that_does_not_fit_is_never_cut(number):
    with pytest.raises(OverflowError):
        TOKENS.make("unsubscribe", number)
