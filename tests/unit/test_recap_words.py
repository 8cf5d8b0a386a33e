"""Headings known by their words, in five languages."""

import pytest

from cnddigest.recap import words
from cnddigest.recap.language import language


@pytest.mark.parametrize(
    "text",
    [
        "まとめ",
        "おわりに",
        "最後に、",
        "■まとめ",
        "まとめと感想",
        "全体の感想",
        "📝 まとめ",
        "2日間のまとめ",
        "おわり",
        "What I took away",
        "Final thoughts",
        "Wrapping up!",
        "Bilan",
        "Fazit",
        "Til slutt",
    ],
)
def test_a_closing_is_a_closing(text):
    assert words.is_closing(text)


@pytest.mark.parametrize(
    "text", ["まとめ役がいないOSSの続け方", "Closing the Loop", "感想戦を自動化する", "Thanks for the Memory Leaks", ""]
)
def test_a_talk_with_a_closing_word_is_none(text):
    assert not words.is_closing(text)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("What is Kelp Ruby Camp?", "kelp ruby camp"),
        ("灘浜サミットとは？", "灘浜サミット"),
        ("Was ist der Saal", "der saal"),
        ("Queues", None),
    ],
)
def test_a_heading_may_explain_something(text, subject):
    assert words.about(text) == subject


@pytest.mark.parametrize("text", ["トラックA", "Track 2", "ライトニングトーク", "LT大会", "Lightning talks"])
def test_a_group_is_a_group(text):
    assert words.is_group(text)


@pytest.mark.parametrize("text", ["Tracking Down Leaks", "DEFAULT settings", "消えたログを追え"])
def test_a_talk_is_no_group(text):
    assert not words.is_group(text)


@pytest.mark.parametrize(
    "text", ["Discussion", "コメント (3)", "関連記事", "ログインするとコメントできます", "Leave a comment"]
)
def test_the_platforms_words_are_furniture(text):
    assert words.is_furniture(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("発表を聴いてきました。とても良かったです。", "ja"),
        ("It was the best of days, and the talks were good.", "en"),
        ("Les notes que nous avons prises dans la salle.", "fr"),
        ("Die Vorträge waren gut und der Saal war nicht zu klein.", "de"),
        ("Det var en fin dag, og vi har ikke sett alle foredragene.", "no"),
        ("발표를 들었습니다", "ko"),
        ("我们参加了会议", "zh"),
        ("12345", "en"),
    ],
)
def test_the_language_shows_in_letters_and_little_words(text, code):
    assert language(text) == code
