"""A reading with its author's corrections: they hold, ids stay, and nothing of the text is lost."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_source
from cnddigest.recap import markdown, rst
from cnddigest.recap.blocks import LineRole
from cnddigest.recap.corrections.model import Corrections, LineCorrection, SessionCorrection
from cnddigest.recap.mending.beginnings import Beginnings
from cnddigest.recap.model import Link, Recap
from cnddigest.recap.outline import read, understood
from cnddigest.recap.sections import letters, lines

PLAIN = """\
港の会議まとめ

2026年3月7日-8日に開催されました。

1日目

船の話

船の話をまとめました。とても良い発表でした。
DNSの話もありました。これは別の発表です。
名前が引けないと誰もが困るという内容でした。

網の話

網の繕い方をまとめました。

2日目

灯台の話

灯台の守り方をまとめました。

おわりに

また来年お会いしましょう。
"""

MARKDOWN = """\
# 港の会議まとめ

2026年3月7日-8日に開催されました。

## 1日目

### 船の話 - 沖 あかね

https://example.org/talks/1

船の話をまとめました。

- 一つ目の項目
- [二つ目の項目](https://example.org/two)
- 三つ目の項目

### 網の話

網の繕い方をまとめました。

## 2日目

### 灯台の話

灯台の守り方をまとめました。

## おわりに

また来年お会いしましょう。
"""


def said(*entries: LineCorrection | SessionCorrection) -> list[Corrections]:
    return [
        Corrections(
            path="recap.outline.toml",
            lines=tuple(entry for entry in entries if isinstance(entry, LineCorrection)),
            sessions=tuple(entry for entry in entries if isinstance(entry, SessionCorrection)),
        )
    ]


def line(match: str, role: LineRole) -> LineCorrection:
    return LineCorrection(match=match, role=role, at=1)


def session(match: str, **fields: object) -> SessionCorrection:
    return SessionCorrection(match=match, at=2, **fields)  # type: ignore[arg-type]


def plain(*entries: LineCorrection | SessionCorrection, text: str = PLAIN) -> Recap:
    return understood([a_source(text)], said(*entries))


def marked(*entries: LineCorrection | SessionCorrection, text: str = MARKDOWN) -> Recap:
    return understood([a_source(text, format="markdown", path="recap.md")], said(*entries))


def titles(recap: Recap) -> list[list[str]]:
    return [[one.title for one in day.sessions] for day in recap.days]


def stale(recap: Recap) -> list[str]:
    return [finding.message for finding in recap.findings if finding.rule == "stale-correction"]


def only(recap: Recap, title: str):
    (found,) = (one for one in recap.sessions if one.title == title)
    return found


# Lines of plain text.


def test_a_line_of_a_talk_begins_one_of_its_own():
    recap = plain(line("DNSの話もありました", "session"))

    assert titles(recap) == [["船の話", "DNSの話もありました。これは別の発表です。", "網の話"], ["灯台の話"]]
    assert recap.sessions[1].prose.paragraphs == ("名前が引けないと誰もが困るという内容でした。",)


def test_a_heading_becomes_text_of_what_it_stands_in():
    recap = plain(line("網の話", "text"))

    assert titles(recap) == [["船の話"], ["灯台の話"]]
    assert recap.sessions[0].prose.paragraphs[-2:] == ("網の話", "網の繕い方をまとめました。")


def test_the_neighbours_of_a_line_follow_what_is_said_of_it():
    text = "会議のまとめ\n\n夜の部\n波の話\n波の話をまとめました。\n\n凪の話\n凪の話をまとめました。\n"
    before = understood([a_source(text)])

    recap = plain(line("波の話をまとめました", "session"), text=text)

    assert "波の話" in [one.title for one in before.sessions]
    assert "波の話をまとめました。" in [one.title for one in recap.sessions]
    assert "波の話" not in [one.title for one in recap.sessions]


@pytest.mark.parametrize("text", [PLAIN, MARKDOWN])
def test_a_dropped_heading_is_dropped_alone(text):
    reading = marked if text is MARKDOWN else plain

    recap = reading(line("網の話", "drop"), text=text)

    assert [(dropped.text, dropped.reason) for dropped in recap.dropped] == [("網の話", "correction")]
    assert recap.sessions[0].prose.paragraphs[-1] == "網の繕い方をまとめました。"


@pytest.mark.parametrize("text", [PLAIN, MARKDOWN])
def test_any_heading_can_be_a_day(text):
    reading = marked if text is MARKDOWN else plain

    recap = reading(line("網の話", "day"), text=text)

    assert [(day.number, day.label) for day in recap.days] == [(1, "1日目"), (2, "網の話"), (3, "2日目")]
    assert recap.days[1].introduction.paragraphs == ("網の繕い方をまとめました。",)


@pytest.mark.parametrize("text", [PLAIN, MARKDOWN])
def test_any_heading_can_be_the_closing(text):
    reading = marked if text is MARKDOWN else plain

    recap = reading(line("灯台の話", "closing"), text=text)

    assert recap.closing.heading == "灯台の話"
    assert recap.closing.prose.paragraphs == ("灯台の守り方をまとめました。", "おわりに", "また来年お会いしましょう。")


def test_all_headings_after_a_closing_belong_to_it():
    text = "# 会議\n\n## 船の話\n\n本文です。\n\n## 帰り道\n\n雨でした。\n\n## 買ったもの\n\n櫂です。\n"

    recap = marked(line("帰り道", "closing"), text=text)

    assert recap.closing.heading == "帰り道"
    assert recap.closing.prose.paragraphs == ("雨でした。", "買ったもの", "櫂です。")


@pytest.mark.parametrize("text", [PLAIN, MARKDOWN])
def test_a_closing_can_be_a_talk(text):
    reading = marked if text is MARKDOWN else plain

    recap = reading(line("おわりに", "session"), text=text)

    assert titles(recap)[-1] == ["灯台の話", "おわりに"]
    assert recap.closing.heading is None


@pytest.mark.parametrize("text", [PLAIN, MARKDOWN])
def test_a_line_can_be_the_title(text):
    reading = marked if text is MARKDOWN else plain

    recap = reading(line("2026年3月7日", "title"), text=text)

    assert recap.title == "2026年3月7日-8日に開催されました。"


@pytest.mark.parametrize("text", [PLAIN, MARKDOWN])
def test_a_day_label_can_be_text(text):
    reading = marked if text is MARKDOWN else plain

    recap = reading(line("2日目", "text"), text=text)

    assert [day.label for day in recap.days] == ["1日目"]
    assert titles(recap) == [["船の話", "網の話", "灯台の話"]]


def test_a_talk_can_be_the_introduction():
    talks = "## 船の話\n\nまとめました。\n\n## 網の話\n\nまとめました。\n"
    text = f"# 港の会議まとめ\n\n## 港とは\n\n港の説明です。\n\n{talks}"

    recap = marked(line("港とは", "introduction"), text=text)

    assert titles(recap) == [["船の話", "網の話"]]
    assert recap.introduction.paragraphs == ("港とは", "港の説明です。")


def test_a_line_taken_for_a_contents_list_comes_back():
    text = (
        "会議のまとめ\n\n目次\n波の話\n凪の話\n\n波の話\n\n波の話をまとめました。\n\n凪の話\n\n凪の話をまとめました。\n"
    )

    recap = plain(line("目次", "text"), text=text)

    assert "目次" not in [dropped.text for dropped in recap.dropped]


def test_a_wrapped_paragraph_is_found_by_its_second_line_too():
    rows = [
        "A recap of the harbour days, which were wet",
        "",
        "Boats and their ropes",
        "",
        "The first talk was about boats and how they are kept from drifting",
        "away while nobody looks, which happens more often than anybody had",
        "wanted to admit before that day. Then came nets, and how to mend a",
        "net with nothing but a fork, some twine and the patience of a cat in",
        "the sun, which none of those present had brought with them that day.",
        "",
        "Lamps and their keepers",
        "",
        "The last talk was about lamps and the people who keep them going on",
        "through the night, and about the letters which they write meanwhile",
        "to nobody in particular, and which the speaker had found in a trunk.",
    ]

    recap = plain(
        line("wanted to admit before that day. Then came nets, and how to mend a net", "session"), text="\n".join(rows)
    )

    assert not stale(recap)
    assert "wanted to admit before that day. Then came nets, and how to mend a" in [
        one.heading for one in recap.sessions
    ]


# Lines of text with markup.


def test_an_item_of_a_list_begins_a_talk_and_the_others_stay_a_list():
    recap = marked(line("二つ目の項目", "session"))

    assert titles(recap)[0] == ["船の話", "二つ目の項目", "網の話"]
    first, second, _ = recap.days[0].sessions
    assert "<ul>\n<li>一つ目の項目</li>\n</ul>" in first.prose.html
    assert second.url == "https://example.org/two"
    assert second.prose.html == "<ul>\n<li>三つ目の項目</li>\n</ul>\n"


def test_an_item_of_a_list_can_be_dropped():
    recap = marked(line("二つ目の項目", "drop"))

    assert [(dropped.line, dropped.text) for dropped in recap.dropped] == [(14, "二つ目の項目")]
    assert "二つ目" not in recap.sessions[0].prose.html
    assert {"一つ目の項目", "三つ目の項目"} <= set(recap.sessions[0].prose.paragraphs)


def test_a_numbered_list_goes_on_counting_after_a_cut():
    text = "# 会議\n\n## 船の話\n\n1. 錨\n2. 櫂\n3. 帆\n"

    recap = marked(line("櫂", "drop"), text=text)

    assert "<ol>\n<li>錨</li>\n</ol>" in recap.sessions[0].prose.html
    assert '<ol start="3">\n<li>帆</li>\n</ol>' in recap.sessions[0].prose.html


def test_one_line_of_a_paragraph_is_cut_out_with_its_markup():
    text = "# 会議\n\n## 船の話\n\n本文の一行目です。\n[資料](https://example.org/s)はこちらです。\n**三行目**です。\n"

    recap = marked(line("資料はこちら", "drop"), text=text)

    (talk,) = recap.sessions
    assert talk.prose.paragraphs == ("本文の一行目です。", "三行目です。")
    assert talk.prose.html == "<p>本文の一行目です。</p>\n<p><strong>三行目</strong>です。</p>"
    assert not talk.links


def test_a_correction_is_found_as_it_stands_in_the_file():
    recap = marked(line("### 網の話", "text"), line("- 一つ目の項目", "drop"))

    assert not stale(recap)
    assert titles(recap) == [["船の話"], ["灯台の話"]]


def test_a_row_of_a_table_can_be_dropped():
    text = "# 会議\n\n## 船の話\n\n| 名前 | 数 |\n|---|---|\n| 錨 | 1 |\n| 櫂 | 2 |\n"

    recap = marked(line("錨", "drop"), text=text)

    assert [dropped.text for dropped in recap.dropped] == ["錨 | 1"]
    assert "<td>櫂</td>" in recap.sessions[0].prose.html
    assert "錨" not in recap.sessions[0].prose.html


def test_a_bold_line_that_is_text_is_no_heading():
    bold = "".join(f"**{name}の話**\n\n{name}の話をまとめました。\n\n" for name in ("船", "網", "帆", "錨"))

    recap = marked(line("網の話", "text"), text=f"# 会議\n\n{bold}")

    assert titles(recap) == [["船の話", "帆の話", "錨の話"]]


def test_the_title_of_the_front_matter_gives_way():
    source = a_source("# 港の会議\n\n## 船の話\n\n本文です。\n", format="markdown", title="港の会議 2026")

    recap = understood([source], said(line("港の会議", "title")))

    assert recap.title == "港の会議"


# What matches nothing, or too much.


@pytest.mark.parametrize("reading", [plain, marked])
def test_a_correction_that_matches_nothing_is_a_finding_and_changes_nothing(reading):
    recap = reading(line("鯨の話", "session"), session("鯨の話", title="鯨"))

    assert stale(recap) == [
        "correction matches no line of the text any more (recap.outline.toml, line 1): 鯨の話",
        "correction matches no session any more (recap.outline.toml, line 2): 鯨の話",
    ]
    assert titles(recap) == titles(reading())


def test_a_correction_that_matches_two_lines_says_which():
    recap = plain(line("船の話を", "drop"), line("DNSの", "text"), text=PLAIN.replace("名前が", "DNSの名前が"))

    (message,) = stale(recap)
    assert message.startswith("correction matches lines 10 and 11, so give more of the beginning")


def test_a_whole_line_goes_before_the_beginning_of_another():
    recap = plain(line("船の話", "text"))

    assert not stale(recap)
    assert "船の話" not in [one.title for one in recap.sessions]


def test_a_heading_goes_before_a_list_item_of_the_same_words():
    text = MARKDOWN.replace("一つ目の項目", "網の話")

    recap = marked(line("網の話", "text"), text=text)

    assert not stale(recap)
    assert titles(recap)[0] == ["船の話"]


def test_two_corrections_of_one_line_are_a_finding():
    recap = plain(line("網の話", "text"), line("網の話", "day"))

    assert stale(recap) == [
        "line 13 is corrected twice, so the second correction is left out (recap.outline.toml, line 1): 網の話"
    ]


def test_two_sessions_of_one_title_are_told_apart_by_id():
    text = MARKDOWN.replace("灯台の話", "網の話")
    both = [one.id for one in marked(text=text).sessions if one.title == "網の話"]

    recap = marked(session("網の話", track="A"), session(both[1], track="B"), text=text)

    assert [one.track for one in recap.sessions] == [None, None, "B"]
    (message,) = stale(recap)
    assert f"give more of the title or an id ({both[0]} or {both[1]})" in message


def test_words_are_found_however_they_are_spelled():
    index = Beginnings([("■ Ａ“Ｂ”  Ｃ と続く", 1), ("別の行", 2)])

    assert index.equal('a"b" c と続く') == [1]
    assert index.beginning("a 'b' c") == [1]
    assert index.beginning("") == []


# Sessions.


def test_a_session_is_what_its_author_says():
    fields = session(
        "船の話",
        title="船のすべて",
        url="https://example.org/9",
        speakers=("Jory Penn",),
        track="A",
        room="埠頭",
        kind="keynote",
        starts_at="09:30",
        ends_at="10:00",
        links=(Link(label="資料", url="https://example.org/slides"),),
    )

    talk = only(marked(fields), "船のすべて")

    assert (talk.url, talk.speakers, talk.track, talk.room) == ("https://example.org/9", ("Jory Penn",), "A", "埠頭")
    assert (talk.kind, talk.starts_at, talk.ends_at) == ("keynote", "09:30", "10:00")
    assert [link.label for link in talk.links] == ["資料"]
    assert talk.heading == "船の話 - 沖 あかね"


def test_an_empty_text_says_that_there_is_none():
    talk = only(marked(session("船の話", url="", speakers=())), "船の話")

    assert (talk.url, talk.speakers) == (None, ())


def test_a_renamed_session_keeps_its_id():
    before = only(marked(), "網の話")

    after = only(marked(session("網の話", title="網のすべて")), "網のすべて")

    assert after.id == before.id


@pytest.mark.parametrize("match", ["船の話", "船の話 - 沖 あかね", "船", "SELF"])
def test_a_session_is_found_by_title_heading_beginning_or_id(match):
    name = only(marked(), "船の話").id

    recap = marked(session(name if match == "SELF" else match, track="A"))

    assert only(recap, "船の話").track == "A"


def test_a_session_moves_to_the_other_day():
    recap = marked(session("網の話", day=2))

    assert titles(recap) == [["船の話"], ["灯台の話", "網の話"]]
    assert [one.number for one in recap.sessions] == [1, 2, 3]


def test_a_session_that_is_on_its_day_already_stays_where_it_is():
    assert titles(marked(session("船の話", day=1))) == titles(marked())


def test_a_day_that_is_not_there_is_a_finding():
    assert stale(marked(session("網の話", day=7))) == ["there is no day 7 (recap.outline.toml, line 2): 網の話"]


def test_sessions_come_in_the_order_that_is_said():
    recap = marked(session("船の話", after="網の話"), session("灯台の話", after="網の話"))

    assert titles(recap) == [["網の話", "灯台の話", "船の話"], []]


def test_a_merged_session_is_the_end_of_the_other_one():
    recap = marked(session("網の話", merge_into="灯台の話"), session("灯台の話", title="灯台と網"))

    talk = only(recap, "灯台と網")
    assert talk.prose.paragraphs == ("灯台の守り方をまとめました。", "網の話", "網の繕い方をまとめました。")
    assert "<h4>網の話</h4>" in talk.prose.html
    assert len(recap.sessions) == 2


def test_merging_takes_the_page_and_the_links_along():
    recap = marked(session("船の話", merge_into="網の話"))

    assert [(link.label, link.url) for link in only(recap, "網の話").links] == [
        ("船の話", "https://example.org/talks/1"),
        ("二つ目の項目", "https://example.org/two"),
    ]


def test_sessions_merged_in_a_circle_stay_one():
    recap = marked(
        session("船の話", merge_into="網の話"),
        session("網の話", merge_into="灯台の話"),
        session("灯台の話", merge_into="船の話"),
    )

    assert titles(recap) == [[], ["灯台の話"]]
    assert stale(recap) == ["`merge_into` names the session itself (recap.outline.toml, line 2): 灯台の話"]


def test_a_dropped_session_is_dropped_with_all_its_text():
    recap = marked(session("船の話", drop=True))

    assert titles(recap) == [["網の話"], ["灯台の話"]]
    assert [dropped.text for dropped in recap.dropped if dropped.reason == "correction"] == [
        "船の話 - 沖 あかね",
        "https://example.org/talks/1",
        "船の話をまとめました。",
        "一つ目の項目",
        "二つ目の項目",
        "三つ目の項目",
    ]


def test_the_heading_of_a_group_of_which_nothing_is_left_is_dropped_too():
    text = "# 会議\n\n## トラックA\n\n### 船の話\n\n本文です。\n\n## トラックB\n\n### 網の話\n\n本文です。\n"

    recap = marked(session("船の話", drop=True), text=text)

    assert sorted(dropped.text for dropped in recap.dropped) == sorted(["船の話", "本文です。", "トラックA"])


def test_an_address_that_gives_way_is_dropped():
    recap = marked(session("船の話", url="https://example.org/9"))

    assert "https://example.org/talks/1" in [dropped.text for dropped in recap.dropped]


def test_what_is_corrected_is_doubtful_no_more():
    doubt = [finding for finding in plain().findings if finding.rule == "low-confidence"]
    matches = [finding.message.partition(": ")[2] for finding in doubt]

    recap = plain(*(line(match, "text") for match in matches))

    assert not [finding for finding in recap.findings if finding.rule == "low-confidence" and finding in doubt]


def test_each_file_has_its_own_corrections():
    files = [
        a_source("# 会議 1日目\n\n## 船の話\n\n本文です。\n", format="markdown", path="recaps/day1.md"),
        a_source(
            "# 会議 2日目\n\n## 船の話\n\n本文です。\n\n## 網の話\n\n本文です。\n",
            format="markdown",
            path="recaps/day2.md",
        ),
    ]
    second = Corrections(
        path="recaps/day2.outline.toml", lines=(line("船の話", "drop"),), sessions=(session("網の話", day=1),)
    )

    recap = read(files, [second])

    assert titles(recap) == [["船の話", "網の話"], []]
    assert not stale(recap)


def test_a_talk_split_off_at_a_sentence_keeps_the_sentence_when_it_gets_a_title():
    recap = plain(line("DNSの話もありました", "session"), session("DNSの話もありました", title="DNSの話"))

    talk = only(recap, "DNSの話")
    assert talk.heading == ""
    assert talk.prose.paragraphs == (
        "DNSの話もありました。これは別の発表です。",
        "名前が引けないと誰もが困るという内容でした。",
    )


# Laws.

ROLES: tuple[LineRole, ...] = ("title", "introduction", "day", "session", "text", "closing", "drop")
PIECES = [
    *("港の会議まとめ", "1日目", "2日目", "Day 1", "船の話", "網の話 - 沖 あかね"),
    *("10:00 朝の話", "トラックA", "まとめ", "目次", "ライトニングトーク", "関連記事"),
    *("船の話をまとめました。", "It worked on the second try.", "https://example.org/a"),
    *("- 項目一\n- 項目二", "- 10:00 波の話\n- 10:30 凪の話", "1. 一\n2. 二"),
    *("| a | b |\n|---|---|\n| c | d |", "```\ncode\n```", "> 引用", "<!-- 隠し -->", "**太字の題名**"),
    "一行目\n二行目 **太字**\n[三行目](https://example.org/b)",
]
MATCHES = [
    "船",
    "網の話",
    "10:00",
    "項目二",
    "二行目",
    "三行目",
    "1日目",
    "Day",
    "まとめ",
    "港",
    "a |",
    "c",
    "隠し",
    "https",
    "夜",
]
line_corrections = st.builds(line, st.sampled_from(MATCHES), st.sampled_from(ROLES))
session_corrections = st.builds(
    session,
    st.sampled_from(MATCHES),
    title=st.sampled_from([None, "別の題"]),
    url=st.sampled_from([None, "", "https://example.org/9"]),
    day=st.sampled_from([None, 1, 2]),
    drop=st.booleans(),
    merge_into=st.sampled_from([None, *MATCHES]),
    after=st.sampled_from([None, *MATCHES]),
)
corrections = st.lists(st.one_of(line_corrections, session_corrections), max_size=5)
plain_texts = st.lists(st.sampled_from([*PIECES, ""]), max_size=14).map("\n".join)
marked_texts = st.lists(
    st.tuples(st.sampled_from(["# ", "## ", "### ", ""]), st.sampled_from(PIECES)).map("".join), max_size=12
).map("\n\n".join)


def shown(recap: Recap) -> str:
    """Return every text of an outline; a group once for each run of its sessions."""
    found = [recap.title, *recap.introduction.paragraphs, recap.closing.heading or "", *recap.closing.prose.paragraphs]
    found += [dropped.text for dropped in recap.dropped]
    for day in recap.days:
        found += [day.label, *day.introduction.paragraphs]
        groups = [one.group or "" for one in day.sessions]
        found += [group for before, group in pairwise(["", *groups]) if group != before]
        for one in day.sessions:
            found += [one.heading, one.url or "", one.track or "", one.starts_at or "", *one.prose.paragraphs]
    return "".join(found)


@given(plain_texts, corrections)
def test_nothing_of_a_plain_text_is_lost_whatever_is_said(text, entries):
    recap = understood([a_source(text)], said(*entries))

    assert not Counter(letters(text)) - Counter(letters(shown(recap)))


@given(marked_texts, corrections, st.sampled_from(["markdown", "rst"]))
def test_nothing_of_a_text_with_markup_is_lost_whatever_is_said(text, entries, known):
    reader = markdown.blocks if known == "markdown" else rst.blocks
    visible = "".join(string for block in reader(text) for _, string in lines(block))

    recap = understood([a_source(text, format=known)], said(*entries))

    assert not Counter(letters(visible)) - Counter(letters(shown(recap)))


@given(marked_texts, st.lists(session_corrections, max_size=5))
def test_corrections_of_sessions_change_no_id(text, entries):
    source = a_source(text, format="markdown")

    before, after = (understood([source], found) for found in ((), said(*entries)))

    assert {one.id for one in after.sessions} <= {one.id for one in before.sessions}
    assert [one.number for one in after.sessions if one.kind != "section"] == list(range(1, 1 + len(after.sessions)))


@given(plain_texts, corrections)
def test_a_correction_that_can_not_be_made_is_always_told(text, entries):
    recap = understood([a_source(text)], said(*entries))

    lost = [
        entry for entry in entries if isinstance(entry, LineCorrection) and letters(entry.match) not in letters(text)
    ]
    assert len(stale(recap)) >= len(lost)
