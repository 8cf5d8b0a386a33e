"""Last words without a heading: the closing where a break says so, else something to check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap import farewell, markdown, rst
from cnddigest.recap import html as pages
from cnddigest.recap.corrections import decode
from cnddigest.recap.model import Recap
from cnddigest.recap.outline import read

HEAD = "# 港の会議 2026 まとめ\n\n## 1日目\n\n### 潮の話\n\n{first}\n\n### 船の話\n\n船が速くなった話でした。\n\n"
THANKS = "二日間ありがとうございました。また来年。"
REMARK = "船の値段も少し出ました。"


def a_recap_that_ends(end: str, first: str = "潮の話でした。") -> Recap:
    return read([a_source(HEAD.format(first=first) + end, format="markdown", path="a.md")])


def checked(recap: Recap) -> list[int]:
    return [finding.line for finding in recap.findings if finding.rule == "possible-closing"]


@pytest.mark.parametrize(
    "end",
    [
        THANKS,
        "That's it. See you next year!",
        "Merci à tous, et à l’année prochaine.",
        "Danke an alle, und bis zum nächsten Mal.",
        "Takk for i år, vi ses.",
    ],
)
@pytest.mark.parametrize("line", ["---", "* * *", "<hr>"])
def test_what_speaks_like_a_closing_below_the_only_break_is_the_closing(line, end):
    recap = a_recap_that_ends(f"{line}\n\n{end}\n")

    assert (recap.closing.heading, recap.closing.prose.paragraphs) == (None, (end,))
    assert recap.sessions[-1].prose.paragraphs == ("船が速くなった話でした。",)
    assert "<hr" not in recap.sessions[-1].prose.html
    assert not checked(recap)


def test_a_closing_has_all_that_follows_the_break():
    recap = a_recap_that_ends(f"---\n\n海を見て帰りました。\n\n{THANKS}\n\n- 写真\n")

    assert recap.closing.prose.paragraphs == ("海を見て帰りました。", THANKS, "写真")
    assert recap.closing.line == 15


def test_text_below_a_break_that_says_nothing_of_an_end_is_to_be_checked():
    recap = a_recap_that_ends(f"---\n\n{REMARK}\n")

    assert not recap.closing.prose
    assert checked(recap) == [15]


def test_an_author_who_draws_breaks_inside_talks_draws_none_for_the_end():
    recap = a_recap_that_ends(f"---\n\n{REMARK}\n", first="潮の話でした。\n\n---\n\n月の話も。")

    assert not recap.closing.prose
    assert not checked(recap)


@pytest.mark.parametrize(
    ("end", "first"),
    [
        (f"---\n\n{THANKS}", "潮の話でした。\n\n---\n\n月の話も。"),
        (f"---\n\n{REMARK}\n\n---\n\n{THANKS}", "潮の話でした。"),
        (THANKS, "潮の話でした。"),
    ],
)
def test_last_words_that_no_lone_break_parts_stay_and_are_to_be_checked(end, first):
    recap = a_recap_that_ends(end, first)

    assert not recap.closing.prose
    assert len(checked(recap)) == 1


@pytest.mark.parametrize(
    "end",
    [
        "",
        "---",
        "ありがとうございましたと言って終わりました。",
        "---\n\nhttps://slides.example.net/ship\n",
        f"---\n\n```\n{THANKS}\n```\n",
        "---\n\n" + THANKS + "あ" * farewell.LONGEST,
    ],
)
def test_what_can_be_no_closing_is_none_and_needs_no_check(end):
    recap = a_recap_that_ends(end)

    assert not recap.closing.prose
    assert not checked(recap)


def test_a_closing_with_a_heading_is_the_only_one():
    recap = a_recap_that_ends(f"---\n\n{THANKS}\n\n## おわりに\n\nでは。\n")

    assert recap.closing.heading == "おわりに"
    assert not checked(recap)


def test_an_author_who_says_that_it_is_text_is_believed():
    source = a_source(HEAD.format(first="潮の話でした。") + f"---\n\n{THANKS}\n", format="markdown", path="a.md")
    said = '[[line]]\nmatch = "二日間"\nrole = "text"\n'

    recap = read([source], [decode("a.outline.toml", said.encode())])

    assert not recap.closing.prose
    assert not checked(recap)


def test_a_talk_after_the_closing_loses_nothing_to_it():
    text = HEAD.format(first="潮の話でした。") + f"## では\n\nまた。\n\n### 月の話\n\n丸い話。\n\n---\n\n{THANKS}\n"
    said = '[[line]]\nmatch = "では"\nrole = "closing"\n[[line]]\nmatch = "月の話"\nrole = "session"\n'

    recap = read([a_source(text, format="markdown", path="a.md")], [decode("a.outline.toml", said.encode())])

    assert recap.closing.prose.paragraphs == ("また。",)
    assert recap.sessions[-1].prose.paragraphs == ("丸い話。", THANKS)


def test_breaks_between_talks_are_no_habit_of_breaks_inside_them():
    recap = a_recap_that_ends(f"---\n\n{THANKS}\n", first="潮の話でした。\n\n---")

    assert recap.closing.prose.paragraphs == (THANKS,)


def test_a_timetable_can_be_followed_by_a_closing():
    table = "# 港の会議 2026 まとめ\n\n| 時間 | 講演 |\n|--|--|\n| 10:00 | 潮の話 |\n| 11:00 | 船の話 |\n\n"

    recap = read([a_source(f"{table}---\n\n{THANKS}\n", format="markdown", path="a.md")])

    assert recap.closing.prose.paragraphs == (THANKS,)
    assert [session.title for session in recap.sessions] == ["潮の話", "船の話"]


def test_an_earlier_file_keeps_its_last_words_in_its_last_talk():
    first = a_source(HEAD.format(first="潮の話でした。") + f"---\n\n{THANKS}\n", format="markdown", path="a.md")
    second = a_source(
        "# 港の会議 2026 まとめ\n\n## 2日目\n\n### 灯台の話\n\n光りました。\n", format="markdown", path="b.md"
    )

    recap = read([first, second])

    assert recap.days[0].sessions[-1].prose.paragraphs == ("船が速くなった話でした。", THANKS)


PLAIN = (
    "港の会議 2026 まとめ\n\n1日目\n\n潮の話\n潮の話でした。\n\n船の話\n船が速くなった話でした。\n\n{line}\n\n{end}\n"
)


@pytest.mark.parametrize("line", ["---", "***", "＊＊＊", "◇ ◇ ◇", "―――――", "* * *"])
def test_a_row_of_stars_parts_the_closing_of_plain_text(line):
    recap = read([a_source(PLAIN.format(line=line, end=THANKS))])

    assert recap.closing.prose.paragraphs == (THANKS,)
    assert [(one.text, one.reason) for one in recap.dropped] == [(line, "rule")]


def test_the_line_under_a_heading_of_plain_text_is_no_break():
    recap = read([a_source(PLAIN.replace("船の話\n", "船の話\n======\n").format(line="", end=THANKS))])

    assert not recap.closing.prose
    assert recap.sessions[-1].prose.paragraphs[-1] == THANKS


@pytest.mark.parametrize(
    ("reader", "source"),
    [
        (markdown, "# a\n\none\n\n---\n\ntwo\n\n---\n\n# b\n\n---\n\nthree\n\n---\n"),
        (pages, "<h1>a</h1><p>one</p><hr><p>two</p><hr><h1>b</h1><hr><p>three</p><hr>"),
        (rst, "a\n=\n\none\n\n----\n\ntwo\n\n----\n\nb\n=\n\nthree\n"),
    ],
)
def test_every_format_shows_a_break_between_two_texts_and_no_other(reader, source):
    found = [block.html.strip() for block in reader.blocks(source)]

    assert [html for html in found if "<hr" in html] == ["<hr />"]
    assert found.index("<hr />") == 2


@given(st.lists(st.sampled_from(["---", "話。", THANKS, "### 題名", "## 2日目", "https://a.example/x", "- 項目"])))
def test_no_word_is_lost_or_told_twice(pieces):
    source = HEAD.format(first="潮の話でした。") + "\n\n".join(pieces)

    recap = a_recap_that_ends("\n\n".join(pieces))

    texts = [recap.closing.prose, recap.introduction, *(one.prose for one in recap.sessions)]
    shown = "".join("".join(text.paragraphs) for text in (*texts, *(day.introduction for day in recap.days)))
    assert (shown + "".join(one.text for one in recap.dropped)).count(THANKS) == source.count(THANKS)
