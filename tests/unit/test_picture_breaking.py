"""Lines of a heading: nothing lost, nothing that kinsoku forbids, and breaks where a reader would make them."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cnddigest.picture import breaking


def wide(text: str) -> float:
    """The columns of a terminal: two for a Japanese sign."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def test_latin_is_broken_between_words_into_even_lines():
    lines = breaking.lines("Keeping a lighthouse running without anybody", wide, 32)

    assert lines == ("Keeping a lighthouse", "running without anybody")


def test_japanese_is_broken_where_a_word_begins():
    lines = breaking.lines("プラットフォームエンジニアリングとSREの「これから」を考える", wide, 36)

    assert lines == ("プラットフォームエンジニアリングと", "SREの「これから」を考える")
    assert breaking.roughness(lines) == 0


def test_no_line_begins_with_a_closing_sign_or_ends_with_an_opening_one():
    for room in range(8, 40, 2):
        lines = breaking.lines("「あっ」という間に、「コンテナ」（容器）へ。ちょっと待って！ねえ…", wide, room)

        assert not [line for line in lines[1:] if line[0] in breaking.NEVER_FIRST]
        assert not [line for line in lines[:-1] if line[-1] in breaking.NEVER_LAST]


def test_a_word_wider_than_a_line_is_broken_anywhere():
    assert sorted(breaking.lines("a" * 25, wide, 10)) == ["a" * 8, "a" * 8, "a" * 9]


@given(text=st.text(alphabet="aB 9漢字かなカナー、。「」\t😀é", max_size=60), room=st.integers(2, 30))
def test_no_sign_is_lost_and_no_line_is_too_wide(text, room):
    lines = breaking.lines(text, wide, room)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not [line for line in lines if wide(line) > room]
