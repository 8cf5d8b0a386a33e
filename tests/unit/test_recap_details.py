"""Lines right below a talk's heading: who speaks, when, where, in which language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap.blocks import Block, Cell
from cnddigest.recap.details import Details, below
from cnddigest.recap.outline import understood


def a_paragraph(*strings: str) -> Block:
    return Block(kind="paragraph", line=3, strings=strings)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Room: Hall B", Details(room="Hall B")),
        ("会場：ホールA", Details(room="ホールA")),
        ("- Salle : Amphi 3", Details(room="Amphi 3")),
        ("時間：10:00〜10:45", Details(starts_at="10:00", ends_at="10:45")),
        ("Uhrzeit: 14 Uhr", Details()),
        ("Zeit: 14:30 Uhr", Details(starts_at="14:30")),
        ("Language: English", Details(language="en")),
        ("言語：日本語", Details(language="ja")),
        ("Språk: norsk", Details(language="no")),
        ("Language: Rust", Details()),
        ("Level: Beginner", Details(level="Beginner")),
        ("トラック：運用", Details(track="運用")),
        ("Session ID: B-12", Details(code="B-12")),
        ("登壇者：根岸 薫 氏（東湾銀行）", Details(speakers=("根岸 薫",))),
        ("Speaker: Ann Lee | Room: 3 | Language: German", Details(speakers=("Ann Lee",), room="3", language="de")),
        ("Room: 大会議室 Language: English", Details(room="大会議室", language="en")),
        ("Room: nobody knew where it was until ten.", Details()),
        ("The room: a barn", Details()),
    ],
)
def test_a_labelled_line_says_what_its_label_names(line, expected):
    assert below([a_paragraph(line)]) == expected


def test_lines_of_one_paragraph_are_read_one_by_one():
    found = below([a_paragraph("登壇者：九条 まお\n会場：ホールA\n時間：11:00")])

    assert found == Details(speakers=("九条 まお",), room="ホールA", starts_at="11:00")


def test_a_small_table_below_the_heading_has_labels_and_values():
    rows = tuple((Cell(strings=(label,)), Cell(strings=(value,))) for label, value in [("会場", "B"), ("言語", "英語")])

    assert below([Block(kind="table", line=3, cells=rows)]) == Details(room="B", language="en")


def test_of_two_lines_about_the_same_thing_the_first_counts():
    assert below([a_paragraph("Room: A", "Room: B")]).room == "A"


def test_code_says_nothing_about_the_talk():
    assert below([Block(kind="code", line=3, strings=("room: A",))]) == Details()


def test_lines_further_down_are_text():
    assert below([a_paragraph(*["An ordinary sentence."] * 6, "Room: A")]) == Details()


def test_what_the_heading_says_goes_first():
    text = "# Conf\n\n## 10:00 Title @ Hall A\n\nTime: 11:00\n\nRoom: B\n\n## 12:00 Other\n\nx\n"

    first = understood([a_source(text, format="markdown")]).sessions[0]

    assert (first.title, first.starts_at, first.room) == ("Title", "10:00", "Hall A")


@given(st.lists(st.text(max_size=80), max_size=8))
def test_any_lines_are_read_without_an_error(strings):
    assert isinstance(below([a_paragraph(*strings)]), Details)
