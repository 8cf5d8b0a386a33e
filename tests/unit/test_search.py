"""Words, what is asked for, and where it stands in a text."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnddigest.errors import WrongUse
from cnddigest.search.asking import parse, term_of
from cnddigest.search.folding import folded, traced
from cnddigest.search.marks import Piece, excerpt, matches, pieces
from cnddigest.search.model import Term
from cnddigest.search.spelling import placed, tokens

MIXED = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("会議あアーがｶﾞゝaéÉßşIİ（）ａ㍿ﬁ각ᄀ\u1161\u11a8c+#1 \n。"))
)


def marked(found: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in found if piece.marked]


def whole(found: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｋ８ｓ", "k8s"),
        ("ｸﾗｳﾄﾞ", "クラウド"),
        ("くらうど", "クラウド"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("Straße", "strasse"),
        ("㍿", "株式会社"),
        ("か\u3099", "ガ"),
    ],
)
def test_spellings_of_a_word_are_equal(one: str, other: str) -> None:
    assert folded(one) == other


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("は", "ぱ"), ("つ", "っ"), ("й", "и")])
def test_other_sounds_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(MIXED)
@example("é（会議）e\u0301ｶﾞ")
def test_folding_twice_is_folding_once(text: str) -> None:
    once = folded(text)

    assert tokens(once) == [token for token, _ in placed(once)]


@given(MIXED)
def test_each_folded_character_has_a_place_in_the_text(text: str) -> None:
    found = traced(text)

    assert len(found.text) == len(found.starts) == len(found.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.starts, found.ends, strict=True))
    assert list(found.starts) == sorted(found.starts)


@given(MIXED)
def test_the_way_back_is_from_the_same_folded_text(text: str) -> None:
    assert traced(text).text == folded(text)


def test_runs_are_cut_into_pairs_and_words_are_not() -> None:
    assert tokens("会議録 k8s、C++とC#!") == ["会議", "議録", "録", "k8s", "c++", "ト", "c#"]


@given(MIXED, st.data())
def test_any_piece_of_a_run_is_found(text: str, data: st.DataObject) -> None:
    run = "会議の記録をまとめる"
    first = data.draw(st.integers(0, len(run) - 1))
    last = data.draw(st.integers(first + 1, len(run)))

    term = term_of(run[first:last])

    assert term
    assert list(matches(tokens(f"{text} {run} {text}"), term))


# Asking


def test_words_are_terms_and_the_last_one_may_go_on() -> None:
    assert parse("cloud native").terms == (Term(tokens=("cloud",)), Term(tokens=("native",), open_ended=True))


def test_a_phrase_is_one_term() -> None:
    assert parse("“cloud native” x").terms == (Term(tokens=("cloud", "native")), Term(tokens=("x",), open_ended=True))
    assert parse('"cloud nat').terms == (Term(tokens=("cloud", "nat")),)


@pytest.mark.parametrize("asked", ["", "   ", '""', "!?", "🎉", '"', "^*:()"])
def test_signs_alone_ask_for_nothing(asked: str) -> None:
    assert parse(asked).terms == ()


@pytest.mark.parametrize("asked", ["NOT a OR b", "NEAR(a b)", "title : a", 'a"b*"', "-a", "{a b}"])
def test_operators_are_words(asked: str) -> None:
    assert all(token.isalnum() for term in parse(asked).terms for token in term.tokens)


def test_too_much_is_refused() -> None:
    assert len(parse("長" * 200).terms) == 1
    assert len(parse(" ".join(f"w{n}" for n in range(20))).terms) == 20
    with pytest.raises(WrongUse, match="200 characters"):
        parse("長" * 201)
    with pytest.raises(WrongUse, match="20 words"):
        parse(" ".join(f"w{n}" for n in range(21)))


# Marks


@pytest.mark.parametrize(
    ("text", "asked", "there"),
    [
        ("Kubernetesの話", "kube", ["Kube"]),
        ("会議録の会議", "会議", ["会議", "会議"]),
        ("会議録", "議録", ["議録"]),
        ("会議録", "録", ["録"]),
        ("ﾊﾞﾅﾅとｶﾞ", "ばなな", ["ﾊﾞﾅﾅ"]),
        ("㍿の話", "株式会社", ["㍿"]),
        ("un café.", "cafe", ["café"]),
        ("un cafe\u0301.", "cafe", ["cafe\u0301"]),
        ("cloud-native と cloud", '"cloud native"', ["cloud-native"]),
        ("ああああ", "ああ", ["ああああ"]),
        ("別の話", "会議", []),
    ],
)
def test_marks_cover_what_was_looked_for(text: str, asked: str, there: list[str]) -> None:
    found = pieces(text, parse(asked))

    assert marked(found) == there
    assert whole(found) == text


@given(MIXED, MIXED.filter(lambda asked: len(asked) <= 200 and len(asked.split()) <= 20))
def test_a_text_without_its_marks_is_the_text(text: str, asked: str) -> None:
    assert whole(pieces(text, parse(asked))) == text
    assert whole(excerpt(text, parse(asked))).strip("…") in text.replace("\n", " ")


@given(MIXED, st.sampled_from(["会議", "がか", "k8s", "café", "㍿", "あ"]))
def test_each_hit_is_marked(text: str, word: str) -> None:
    query = parse(word)

    found = pieces(f"{text} {word} {text}", query)

    assert any(folded(unicodedata.normalize("NFKC", word)) in folded(piece) for piece in marked(found))


def test_an_excerpt_shows_the_place_with_the_most_of_it() -> None:
    filler = "あれこれと書いてある。" * 40
    text = f"{filler}監視だけ。{filler}監視とコンテナの話。{filler}"

    found = excerpt(text, parse("コンテナ 監視"))

    assert marked(found) == ["監視", "コンテナ"]
    assert found[0].text == found[-1].text == "…"
    assert len(whole(found)) < 140


def test_an_excerpt_of_a_text_without_it_is_its_beginning() -> None:
    assert whole(excerpt("最初の文。" * 100, parse("監視"))).startswith("最初の文。")
    assert excerpt("", parse("監視")) == ()
