"""The whole reading: errors, days without labels, dates, the JSON shape."""

import datetime as dt
import json

import pytest

from builders import a_source
from cnddigest.errors import BadRecap
from cnddigest.recap.outline import read, understood
from cnddigest.recap.wire import wire

PROSE = "発表の内容をまとめて紹介していました。"


def a_text(*days: str, intro: str = "2026年2月13日-14日の2日間で開催されました。") -> str:
    talks = "".join(f"{label}\n最初の発表{n}\n{PROSE}\n次の発表{n}\n{PROSE}\n" for n, label in enumerate(days))
    return f"会議のまとめ\n{intro}\n{talks}おわりに\n楽しかったです。"


def dates(*labels: str, **fields: str) -> list[str]:
    return [str(day.date) for day in read([a_source(a_text(*labels, **fields))]).days]


@pytest.mark.parametrize("text", ["会議", "会議\n文章でした。", "。", "…"])
def test_a_recap_without_sessions_is_refused(text):
    with pytest.raises(BadRecap) as refused:
        read([a_source(text, path="recaps/empty.md")])

    assert refused.value.message == "recap has no sessions: recaps/empty.md"
    assert refused.value.hint == "mark each talk with a heading, or see `cnddigest outline recaps/empty.md`"


@pytest.mark.parametrize(
    "labels",
    [
        ("1日目", "2日目"),
        ("初日", "最終日"),
        ("Day 1", "Day 2"),
        ("Friday", "Saturday"),
        ("2/13(金)", "2/14(土)"),
        ("【1日目】2月13日(金)", "【2日目】2月14日(土)"),
        ("2026/02/13 (Fri)", "2026/02/14 (Sat)"),
    ],
)
def test_each_day_gets_its_date(labels):
    assert dates(*labels) == ["2026-02-13", "2026-02-14"]


def test_a_day_outside_the_event_has_no_date():
    assert dates("1日目", "2日目", "3日目") == ["2026-02-13", "2026-02-14", "None"]


def test_day_zero_is_the_day_before_unless_it_is_counted():
    assert dates("Day 0", "Day 1", "Day 2") == ["2026-02-12", "2026-02-13", "2026-02-14"]
    assert dates("Day 0", "Day 1") == ["2026-02-13", "2026-02-14"]


def test_one_known_date_says_nothing_of_several_days():
    assert dates("1日目", "2日目", intro="2026年2月13日に開幕しました。") == ["None", "None"]


def test_a_recap_without_day_headings_is_one_day():
    text = f"会議のまとめ\n2026年7月11日の会議でした。\n発表あ\n{PROSE}\n発表い\n{PROSE}"

    (day,) = read([a_source(text)]).days

    assert (day.number, day.label, day.date) == (1, "", dt.date(2026, 7, 11))


def test_the_closing_is_found_in_plain_text():
    found = read([a_source(a_text("1日目", "2日目"))])

    assert (found.closing.heading, found.closing.prose.paragraphs) == ("おわりに", ("楽しかったです。",))


def test_a_track_in_plain_text_groups_its_talks():
    text = f"会議のまとめ\n{PROSE}\n1日目\nトラックA\n発表あ\n{PROSE}\n発表い\n{PROSE}\nトラックB\n発表う\n{PROSE}"

    assert [session.group for session in read([a_source(text)]).sessions] == ["トラックA", "トラックA", "トラックB"]


def test_the_front_matter_names_language_and_day_of_writing():
    found = read([a_source(a_text("1日目"), language="en", written_on=dt.date(2026, 3, 1))])

    assert (found.language, found.written_on) == ("en", dt.date(2026, 3, 1))


def test_the_json_has_the_members_of_the_schema_in_their_order():
    found = wire(read([a_source(a_text("1日目", "2日目"))]))

    assert [*found] == [
        *("schema", "title", "language", "format", "source", "introduction", "days", "closing", "dropped", "findings")
    ]
    assert [*found["days"][0]] == ["number", "label", "date", "introduction", "sessions"]
    assert [*found["days"][0]["sessions"][0]] == [
        *("number", "id", "title", "heading", "kind", "track", "group", "starts_at", "speakers", "url", "links"),
        "paragraphs",
    ]
    assert json.loads(json.dumps(found)) == found


def test_a_reading_is_a_function_of_its_text():
    source = a_source(a_text("1日目", "2日目"))

    assert understood([source]) == understood([source])


def test_a_weekday_that_comes_twice_is_no_date():
    assert dates("Friday", "Saturday", intro="2026年2月13日-20日に開催されました。") == ["None", "2026-02-14"]
