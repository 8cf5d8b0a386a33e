"""The seed as others might have typed it: every variation is read as the seed itself."""

import random

import pytest

from builders import a_source
from cnddigest.recap.identity import folded
from cnddigest.recap.outline import understood
from cnddigest.recap.source import decode

TALKS = (6, 11, 16, 21, 25, 29, 35, 40, 46, 50, 54, 58, 64, 68)
DAYS = (5, 44)
CLOSING = 72
APART = {1, 2, 3, 4, 45, 73, 74, 75, CLOSING, *DAYS, *TALKS}  # lines that are no talk's text


@pytest.fixture(scope="module")
def seed(shared) -> list[str]:
    text: str = (shared / "seed" / "cndt2022.txt").read_text("utf-8")
    return text.split("\n")


def retyped(lines, **changes):
    """Change lines by what they are: `title`, `day`, `talk`, `closing`, `text` (a talk's)."""
    kinds = {1: "title", CLOSING: "closing"} | dict.fromkeys(DAYS, "day") | dict.fromkeys(TALKS, "talk")
    for number, line in enumerate(lines, 1):
        kind = kinds.get(number, "text" if number not in APART else "other")
        yield changes[kind](line) if kind in changes else line


def unfinished(share, mark=""):
    def change(lines):
        chance = random.Random(1)
        return "\n".join(
            line[:-1] + mark if line.endswith("。") and chance.random() < share else line for line in lines
        )

    return change


def days_called(first, last):
    def change(lines):
        names = iter((first, last))
        return "\n".join(retyped(lines, day=lambda _: next(names)))

    return change


def each(**changes):
    return lambda lines: "\n".join(retyped(lines, **changes))


def numbered(lines):
    count = iter(range(1, 99))
    return "\n".join(retyped(lines, talk=lambda line: f"{next(count)}. {line}"))


def joined(lines):
    """Put each talk's text into one line."""
    found: list[str] = []
    for number, line in enumerate(lines, 1):
        if number not in APART and number - 1 not in APART:
            found[-1] += line
        else:
            found.append(line)
    return "\n".join(found)


VARIATIONS = {
    "a blank line after every line": "\n\n".join,
    "blank lines around headings": each(**dict.fromkeys(("title", "day", "talk", "closing"), "\n{}\n".format)),
    "blank lines before headings": each(**dict.fromkeys(("day", "talk", "closing"), "\n{}".format)),
    "no furniture": lambda lines: "\n".join(lines[:-1]),
    "no full stop on a tenth": unfinished(0.1),
    "no full stop on a third": unfinished(0.3),
    "no full stop at all": unfinished(1),
    "a third exclaimed": unfinished(0.3, "!"),
    "all exclaimed": unfinished(1, "！"),
    "Day 1": days_called("Day 1", "Day 2"),
    "Day One": days_called("Day One", "Day Two"),
    "first and last day": days_called("初日", "最終日"),
    "weekdays": days_called("Monday", "Tuesday"),
    "dates": days_called("2022/11/21 (Mon)", "2022/11/22 (Tue)"),
    "days in brackets with dates": days_called("【1日目】11月21日(月)", "【2日目】11月22日(火)"),
    "another closing": each(closing=lambda _: "おわりに"),
    "a closing in English": each(closing=lambda _: "Conclusion"),
    "a talk's text in one line": joined,
    "addresses under headings": each(talk=lambda line: f"{line}\nhttps://event.example.org/talks"),
    "numbered": numbered,
    "quoted with a speaker": each(talk="「{}」 - 山田 太郎".format),
    "speakers in brackets": each(talk="{} (山田 太郎)".format),
    "clocks": each(talk="10:00 {}".format),
    "dashes as bullets": each(text="- {}".format),
    "dots as bullets": each(text="・{}".format),
    "titles as a list": each(talk="・{}".format),
    "marks": each(day="■{}".format, closing="■{}".format, talk="◆ {}".format),
    "indented text": each(text="　{}".format),
    "no introduction": lambda lines: "\n".join([lines[0], *lines[4:]]),
}
MARKDOWN = {
    "two levels": each(title="# {}".format, day="## {}".format, talk="## {}".format, closing="## {}".format),
    "three levels": each(title="# {}".format, day="## {}".format, talk="### {}".format, closing="## {}".format),
    "no title": each(day="# {}".format, talk="## {}".format, closing="# {}".format),
}


def talks(recap):
    return [[folded(session.title) for session in day.sessions] for day in recap.days]


def texts(recap):
    return "".join(string for session in recap.sessions for string in session.prose.paragraphs)


def words(text):
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize("variation", VARIATIONS)
def test_another_way_to_type_the_seed_changes_no_talk(seed, variation):
    usual = understood([a_source("\n".join(seed))])

    found = understood([a_source(VARIATIONS[variation](seed))])

    assert talks(found) == talks(usual)
    assert words(texts(found)) == words(texts(usual))
    assert found.title == usual.title
    assert found.closing.heading
    assert words("".join(found.closing.prose.paragraphs)) == words("".join(usual.closing.prose.paragraphs))


@pytest.mark.parametrize("variation", [name for name in VARIATIONS if name != "no introduction"])
def test_another_way_to_type_the_seed_changes_no_date(seed, variation):
    found = understood([a_source(VARIATIONS[variation](seed))])

    assert [str(day.date) for day in found.days] == ["2022-11-21", "2022-11-22"]
    assert len(found.introduction.paragraphs) == 3


@pytest.mark.parametrize("variation", MARKDOWN)
def test_headings_marked_by_hand_are_the_same_headings(seed, variation):
    usual = understood([a_source("\n".join(seed))])

    found = understood([decode("recap.txt", MARKDOWN[variation](seed).encode())])

    assert found.format == "markdown"
    assert talks(found) == talks(usual)
    assert found.closing.heading == "まとめ"
    assert [(line.line, line.text) for line in found.dropped] == [(75, "Discussion")]


def test_other_line_ends_and_a_byte_order_mark_change_nothing(seed):
    usual = understood([a_source("\n".join(seed))])

    found = understood([decode("recap.txt", ("\ufeff" + "\r\n".join(seed)).encode())])

    assert found.days == usual.days


def test_without_day_headings_the_talks_are_one_day(seed):
    lines = [line for number, line in enumerate(seed, 1) if number not in {*DAYS, 45}]

    found = understood([a_source("\n".join(lines))])

    assert [(day.number, day.label, len(day.sessions)) for day in found.days] == [(1, "", 14)]


def test_without_a_closing_the_last_talk_is_the_last(seed):
    found = understood([a_source("\n".join(seed[: CLOSING - 1]))])

    assert [len(day.sessions) for day in found.days] == [8, 6]
    assert found.closing.heading is None


def test_without_a_title_nothing_else_moves(seed):
    found = understood([a_source("\n".join(seed[1:]))])

    assert (found.title, [len(day.sessions) for day in found.days]) == ("", [8, 6])
    assert len(found.introduction.paragraphs) == 3


def test_sentences_on_their_own_lines_are_paragraphs(seed):
    usual = understood([a_source("\n".join(seed))])

    found = understood([a_source("\n".join(seed).replace("。 ", "。").replace("。", "。\n"))])

    assert talks(found) == talks(usual)
    assert words(texts(found)) == words(texts(usual))
