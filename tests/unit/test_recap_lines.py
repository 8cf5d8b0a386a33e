"""Heading or text, in plain text: neighbours decide what a line alone does not say."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap import clues, lines
from cnddigest.recap.clues import columns, finished
from cnddigest.recap.lines import Row, read

PROSE = "発表の内容をまとめて紹介していました。"


def rows(*texts: str) -> list[Row]:
    return [Row(line=number, text=text) for number, text in enumerate(texts, start=1)]


def headings(*texts: str) -> list[str]:
    return [text for text, reading in zip(texts, read(rows(*texts)), strict=True) if reading.heading]


def test_lines_between_sentences_are_headings():
    assert headings("会議のまとめ", PROSE, "1日目", "消えたログを追え", PROSE, PROSE, "DNS", PROSE) == [
        "会議のまとめ",
        "1日目",
        "消えたログを追え",
        "DNS",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "とても面白かったです",
        "とても面白かったです!",
        "楽しみにしています…",
        "「次も行きます」とのことでした。",
        "It worked on the second try.",
        "それでも、",
    ],
)
def test_a_sentence_is_finished_with_or_without_its_mark(line):
    assert finished(line)


@pytest.mark.parametrize(
    "line", ["DNS", "同志諸君よ、備えよ", "Who Owns the Pager?", "YAMLを書かない!", "引っ越しを二回やり直した話"]
)
def test_a_title_is_not_finished(line):
    assert not finished(line)


@pytest.mark.parametrize(
    "line", ["- 三つの約束", "・三つの約束", "https://example.org/a", "資料", "(小浦 直)", "次の三つです:"]
)
def test_a_line_inside_a_talk_is_text(line):
    found = headings("題名", PROSE, "ある発表", PROSE, line, PROSE, "別の発表", PROSE)

    assert line not in found


def test_titles_that_share_a_form_are_headings_even_in_a_row_of_lists():
    talk = (
        "10:00 最初の話",
        "・一つ目",
        "・二つ目",
        "11:00 次の話",
        "・三つ目",
        "・四つ目",
        "13:00 最後の話",
        "・五つ目",
    )

    assert headings("会議のメモ", *talk) == ["会議のメモ", "10:00 最初の話", "11:00 次の話", "13:00 最後の話"]


def test_a_line_that_stands_three_times_is_part_of_the_talks():
    talks = [
        line for n in range(3) for line in (f"発表その{n}の題名", PROSE + str(n) + "。", "感想", f"良かった{n}です。")
    ]

    assert "感想" not in headings("会議", PROSE, *talks)


def test_a_talk_that_stands_twice_is_a_talk_twice():
    found = headings("会議", PROSE, "同じ発表", PROSE, "他の発表", "他の話でした。", "同じ発表", "別の人の感想です。")

    assert found.count("同じ発表") == 2


def test_a_mark_or_a_rule_makes_a_heading():
    assert "■ 資料の話" in headings("会議", PROSE, "■ 資料の話", PROSE)

    ruled = [
        Row(line=1, text="会議"),
        Row(line=2, text=PROSE),
        Row(line=3, text="次の話へ", ruled=True),
        Row(line=5, text=PROSE),
    ]
    assert read(ruled)[2].heading


def test_a_close_reading_has_a_small_margin():
    sure, close = "1日目", "障害と向き合うこと"

    readings = read(rows("会議", PROSE, sure, "発表", PROSE, close, PROSE))

    assert readings[2].margin > readings[5].margin


def test_a_text_may_have_no_lines():
    assert read([]) == []


def test_wide_letters_take_two_columns():
    assert columns("abcあいう") == 9


@given(st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=40))
def test_every_line_is_read_once_with_a_margin(texts):
    readings = read(rows(*texts))

    assert len(readings) == len(texts)
    assert all(reading.margin >= 0 for reading in readings)


@given(evidence=st.lists(st.integers(-20, 20), min_size=1, max_size=8), data=st.data())
def test_a_margin_is_what_trying_every_sequence_would_give(evidence, data):
    prices = data.draw(st.lists(st.integers(-5, 0), min_size=len(evidence) - 1, max_size=len(evidence) - 1))

    margins = lines._margins(evidence, prices)

    sequences = [*itertools.product((True, False), repeat=len(evidence))]
    for place, margin in enumerate(margins):
        best = {
            state: max(score(s, evidence, prices) for s in sequences if s[place] is state) for state in (True, False)
        }
        assert margin == (best[True] - best[False]) / 2


def score(states, evidence, prices):
    own = sum(e if heading else -e for heading, e in zip(states, evidence, strict=True))
    return own + sum(price for a, b, price in zip(states, states[1:], prices, strict=False) if a and b)


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("港、船、灯台の話", "港の船と灯台の話"),
        ("また、港の話", "さて、港の話"),
        ("queues and the small bakery", "Queues and the small bakery"),
        ("A" + " b" * 23, "A" + " b" * 20),
        ("港の話をする会", "「港の話」をする会"),
        ("港の話", "■港の話"),
        ("港" * 70, "港" * 60),
        ("港" * 100, "港" * 80),
        ("港の話です", "港の話"),
        ("港の話だよ!", "港の話だよ"),
        ("2日目の港の話", "第二の港の話"),
        ("港の話:", "港の話"),
        ("港の話から", "港の話"),
    ],
)
def test_each_clue_counts(less, more):
    assert clues.line_of(less).evidence < clues.line_of(more).evidence


def test_a_shared_form_outweighs_other_clues():
    talks = [line for n in (10, 11, 13) for line in (f"{n}:00 港、船、山から", PROSE, PROSE + PROSE)]

    assert "10:00 港、船、山から" in headings("会議", PROSE, *talks)
    assert "10:00 港、船、山から" not in headings("会議", PROSE, *talks[:3], PROSE, PROSE)


def test_texts_begin_with_a_title_and_do_not_end_with_one():
    first, middle, last = (read(rows(*texts))[place].margin for texts, place in (
        (("港の話", PROSE, PROSE), 0),
        ((PROSE, "港の話", PROSE), 1),
        ((PROSE, PROSE, "港の話"), 2),
    ))  # fmt: skip

    assert first > middle > last


@pytest.mark.parametrize(
    "title", ["テストが遅いので速くしました", "eBPF、はじめました", "請求書が月200万円になりました"]
)
def test_a_title_may_end_like_a_sentence_where_sentences_have_their_stop(title):
    talks = [line for n in range(4) for line in (f"港の話その{n}", PROSE, PROSE)]

    assert title in headings("会議のまとめ", PROSE, *talks, title, PROSE, PROSE)


def test_where_sentences_have_no_stop_such_a_line_is_text():
    loose = PROSE.removesuffix("。")
    talks = [line for n in range(4) for line in (f"港の話その{n}", loose, loose)]

    assert "とても速くしました" not in headings("会議", loose, *talks, "とても速くしました", loose)


def test_a_first_line_that_tells_of_an_event_is_the_title():
    assert headings("港の会議に参加してきました", PROSE, "港の話", PROSE)[0] == "港の会議に参加してきました"


@pytest.mark.parametrize("line", ["2025年4月5日@幕張", "10/19(土) 13:00〜18:00 オンライン"])
def test_when_it_was_is_no_heading_below_the_title(line):
    assert line not in headings("港の会議", line, "港の話", PROSE, "船の話", PROSE)


@pytest.mark.parametrize(
    "line", ["題名がそのまますぎるw", "雨の匂いがすごい", "肩がこるという実験", "見本は300行", "そう言えば(笑)"]
)
def test_remarks_in_passing_are_text(line):
    assert line not in headings("会議のまとめ", PROSE, "港の話", PROSE, line, PROSE, "船の話", PROSE)


def test_a_panel_without_a_speaker_is_a_talk_among_those_that_have_one():
    talks = [line for n in "ABCDE" for line in (f"Talk {n}, by Ann Lee", "It was good.")]

    assert "Panel: Who Owns It?" in headings("Conf", "It was fun.", *talks, "Panel: Who Owns It?", "Nobody agreed.")


@pytest.mark.parametrize("line", ["Q. 経営層をどう説得しましたか?", "A: グラフを見せた", "質問: 誰が払うのか"])
def test_questions_and_answers_inside_a_talk_are_text(line):
    talks = [text for n in range(3) for text in (f"港の話その{n}", PROSE, PROSE)]

    assert line not in headings("会議のまとめ", PROSE, *talks, line, PROSE, "船の話", PROSE)


def test_quoted_lines_are_headings_where_many_are_quoted():
    talks = [line for n in range(4) for line in (f"「港の話その{n}」", PROSE, PROSE)]

    assert headings("会議のまとめ", PROSE, *talks) == ["会議のまとめ", *talks[::3]]


def test_circled_numbers_make_a_list():
    items = ["① 静かな箱", "② 資格の話", "③ 線の色"]
    talks = [line for n in range(3) for line in (f"港の話その{n}", PROSE, PROSE)]

    assert not set(items) & set(headings("会議のまとめ", PROSE, *talks, "五分の話", *items, PROSE))


def test_a_closing_may_end_with_a_stop():
    assert "終わりに。" in headings("会議のまとめ", PROSE, "港の話", PROSE, "終わりに。", PROSE)


def test_a_quotation_below_a_heading_is_text():
    talks = [line for n in range(3) for line in (f"港の話その{n}", PROSE, PROSE)]

    assert "「夜は寝るもの」" not in headings("会議のまとめ", PROSE, *talks, "夜の話", "「夜は寝るもの」", PROSE)
