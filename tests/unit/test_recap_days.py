"""Day labels in five languages, and lines that only look like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.dates import Written
from cnddigest.recap.days import mark


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("1日目", 1),
        ("二日目", 2),
        ("第2日", 2),
        ("■ 2日目", 2),
        ("Day 1", 1),
        ("DAY 02", 2),
        ("Day1", 1),
        ("Day One", 1),
        ("Day 1 (Friday)", 1),
        ("Jour 1 : samedi 14 mars", 1),
        ("Premier jour", 1),
        ("Zweiter Tag", 2),
        ("1. Tag", 1),
        ("Andre dag", 2),
        ("Event Day 2, Thursday June 4", 2),
        ("【1日目】11月21日(月)", 1),
        ("１日目　５／３０（土）", 1),
        ("🌞 1日目", 1),
    ],
)
def test_a_numbered_day_alone_on_its_line_is_a_label(line, number):
    found = mark(line)

    assert found
    assert (found.place, found.number) == ("whole", number)


@pytest.mark.parametrize(
    ("line", "month", "day"),
    [
        ("6月20日（土）", 6, 20),
        ("2022/11/21 (Mon)", 11, 21),
        ("2022年11月21日(月・祝)", 11, 21),
        ("June 6", 6, 6),
        ("Saturday, June 6th", 6, 6),
        ("Tuesday, 3 March 2026", 3, 3),
        ("Freitag, 5. Juni", 6, 5),
        ("11/21", 11, 21),
    ],
)
def test_a_date_alone_on_its_line_is_a_label(line, month, day):
    found = mark(line)

    assert found
    assert found.place == "whole"
    assert found.date
    assert (found.date.month, found.date.day) == (month, day)


@pytest.mark.parametrize(
    ("line", "word"), [("初日", "first"), ("最終日", "last"), ("前夜祭", "eve"), ("Dernier jour", "last")]
)
def test_a_day_may_be_named_by_a_word(line, word):
    found = mark(line)

    assert found
    assert (found.place, found.word) == ("whole", word)


@pytest.mark.parametrize(("line", "weekday"), [("Saturday", 5), ("dimanche", 6), ("Onsdag", 2), ("土曜日", 5)])
def test_a_weekday_alone_on_its_line_is_a_label(line, weekday):
    found = mark(line)

    assert found
    assert (found.place, found.weekday) == ("whole", weekday)


@pytest.mark.parametrize("line", ["Dag 0 - theme", "Day 1: Workshops and tutorials", "Kelp Ruby Camp 2026: Day One"])
def test_a_few_words_set_apart_are_a_theme(line):
    found = mark(line)

    assert found
    assert found.place == "themed"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("1日目基調講演「遅いコードと長く付き合う」 ― 百瀬 ゆり", "start"),
        ("Friday 09:30 Small Queues - Fenna de Wit", "start"),
        ("Day 2 Keynote: The Future", "start"),
        ("Day 2 Operations with a Toaster", "start"),
        ("キーノート1日目", "end"),
        ("Surviving Day 2", "end"),
    ],
)
def test_a_day_with_a_talk_beside_it_is_no_label(line, place):
    found = mark(line)

    assert found
    assert found.place == place


@pytest.mark.parametrize(
    "line",
    [
        "入社1日目のオンコール",
        "Platform Day トラック",
        "The Day 1 Problem",
        "15h10 – « Jour zéro » : répondre à une faille quand on est trois (Saïda Morvan)",
        "May the Force",
        "2日で作る",
        "Monitoring the Sun",
        "",
    ],
)
def test_a_day_in_the_middle_of_a_title_is_nothing(line):
    assert mark(line) is None


def test_what_stands_beside_the_day_is_kept():
    found = mark("Day 1: Workshops")

    assert found
    assert (found.text, found.rest) == ("Day 1", "Workshops")


def test_a_label_can_have_number_date_and_weekday():
    found = mark("1日目 2026/5/30(土)")

    assert found
    assert (found.number, found.date, found.weekday) == (1, Written(year=2026, month=5, day=30), 5)


@given(st.text(max_size=300))
def test_any_line_can_be_asked(line):
    found = mark(line)

    assert found is None or found.place in {"whole", "themed", "start", "end"}


@pytest.mark.parametrize(
    ("line", "leads"),
    [("[1日目] 港の話", True), ("1日目 港の話をした", True), ("1日目", False), ("CNDT2022 1日目", False)],
)
def test_a_day_leads_a_line_that_goes_on(line, leads):
    found = mark(line)

    assert found
    assert found.leads is leads


@pytest.mark.parametrize("line", ["Måndag 13. mai", "Tysdag 14. mai", "Laurdag"])
def test_weekdays_have_more_than_one_spelling(line):
    found = mark(line)

    assert found
    assert found.place == "whole"


@pytest.mark.parametrize(
    "label",
    [
        "Day 1-2",
        "Day 1 & Day 2",
        "Days 1 and 2",
        "1日目・2日目",
        "1〜2日目",
        "Tag 1 und 2",
        "Jour 1 et 2",
        "Dag 1 og 2",
    ],
)
def test_a_label_of_two_days_is_a_label_of_the_first(label):
    found = mark(label)

    assert found
    assert (found.place, found.number) == ("whole", 1)


@pytest.mark.parametrize(
    ("label", "number"),
    [
        ("第2日", 2),
        ("Zweiter Tag", 2),
        ("Troisième jour", 3),
        ("Andre dag", 2),
        ("2日目 午前", 2),
        ("Day 2 afternoon", 2),
    ],
)
def test_days_are_numbered_in_words_too(label, number):
    found = mark(label)

    assert found
    assert (found.place, found.number) == ("whole", number)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The Day 1 Problem", None),
        ("キーノート1日目", "end"),
        ("Day 2 Keynote: Ten Years of Queues", "start"),
        ("Day 1 - 5 talks I liked", "themed"),
    ],
)
def test_a_title_with_a_day_in_it_is_no_label(text, place):
    found = mark(text)

    assert (found and found.place) == place
