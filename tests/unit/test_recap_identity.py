"""Permanent names of sessions: functions of titles alone."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.identity import folded, session_ids


def an_id(title: str) -> str:
    return next(session_ids([title]))


def test_an_id_has_the_words_and_a_digest():
    assert re.fullmatch(r"small-queues-[0-9a-f]{8}", an_id("Small Queues!"))


def test_a_title_without_ascii_words_still_has_an_id():
    assert re.fullmatch(r"t-[0-9a-f]{8}", an_id("障害訓練"))


def test_spellings_that_fold_alike_have_the_same_id():
    assert an_id("ＳＬＯを捨てた ― 理由！") == an_id("SLOを捨てた - 理由!")


@given(st.text(st.one_of(st.sampled_from("（）！？：“’〜ｶﾞ＜\u0338\u3099 aé"), st.characters())))
def test_folding_is_the_same_on_any_way(text):
    plain = unicodedata.normalize("NFKC", text)
    for signs, sign in (("’‘", "'"), ("“”", '"'), ("–—―", "-"), ("〜", "~")):
        plain = "".join(sign if char in signs else char for char in plain)

    assert folded(text) == " ".join(plain.split()).casefold()


def test_a_second_session_of_a_title_is_counted():
    first, other, second, third = session_ids(["Caching", "Queues", "caching", "Caching"])

    assert [second, third] == [f"{first}-2", f"{first}-3"]
    assert other.startswith("queues-")


def test_long_titles_are_cut_at_a_word():
    found = an_id("word " * 30)

    assert len(found) <= 40 + 9
    assert set(found.split("-")[:-1]) == {"word"}


@given(st.text())
def test_ids_stand_in_file_names_and_addresses(title):
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", an_id(title))


@given(st.lists(st.text(max_size=20), max_size=20))
def test_no_two_sessions_share_an_id(titles):
    found = [*session_ids(titles)]

    assert len(set(found)) == len(titles)


@pytest.mark.parametrize(("one", "other"), [("Don’t", "don't"), ("A\u3000B", "a b"), ("①", "1")])
def test_folding_forgets_how_a_letter_was_typed(one, other):
    assert folded(one) == folded(other)


def test_letters_keep_their_words_whole_without_accents():
    (name,) = session_ids(["Une forge, cinq années après"])

    assert name.startswith("une-forge-cinq-annees-apres-")
