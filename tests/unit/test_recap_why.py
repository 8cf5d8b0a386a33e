"""Why a reading is what it is: every decision has a line and reasons in words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap import outline, source
from cnddigest.recap.model import Recap
from cnddigest.recap.source import SourceText
from cnddigest.recap.why import Decision, decisions
from conftest import ROOT

LIST = """\
# Lua Meetup 2026

## Lightning talks

- A Doorbell - Bas Verhoek
- A Beep - Jory Penn
- Goto - Asta Rune
"""
TABLE = """\
## Day 1

| Time | Room |
|---|---|
| 09:30 | First / A Bee |
| 10:30 | Second / C Dee |
| 11:30 | Third / E Eff |
"""
BOLD = """\
# Meetup 2026

**A Doorbell / Bas Verhoek**

It rings.

**A Beep / Jory Penn**

It beeps.

**Goto / Asta Rune**

It goes.
"""
HEADINGS = """\
# 港の会議 2026

## 港の会議とは？

説明です。

## 1日目

### 海の話

波です。

#### 資料

表です。

### 山の話

峰です。

## まとめ

以上です。
"""


def judged(*sources: SourceText) -> tuple[Recap, list[list[Decision]]]:
    """A recap, and what was decided in each of its files."""
    recap = outline.understood(sources)
    return recap, [list(decisions(outline.blocks(one, sources), recap)) for one in sources]


def roles(text: str, form: str = "markdown") -> list[tuple[int, str, str]]:
    (found,) = judged(a_source(text, format=form))[1]
    return [(one.line, one.role, one.reasons[0]) for one in found]


def test_headings_tell_what_spoke_for_them() -> None:
    assert roles(HEADINGS) == [
        (1, "title", "the first heading, above all others"),
        (3, "introduction", "it comes before the first talk"),
        (7, "day", "names a day (number 1)"),
        (9, "talk", "level 3 holds the talks: 2 of them"),
        (13, "inside", "it is no talk of its own, but a part of what it stands in"),
        (17, "talk", "level 3 holds the talks: 2 of them"),
        (21, "closing", "a closing word"),
    ]


def test_talks_in_a_list_are_told_with_what_stands_over_them() -> None:
    assert roles(LIST) == [
        (1, "title", "the first heading, above all others"),
        (3, "group", "it stands over 3 talks"),
        *((line, "lightning", "an item of a list with 3 talks") for line in (5, 6, 7)),
    ]


def test_talks_in_a_timetable_are_told_as_cells() -> None:
    found = roles(TABLE)

    assert [
        line for line, role, reason in found if (role, reason) == ("talk", "a cell of a timetable with 3 talks")
    ] == [
        5,
        6,
        7,
    ]


def test_talks_in_bold_are_told_as_such() -> None:
    assert [line for line, role, reason in roles(BOLD) if "in bold" in reason and role == "talk"] == [3, 7, 11]


def test_a_weekday_is_told_by_its_name() -> None:
    assert roles("## Friday\n\n### A\n\ntext\n\n## Saturday\n\n### B\n\ntext\n")[0][2] == "names a day (weekday Friday)"


def test_a_heading_that_begins_with_its_day_says_so() -> None:
    text = "## Friday 09:30 First - A Bee\n\nOne.\n\n## Saturday 10:00 Second - C Dee\n\nTwo.\n"

    (found,) = judged(a_source(text, format="markdown"))[1]

    assert all("it begins with its day" in one.reasons for one in found)


def test_an_authors_word_is_the_only_reason() -> None:
    from cnddigest.recap import corrections

    text = a_source("## A\n\none\n\n## B\n\ntwo\n", format="markdown")
    said = (corrections.parse("recap.outline.toml", '[[line]]\nmatch = "B"\nrole = "text"\n'),)
    recap = outline.understood([text], said)

    found = {one.text: one for one in decisions(outline.blocks(text, [text], said), recap)}

    assert (found["B"].role, found["B"].reasons) == ("text", ("its author says so",))


def test_lines_of_several_files_are_not_mixed_up() -> None:
    first = a_source("# 港 1日目\n\n## 話A\n\n本文です。\n\n## まとめ\n\n以上。\n", format="markdown", path="1.md")
    second = a_source(
        "# 港 2日目\n\n## 話B\n\n### 資料\n\n表です。\n\n## 話C\n\n本文です。\n", format="markdown", path="2.md"
    )

    _, (one, two) = judged(first, second)

    assert [found.text for found in one if found.role == "talk"] == ["話A"]
    assert [found.text for found in two if found.role == "talk"] == ["話B", "話C"]


def test_a_line_of_text_tells_how_sure_its_reading_is() -> None:
    text = "会議のまとめ\n1日目\n海の話\n波が高かったです。\nまた聞きたいです。\n山の話\n高かったです。\n"

    (found,) = judged(a_source(text, format="text"))[1]

    assert [one.line for one in found] == list(range(1, 8))
    assert found[3].reasons[0] == "ends like a sentence"
    assert all(0.0 <= one.confidence <= 1.0 for one in found)


def recaps() -> list[Path]:
    return sorted(
        path
        for path in (ROOT / "tests/golden/recaps").glob("*/recap.*")
        if path.suffix in {".md", ".txt", ".html", ".rst"}
    )


@pytest.mark.parametrize("path", recaps(), ids=lambda path: path.parent.name)
def test_every_talk_and_every_dropped_line_has_its_reason(path: Path) -> None:
    recap, (found,) = judged(source.decode(path.name, path.read_bytes()))

    talks = {session.line for day in recap.days for session in day.sessions}
    dropped = {one.line for one in recap.dropped}
    assert talks | dropped <= {one.line for one in found}
    assert all(one.reasons and one.line for one in found)


@given(st.text(alphabet="aあ#*-|\n 1:.。/", max_size=80), st.sampled_from(["text", "markdown", "rst", "html"]))
def test_whatever_was_read_can_be_told(text: str, form: str) -> None:
    _, (found,) = judged(a_source(text, format=form))

    assert [one.line for one in found] == sorted(one.line for one in found)
    assert all(one.reasons for one in found)


def test_last_words_without_a_heading_are_told_with_the_break_above_them() -> None:
    text = "# Meetup 2026\n\n## A Doorbell (Bas Verhoek)\n\nIt rings.\n\n---\n\nThanks, and see you next year!\n"
    source = a_source(text, format="markdown", path="a.md")

    told = decisions(outline.blocks(source, [source]), outline.understood([source]))

    assert [(one.role, one.line) for one in told if "break" in " ".join(one.reasons)] == [("closing", 9)]
