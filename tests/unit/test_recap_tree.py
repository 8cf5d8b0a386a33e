"""Markdown recaps: which headings are days, groups, talks, front matter and closing."""

import pytest

from builders import a_source
from cnddigest.recap.model import Recap
from cnddigest.recap.outline import read, understood


def a_markdown(text: str, **fields: object) -> Recap:
    return understood([a_source(text, format="markdown", path="recap.md", **fields)])


def titles(recap: Recap) -> list[list[str]]:
    return [[session.title for session in day.sessions] for day in recap.days]


def test_days_over_talks():
    found = a_markdown(
        "# Conf\n\n## Day 1\n\n### A\n\ntext\n\n### B\n\ntext\n\n## Day 2\n\nLate start.\n\n### C\n\ntext\n"
    )

    assert titles(found) == [["A", "B"], ["C"]]
    assert found.title == "Conf"
    assert found.days[1].introduction.paragraphs == ("Late start.",)


def test_days_at_the_level_of_the_talks():
    found = a_markdown("# Conf\n\n## Day 1\n\n## A\n\ntext\n\n## Day 2\n\n## B\n\ntext\n")

    assert titles(found) == [["A"], ["B"]]


def test_the_title_of_the_front_matter_wins_and_a_repeated_one_is_dropped():
    found = a_markdown("# Conf\n\n## A\n\ntext\n\n## B\n\ntext\n", title="Conf")

    assert found.title == "Conf"
    assert titles(found) == [["A", "B"]]
    assert [(line.text, line.reason) for line in found.dropped] == [("Conf", "repeated title")]


def test_a_recap_may_have_no_title():
    found = a_markdown("Hello.\n\n## A\n\ntext\n\n## B\n\ntext\n")

    assert found.title == ""
    assert titles(found) == [["A", "B"]]


def test_a_title_may_stand_at_the_level_of_the_talks():
    found = a_markdown("# Notes from Conf 2026\n\nHello.\n\n# A\n\ntext\n\n# B\n\ntext\n")

    assert found.title == "Notes from Conf 2026"
    assert titles(found) == [["A", "B"]]


def test_inner_headings_are_strings_of_their_talk():
    found = a_markdown("# Conf\n\n## A\n\none\n\n### Details\n\ntwo\n\n## B\n\nthree\n\n## C\n\nfour\n")

    assert found.sessions[0].prose.paragraphs == ("one", "Details", "two")
    assert "<h4>Details</h4>" in found.sessions[0].prose.html


def test_repeated_headings_are_parts_of_talks():
    talks = "".join(f"## T{n}\n\ntext\n\n### What it was about\n\nx\n\n### Slides\n\ny\n\n" for n in range(4))

    assert titles(a_markdown("# Conf\n\n" + talks)) == [["T0", "T1", "T2", "T3"]]


def test_tracks_without_text_are_groups():
    found = a_markdown(
        "# Conf\n\n## Track A\n\n### A\n\ntext\n\n### B\n\ntext\n\n## Track B\n\n### C\n\ntext\n\n## Track C\n"
    )

    assert [session.group for session in found.sessions] == ["Track A", "Track A", "Track B"]
    assert [(line.text, line.reason) for line in found.dropped] == [("Track C", "empty section")]


def test_lightning_talks_are_a_group_below_the_level_of_the_talks():
    lightning = "## Lightning talks\n\n### C\n\ntext\n\n### D\n\ntext\n\n"

    found = a_markdown(f"# Conf\n\n## A\n\ntext\n\n## B\n\ntext\n\n{lightning}## E\n\ntext\n")

    assert [(s.title, s.kind) for s in found.sessions] == [
        ("A", "talk"),
        ("B", "talk"),
        ("C", "lightning"),
        ("D", "lightning"),
        ("E", "talk"),
    ]


def test_a_talk_a_level_too_high_swallows_nothing():
    found = a_markdown("# Conf\n\n## Day 1\n\n### A\n\ntext\n\n## B\n\ntext\n\n### C\n\ntext\n\n### D\n\ntext\n")

    assert titles(found) == [["A", "B", "C", "D"]]
    assert {session.group for session in found.sessions} == {None}


def test_an_empty_talk_is_a_talk():
    found = a_markdown("# Conf\n\n## A\n\n## B\n\ntext\n\n## C\n\ntext\n")

    assert titles(found) == [["A", "B", "C"]]


@pytest.mark.parametrize("heading", ["What is Conf?", "Introduction", "About"])
def test_a_front_section_belongs_to_the_introduction(heading):
    found = a_markdown(f"# Conf\n\nHello.\n\n## {heading}\n\nFront.\n\n## A\n\ntext\n\n## B\n\ntext\n")

    assert found.introduction.paragraphs == ("Hello.", heading, "Front.")
    assert titles(found) == [["A", "B"]]


