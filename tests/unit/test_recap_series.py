"""Several files, one recap."""

from builders import a_source
from cnddigest.recap.outline import read

FIRST = """Camp is small. It was on August 22 and 23, 2026.

## A by Ann Lee

x

## B by Bo Ray

y

## Closing words

More tomorrow.
"""
SECOND = """Camp is small. It was on August 22 and 23, 2026.

It rained.

## C by Cy Fox

z

## Closing words

Bye.
"""


def a_camp():
    return read(
        [
            a_source(FIRST, format="markdown", path="one.md", title="Camp 2026: Day One"),
            a_source(SECOND, format="markdown", path="two.md", title="Camp 2026: Day Two"),
        ]
    )


def test_days_are_numbered_through_and_dated():
    found = a_camp()

    assert [(day.number, day.label, str(day.date)) for day in found.days] == [
        (1, "Day One", "2026-08-22"),
        (2, "Day Two", "2026-08-23"),
    ]


def test_the_title_is_the_first_without_its_day():
    assert a_camp().title == "Camp 2026"


def test_a_repeated_introduction_is_kept_once():
    found = a_camp()

    assert found.introduction.paragraphs == ("Camp is small. It was on August 22 and 23, 2026.", "It rained.")
    assert "repeated introduction" in {line.reason for line in found.dropped}


def test_an_earlier_closing_is_a_section_and_moves_no_number():
    found = a_camp()

    assert [(s.title, s.kind, s.number) for s in found.sessions] == [
        ("A", "talk", 1),
        ("B", "talk", 2),
        ("Closing words", "section", 4),
        ("C", "talk", 3),
    ]
    assert found.closing.prose.paragraphs == ("Bye.",)


def test_two_files_of_one_day_are_one_day():
    sources = [
        a_source("Hi.\n\n## A\n\nx\n\n## B\n\ny\n", format="markdown", title="Camp: Day 1", path=path)
        for path in ("a", "b")
    ]

    found = read(sources)

    assert len(found.days) == 1
    assert len({session.id for session in found.sessions}) == 4


def test_the_source_names_every_file():
    assert a_camp().source.path == "one.md, two.md"
    assert len(a_camp().source.sha256) == 64
