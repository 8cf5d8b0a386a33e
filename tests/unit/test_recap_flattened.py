"""Tables and lists of talks in plain text, without their markup."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap.flattened import found
from cnddigest.recap.lines import Row
from cnddigest.recap.outline import understood

TIMETABLE = (
    "Time\tBarn\tAttic",
    "10:00\tSmall Queues / Ann Lee\tLong Waits / Bo Lind",
    "11:00\tLunch",
    "12:00\tLate Bugs / Cy Dahl\tEarly Birds / Di Roth",
)
REMARKS = (
    "Small Queues by Ann Lee: she drew all of them.",
    "Long Waits (Bo Lind): worth it.",
    "Late Bugs - Cy Dahl: from 2011.",
)


def a_text(*lines: str) -> str:
    return "\n".join(["Shed Days 2025", "Notes from June 6-7, 2025.", "Day 1", *lines, "Wrap-up", "It was good."])


def rows(*lines: str) -> list[Row]:
    return [Row(line=n, text=line) for n, line in enumerate(lines, 1)]


def test_tabs_are_the_borders_of_a_timetable():
    sessions = understood([a_source(a_text(*TIMETABLE))]).sessions

    assert [(one.title, one.starts_at, one.track) for one in sessions] == [
        ("Small Queues", "10:00", "Barn"),
        ("Long Waits", "10:00", "Attic"),
        ("Lunch", "11:00", "Barn"),
        ("Late Bugs", "12:00", "Barn"),
        ("Early Birds", "12:00", "Attic"),
    ]


def test_talks_with_what_was_said_on_their_line_are_sessions_with_text():
    sessions = understood([a_source(a_text(*REMARKS))]).sessions

    assert [one.prose.paragraphs for one in sessions] == [("she drew all of them.",), ("worth it.",), ("from 2011.",)]
    assert sessions[0].heading == "Small Queues by Ann Lee"


def test_a_few_such_lines_in_a_long_text_are_text():
    assert not found(rows(*REMARKS[:2], *["An ordinary sentence about the day."] * 20))


def test_tabs_without_clocks_or_talks_are_no_timetable():
    assert not found(rows("a\tb", "c\td", "e\tf"))


@given(st.lists(st.text(alphabet="ab:\t10 (A)B by", max_size=30), max_size=12))
def test_no_row_is_taken_twice(lines):
    listings = sorted((start, end) for start, (end, _) in found(rows(*lines)).items())

    assert all(start < end <= len(lines) for start, end in listings)
    assert all(end <= start for (_, end), (start, _) in pairwise(listings))