def test_a_question_that_is_a_talk_is_no_front_section():
    found = a_markdown("# Conf\n\n## What is eBPF?\n\ntext\n\n## B\n\ntext\n")

    assert titles(found) == [["What is eBPF?", "B"]]


def test_a_closing_has_its_own_headings():
    found = a_markdown("# Conf\n\n## A\n\ntext\n\n## B\n\ntext\n\n## Conclusion\n\nBye.\n\n### Links\n\nmore\n")

    assert found.closing.heading == "Conclusion"
    assert found.closing.prose.paragraphs == ("Bye.", "Links", "more")


def test_a_closing_word_over_the_talks_is_no_closing():
    found = a_markdown("# Conf\n\n## 感想\n\n### A\n\ntext\n\n### B\n\ntext\n")

    assert titles(found) == [["A", "B"]]
    assert found.closing.heading is None


def test_an_address_first_under_a_heading_is_the_talks_page():
    found = a_markdown(
        "# Conf\n\n## A\n\nhttps://example.org/a\n\ntext https://example.org/b\n\n## B\n\ntext\n\nhttps://example.org/c\n"
    )

    assert [session.url for session in found.sessions] == ["https://example.org/a", None]
    assert "example.org/a" not in found.sessions[0].prose.html
    assert [link.url for link in found.sessions[0].links] == ["https://example.org/b"]


def test_a_heading_that_is_a_link_gives_the_talks_page():
    found = a_markdown("# Conf\n\n## [A](https://example.org/a)\n\ntext\n\n## B\n\ntext\n")

    assert (found.sessions[0].title, found.sessions[0].url) == ("A", "https://example.org/a")


def test_a_contents_list_gives_its_links_and_goes():
    found = a_markdown(
        "# Conf\n\n- [A](https://example.org/a)\n- [B](https://example.org/b)\n\n## A\n\ntext\n\n## B\n\ntext\n"
    )

    assert [session.url for session in found.sessions] == ["https://example.org/a", "https://example.org/b"]
    assert [(line.text, line.reason) for line in found.dropped] == [("A", "contents"), ("B", "contents")]


def test_days_as_prefixes_of_talks_are_inherited():
    found = a_markdown(
        "Hi.\n\n## 1日目基調講演「あ」\n\ntext\n\n## い\n\ntext\n\n## 2日目基調講演「う」\n\ntext\n\n## え\n\ntext\n"
    )

    assert [day.label for day in found.days] == ["1日目", "2日目"]
    assert titles(found) == [["あ", "い"], ["う", "え"]]


def test_a_day_in_one_title_is_no_prefix():
    found = a_markdown("# Conf\n\n## Day 2 Operations\n\ntext\n\n## B\n\ntext\n")

    assert [day.label for day in found.days] == [""]
    assert titles(found) == [["Day 2 Operations", "B"]]


@pytest.mark.parametrize("title", ["Camp 2026: Day Two", "Camp 2026 Day Two レポート", "レポート(Day Two)"])
def test_the_day_may_stand_in_the_title_alone(title):
    found = a_markdown("Hi.\n\n## A\n\ntext\n\n## B\n\ntext\n", title=title)

    assert [(day.number, day.label) for day in found.days] == [(2, "Day Two")]
    assert found.title == title


def test_a_day_label_that_comes_back_adds_to_its_day():
    found = a_markdown("# Conf\n\n## Day 1\n\n### A\n\nx\n\n## Day 2\n\n### B\n\nx\n\n## Day 1\n\n### C\n\nx\n")

    assert sorted(map(sorted, titles(found))) == [["A", "C"], ["B"]]


TIMETABLE = """# Conf

June 6-7, 2026

## Day 1

| Time | Barn | Loft |
|---|---|---|
| 09:30 | [Opening](https://example.org/o) / Juno Ferreira | |
| 10:30 | Small Queues / Kit Abernathy | A Tour / Soraya Lund |
| 12:00 | Lunch | |
"""


def test_cells_of_a_timetable_are_talks():
    found = a_markdown(TIMETABLE).sessions

    assert [(s.title, s.speakers, s.track, s.starts_at, s.kind) for s in found] == [
        ("Opening", ("Juno Ferreira",), "Barn", "09:30", "talk"),
        ("Small Queues", ("Kit Abernathy",), "Barn", "10:30", "talk"),
        ("A Tour", ("Soraya Lund",), "Loft", "10:30", "talk"),
        ("Lunch", (), "Barn", "12:00", "event"),
    ]
    assert found[0].url == "https://example.org/o"


