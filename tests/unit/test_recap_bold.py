"""Bold lines are headings where a text has no other ones for its talks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap import bold, markdown
from cnddigest.recap.model import Recap
from cnddigest.recap.outline import understood
from cnddigest.recap.sections import letters

TALKS = (
    "**Traces** by *Rita Falcão*\n\nShe is right.\n\n**Sampling** by *Ola Berg*\n\nTears.\n\n**The bill**\n\nPaid.\n\n"
)


def a_markdown(text: str) -> Recap:
    return understood([a_source(text, format="markdown", path="recap.md")])


def titles(recap: Recap) -> list[list[str]]:
    return [[session.title for session in day.sessions] for day in recap.days]


def test_bold_lines_below_days_are_talks():
    found = a_markdown(f"# Conf\n\n## Day 1\n\n{TALKS}## Day 2\n\n**Last**\n\nx\n\n## Wrap-up\n\nGood.\n")

    assert titles(found) == [["Traces", "Sampling", "The bill"], ["Last"]]
    assert found.sessions[0].speakers == ("Rita Falcão",)
    assert found.closing.heading == "Wrap-up"


def test_a_text_may_have_no_other_headings_at_all():
    found = a_markdown(f"**1日目**\n\n{TALKS}**2日目**\n\n**題名**\n本文です。\n\n**まとめ**\n\n楽しかった。\n")

    assert [day.label for day in found.days] == ["1日目", "2日目"]
    assert titles(found)[1] == ["題名"]
    assert found.sessions[-1].prose.paragraphs == ("本文です。",)
    assert found.closing.heading == "まとめ"


def test_bold_lines_inside_talks_stay_text():
    found = a_markdown(f"# Conf\n\n## A\n\n{TALKS}## B\n\n{TALKS}")

    assert titles(found) == [["A", "B"]]


def test_a_heading_for_the_party_does_not_make_bold_talks_text():
    found = a_markdown(f"# Conf\n\n## Day 1\n\n{TALKS}### Dinner\n\nGood soup.\n")

    assert titles(found)[0][:3] == ["Traces", "Sampling", "The bill"]


@pytest.mark.parametrize(
    "line",
    [
        "**Note:** it rained.",
        "**日時**：2024年5月1日",
        "**とても良い会議でした。**",
        "**This** was the best of all.",
        "**資料**",
        "It was **great**",
    ],
)
def test_emphasis_is_no_heading(line):
    blocks = list(markdown.blocks(f"{TALKS}{line}\n"))

    found = bold.promoted(blocks)

    assert found[-1].kind == "paragraph"


def test_two_bold_lines_are_emphasis():
    blocks = list(markdown.blocks("**One**\n\ntext\n\n**Two**\n\ntext\n"))

    assert bold.promoted(blocks) == blocks


@given(
    st.lists(
        st.sampled_from(["**題名**", "**A** by *Ann Lee*", "**B**\n本文です。", "text", "# x", "- y"]), max_size=12
    )
)
def test_no_letter_is_lost(parts):
    blocks = list(markdown.blocks("\n\n".join(parts)))

    found = bold.promoted(blocks)

    assert letters("".join(block.text for block in found)) == letters("".join(block.text for block in blocks))
