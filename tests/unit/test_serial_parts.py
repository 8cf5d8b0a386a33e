"""A recap cut into Parts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_session, some_prose
from cnddigest.errors import BadConfiguration
from cnddigest.recap.model import NO_CLOSING, NOTHING, Day
from cnddigest.serial.model import Part
from cnddigest.serial.parts import cut, with_distinct_titles
from cnddigest.values import from_json, to_json

MORE = " ほか{count}件"
RULES = st.one_of(st.sampled_from(["day", "session"]), st.integers(1, 7))
SHAPES = st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from(["", "1日目", "2日目"])), max_size=6)
TITLES = st.lists(st.sampled_from(["LT", "LT (2)", "話", ""]), min_size=30, max_size=30)


def parts_of(recap, rule="day", *, title="港の会議", first=1):
    return cut(recap, rule, title=title, more=MORE, first=first)


def a_shaped_recap(shapes, titles):
    """A day for each (sessions, introduced, label)."""
    numbers = iter(range(1, 31))
    days = tuple(
        Day(
            number=n,
            label=label,
            introduction=some_prose(f"{n}日目のはじめに") if introduced else NOTHING,
            sessions=tuple(a_session(k, title=titles[k - 1]) for k in (next(numbers) for _ in range(size))),
        )
        for n, (size, introduced, label) in enumerate(shapes, 1)
    )
    return replace(a_recap(), days=days)


def test_by_day_each_day_is_a_part():
    parts = parts_of(a_recap(days=2, sessions=3))

    assert [(part.number, part.title, len(part.sessions)) for part in parts] == [
        (1, "1日目 – 港の会議", 3),
        (2, "2日目 – 港の会議", 3),
    ]


def test_by_session_each_session_is_a_part():
    parts = parts_of(a_recap(days=2, sessions=2), "session")

    assert [part.title for part in parts] == ["発表その1", "発表その2", "発表その3", "発表その4"]


def test_by_number_a_part_reaches_over_days():
    parts = parts_of(a_recap(days=2, sessions=3), 4)

    assert [[(c.label, len(c.sessions)) for c in part.chapters] for part in parts] == [
        [("1日目", 3), ("2日目", 1)],
        [("2日目", 2)],
    ]


def test_by_number_a_part_says_how_many_follow_the_first():
    parts = parts_of(a_recap(days=1, sessions=4), 3)

    assert [part.title for part in parts] == ["発表その1 ほか2件", "発表その4"]


def test_introduction_comes_first_and_closing_last():
    recap = a_recap(days=3)

    parts = parts_of(recap)

    assert [part.introduction for part in parts] == [recap.introduction, NOTHING, NOTHING]
    assert [part.closing for part in parts] == [NO_CLOSING, NO_CLOSING, recap.closing]


def test_a_days_introduction_comes_where_the_day_begins():
    recap = a_shaped_recap([(3, True, "1日目")], ["話"] * 30)

    parts = parts_of(recap, 2)

    assert [bool(part.chapters[0].introduction) for part in parts] == [True, False]


def test_a_day_of_nothing_but_introduction_is_a_part_by_day():
    parts = parts_of(a_shaped_recap([(1, False, "1日目"), (0, True, "2日目"), (0, False, "3日目")], ["話"] * 30))

    assert [part.day for part in parts] == ["1日目", "2日目"]


def test_an_introduction_without_sessions_waits_for_the_next_session():
    parts = parts_of(a_shaped_recap([(1, False, "1日目"), (0, True, "2日目"), (1, False, "3日目")], ["話"] * 30), 1)

    assert [[chapter.label for chapter in part.chapters] for part in parts] == [["1日目"], ["2日目", "3日目"]]


def test_an_introduction_after_the_last_session_joins_the_last_part():
    parts = parts_of(a_shaped_recap([(1, False, "1日目"), (0, True, "2日目")], ["話"] * 30), "session")

    assert [[chapter.label for chapter in part.chapters] for part in parts] == [["1日目", "2日目"]]


def test_without_a_day_label_the_title_stands_alone():
    parts = parts_of(a_shaped_recap([(1, False, ""), (1, False, "")], ["話"] * 30))

    assert [part.title for part in parts] == ["港の会議", "港の会議 (2)"]


def test_a_part_without_any_title_is_called_by_its_number():
    parts = parts_of(a_shaped_recap([(1, False, "")], [""] * 30), "session", title="")

    assert [part.title for part in parts] == ["1"]


def test_numbers_continue_where_asked():
    parts = parts_of(a_recap(days=2), first=5)

    assert [part.id for part in parts] == ["part-5", "part-6"]


@pytest.mark.parametrize("rule", ["week", 0, -1, ""])
def test_an_unknown_rule_is_refused(rule):
    with pytest.raises(BadConfiguration, match="not a rule for parts"):
        parts_of(a_recap(), rule)


@given(SHAPES, TITLES, RULES)
def test_everything_is_in_exactly_one_part_in_order(shapes, titles, rule):
    recap = a_shaped_recap(shapes, titles)

    parts = parts_of(recap, rule)

    assert [session for part in parts for session in part.sessions] == list(recap.sessions)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    introductions = [chapter.introduction for part in parts for chapter in part.chapters if chapter.introduction]
    assert introductions == [day.introduction for day in recap.days if day.introduction]
    assert [part.introduction for part in parts if part.introduction] == [recap.introduction][: len(parts)]
    assert [part.closing for part in parts if part.closing != NO_CLOSING] == [recap.closing][: len(parts)]


@given(SHAPES, TITLES, RULES)
def test_no_two_parts_have_one_title(shapes, titles, rule):
    parts = parts_of(a_shaped_recap(shapes, titles), rule)

    assert len({part.title for part in parts}) == len(parts)
    assert all(part.title for part in parts)


@given(SHAPES, TITLES, st.integers(1, 7))
def test_by_number_every_part_but_the_last_is_full(shapes, titles, size):
    parts = parts_of(a_shaped_recap(shapes, titles), size)

    assert all(len(part.sessions) == size for part in parts[:-1])


@given(SHAPES, TITLES, RULES)
def test_no_chapter_of_a_part_repeats_the_day_before_it(shapes, titles, rule):
    numbered = [(size, introduced, f"day {n}") for n, (size, introduced, _) in enumerate(shapes)]

    parts = parts_of(a_shaped_recap(numbered, titles), rule)

    for part in parts:
        labels = [chapter.label for chapter in part.chapters]
        assert len(set(labels)) == len(labels)


@given(st.lists(st.sampled_from(["LT", "LT (2)", "LT (2) (2)", "話"])))
def test_a_part_added_at_the_end_renames_none(titles):
    parts = [Part(number=n, title=title) for n, title in enumerate(titles, 1)]
    added = Part(number=len(titles) + 1, title="LT")

    assert with_distinct_titles([*parts, added])[:-1] == with_distinct_titles(parts)


@given(SHAPES, TITLES, RULES)
def test_the_record_gives_back_the_part_it_was_given(shapes, titles, rule):
    parts = parts_of(a_shaped_recap(shapes, titles), rule)

    assert [from_json(to_json(part), Part) for part in parts] == list(parts)


def test_ten_thousand_equal_titles_are_numbered_in_one_pass():
    recap = a_recap(days=1, sessions=10_000)
    day = recap.days[0]
    same = replace(recap, days=(replace(day, sessions=tuple(replace(s, title="LT") for s in day.sessions)),))

    parts = parts_of(same, "session")

    assert parts[-1].title == "LT (10000)"