def test_list_items_are_talks_with_the_rest_as_their_text():
    first = "- **Small Queues** by Kit Abernathy: keep them small. [slides](https://example.org/s)"
    text = f"# Conf\n\n## Day 1\n\n{first}\n- **A Tour** by Soraya Lund: of handlers.\n"

    found = a_markdown(text).sessions

    assert [(s.title, s.speakers, s.prose.paragraphs) for s in found] == [
        ("Small Queues", ("Kit Abernathy",), ("keep them small. slides",)),
        ("A Tour", ("Soraya Lund",), ("of handlers.",)),
    ]
    assert [link.url for link in found[0].links] == ["https://example.org/s"]


def test_a_list_inside_a_talk_stays_there():
    found = a_markdown("# Conf\n\n## A\n\n- one thing\n- another thing\n\n## B\n\ntext\n")

    assert titles(found) == [["A", "B"]]


def test_a_heading_in_a_code_block_is_text():
    found = a_markdown("# Conf\n\n## A\n\n```\n# Day 2\n```\n\n## B\n\ntext\n")

    assert titles(found) == [["A", "B"]]
    assert read([a_source("# Conf\n\n## A\n\nx\n\n## B\n\nx", format="markdown")]).days[0].label == ""


@pytest.mark.parametrize("line", ["Speaker: Haruka Endo", "登壇者：Haruka Endo", "Presented by: Haruka Endo (Acme)"])
def test_a_line_below_the_heading_may_name_the_speaker(line):
    found = a_markdown(f"# Conf\n\n## A\n\n{line}\n\ntext\n\n## B\n\ntext\n")

    assert found.sessions[0].speakers == ("Haruka Endo",)
    assert found.sessions[0].prose.paragraphs[0] == line


def test_a_table_with_a_talk_per_row_holds_talks():
    rows = "| Pruning Trees | Ann Cho | 10:00 | [pdf](https://example.org/1) |\n| Cider | Bo Lind | 11:00 | |\n"

    found = a_markdown(f"# Conf\n\n## Day 1\n\n| Talk | Speaker | Time | Slides |\n|---|---|---|---|\n{rows}")

    assert [(s.title, s.speakers, s.starts_at) for s in found.sessions] == [
        ("Pruning Trees", ("Ann Cho",), "10:00"),
        ("Cider", ("Bo Lind",), "11:00"),
    ]
    assert {line.reason for line in found.dropped} == {"no talk in a table"}


def test_talks_listed_before_any_heading_are_talks():
    found = a_markdown("Notes.\n\n- Small Queues by Kit Abernathy\n- A Tour by Soraya Lund\n", title="Conf")

    assert titles(found) == [["Small Queues", "A Tour"]]
    assert found.introduction.paragraphs == ("Notes.",)


def test_a_day_may_introduce_itself_under_a_heading():
    found = a_markdown("# Conf\n\n# Day 1\n\n## Introduction\n\nIt rained.\n\n## A\n\ntext\n\n## B\n\ntext\n")

    assert found.days[0].introduction.paragraphs == ("Introduction", "It rained.")
    assert titles(found) == [["A", "B"]]


def test_a_group_may_introduce_itself():
    found = a_markdown("# Conf\n\n# One\n\n### A\n\nx\n\n### B\n\nx\n\n# Two\n\nI was late.\n\n### C\n\nx\n")

    assert [session.group for session in found.sessions] == ["One", "One", "Two"]
    assert found.days[0].introduction.paragraphs == ("I was late.",)


def test_repeated_headings_are_parts_of_talks_that_have_no_other_text():
    talks = "".join(f"## T{n}\n\n### The idea\n\nx\n\n### The rest\n\ny\n\n" for n in range(4))

    assert titles(a_markdown("# Conf\n\n" + talks)) == [["T0", "T1", "T2", "T3"]]


def test_talks_keep_their_chapters():
    talks = "".join(
        f"## T{n}\n\n{'words ' * 20}\n\n### One {n}\n\nx\n\n### Two {n}\n\ny\n\n### Three {n}\n\nz\n\n"
        for n in range(3)
    )

    assert titles(a_markdown("# Conf\n\n" + talks)) == [["T0", "T1", "T2"]]


def test_groups_with_a_line_of_their_own_keep_their_talks():
    groups = "".join(
        f"## Theme {n}\n\nfew\n\n### A{n}\n\n{'words ' * 20}\n\n### B{n}\n\n{'words ' * 20}\n\n" for n in range(3)
    )

    assert titles(a_markdown("# Conf\n\n" + groups)) == [["A0", "B0", "A1", "B1", "A2", "B2"]]


def test_talks_that_are_only_mentioned_are_no_sessions():
    prose = "We walked from room to room and talked to everybody. " * 20

    found = a_markdown(f"# Conf\n\n## Day 1\n\n{prose}\n\n- Small Queues by Kit Abernathy\n- A Tour by Soraya Lund\n")

    assert not found.sessions
    assert len(found.days[0].introduction.paragraphs) == 3


def test_one_name_in_a_list_makes_no_talks():
    items = "\n".join(["- A Tour by Soraya Lund", *(f"- thing {n}" for n in range(4))])

    assert not a_markdown(f"# Conf\n\n## Day 1\n\n{items}\n").sessions


def test_a_list_that_names_one_talk_is_no_contents_list():
    found = a_markdown("# Conf\n\nMy favourites:\n\n- A\n- the coffee\n\n## A\n\ntext\n\n## B\n\ntext\n")

    assert found.introduction.paragraphs == ("My favourites:", "A", "the coffee")


def test_a_chapter_with_a_name_stays_inside_its_talk():
    found = a_markdown("# Conf\n\n## A\n\n### A question by Ann Lee\n\nx\n\n## B\n\ny\n\n## C\n\nz\n")

    assert titles(found) == [["A", "B", "C"]]


def test_rows_without_a_talk_are_dropped_and_words_for_times_are_kept():
    rows = "| A Tour | Ann Lee | morning |\n| Queues | Bo Ray | 11:00 |\n| | nobody | 12:00 |\n"

    found = a_markdown(f"# Conf\n\n## Day 1\n\n| Talk | Speaker | Time |\n|---|---|---|\n{rows}")

    assert [(s.starts_at, s.prose.paragraphs) for s in found.sessions] == [(None, ("morning",)), ("11:00", ())]
    assert [line.text for line in found.dropped][-2:] == ["nobody", "12:00"]


def test_days_in_brackets_before_talks_are_their_days():
    found = a_markdown(
        "# Conf\n\n## [1日目] 港の話\n\nx\n\n## [1日目] 船の話\n\nx\n\n## [2日目] 帆の話\n\nx\n\n## [2日目] 浜\n\nx\n"
    )

    assert [day.label for day in found.days] == ["1日目", "2日目"]
    assert titles(found) == [["港の話", "船の話"], ["帆の話", "浜"]]


@pytest.mark.parametrize(
    ("labels", "dates"),
    [
        (("前夜祭", "初日", "最終日"), ("2024-11-07", "2024-11-08", "2024-11-09")),
        (("前夜祭", "1日目", "2日目"), ("2024-11-07", "2024-11-08", "2024-11-09")),
        (("前夜祭", "初日"), ("2024-11-06", "2024-11-07")),
    ],
)
def test_the_eve_is_inside_an_event_of_as_many_days_as_labels(labels, dates):
    days = "".join(f"## {label}\n\n### 話{n}\n\nx\n\n### 続き{n}\n\ny\n\n" for n, label in enumerate(labels))

    found = a_markdown(f"# 会議\n\n2024年11月7日から9日まで。\n\n{days}")

    assert tuple(str(day.date) for day in found.days) == dates


def test_an_address_as_heading_and_as_text_is_kept_twice():
    found = a_markdown("# Conf\n\n# https://example.org/a\n\n- https://example.org/a\n")

    assert found.sessions[0].heading == "https://example.org/a"
    assert found.sessions[0].prose.paragraphs == ("https://example.org/a",)


def test_links_to_other_articles_at_the_end_are_dropped():
    links = "- [港の会議2023](https://example.org/a)\n- [船の会議](https://example.org/b)\n"

    found = a_markdown(f"# Conf\n\n## A\n\nx\n\n## B\n\ny\n\n## まとめ\n\nz\n\n### 関連記事\n\n{links}")

    assert found.closing.prose.paragraphs == ("z",)
    assert [line.text for line in found.dropped] == ["関連記事", "港の会議2023", "船の会議"]


def test_what_an_author_says_of_other_articles_is_kept():
    found = a_markdown("# Conf\n\n## A\n\nx\n\n## B\n\ny\n\n## まとめ\n\nz\n\n### 関連記事\n\n前回も書きました。\n")

    assert not found.dropped


def test_the_line_below_a_bold_link_is_the_text_of_its_talk():
    items = "".join(f"1. **[Talk {n}](https://example.org/{n})** by Ann Lee\n   It was good.\n" for n in "AB")

    found = a_markdown(f"# Conf\n\n## Day 1\n\n{items}")

    assert [(s.title, s.speakers, s.prose.paragraphs) for s in found.sessions] == [
        ("Talk A", ("Ann Lee",), ("It was good.",)),
        ("Talk B", ("Ann Lee",), ("It was good.",)),
    ]
