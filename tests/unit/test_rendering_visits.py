"""What pages for one visitor say of a pace, in both languages."""

from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_masthead, a_publication, some_templates, some_words
from cnddigest.audience.replay import read_every, read_timezone
from cnddigest.rendering import visits
from cnddigest.rendering.visits import Pace
from cnddigest.rendering.zones import COMMON, zones

rhythms = st.one_of(
    st.sampled_from(visits.EVERY),
    st.sets(st.sampled_from(visits.DAYS), min_size=1).map(lambda days: read_every(",".join(days))),
    st.integers(1, 999).map(lambda count: f"{count}h"),
)


@pytest.mark.parametrize(
    ("language", "wanted", "said"),
    [
        ("en", Pace(every="day", at="08:00", timezone="UTC"), "every day, 8:00 AM (Coordinated Universal Time)"),
        (
            "en",
            Pace(every="mon,thu", at="07:30", timezone="America/New_York"),
            "Monday, Thursday, 7:30 AM (Eastern Time)",
        ),
        ("en", Pace(every="90m", at="08:00", timezone="UTC"), "every 90m"),
        (
            "en",
            Pace(every="day", at="08:00", timezone="UTC", per=2),
            "every day, 8:00 AM (Coordinated Universal Time), 2 parts at a time",
        ),
        ("ja", Pace(every="weekday", at="08:00", timezone="Asia/Tokyo"), "月曜日から金曜日、8:00（日本時間）"),
        ("ja", Pace(every="12h", at="08:00", timezone="UTC", per=3), "1日2回、一度に3回分"),
    ],
)
def test_a_pace_is_said_in_words(language: str, wanted: Pace, said: str) -> None:
    assert visits.pace(some_words(language), wanted).replace("\u202f", " ") == said


@given(rhythms, st.sampled_from(["ja", "en"]))
def test_what_is_set_is_chosen_once_whatever_it_is(every: str, language: str) -> None:
    found = visits.paces(some_words(language), every)

    assert [choice.value for choice in found if choice.chosen] == [every]
    assert len({choice.value for choice in found}) == len(found)
    assert all(choice.label for choice in found)


def test_what_a_form_offers_can_be_taken() -> None:
    assert [read_every(every) for every in visits.EVERY] == list(visits.EVERY)
    assert [read_timezone(zone) for zone in COMMON] == list(COMMON)


@given(
    st.sampled_from([*COMMON, "Pacific/Chatham", "Asia/Kathmandu", "Etc/GMT+5", "Japan"]), st.sampled_from(["ja", "en"])
)
def test_every_zone_there_is_can_be_chosen_and_the_one_that_is_set_is_once(zone: str, language: str) -> None:
    found = zones(some_words(language), zone)

    everywhere = [choice for group in found for choice in group.choices]
    assert [choice.value for choice in everywhere if choice.chosen] == [zone]
    assert {choice.value for choice in everywhere} >= {
        name
        for name in available_timezones()
        if "/" in name
        and not name.startswith(
            ("Etc/", "US/", "Canada/", "Brazil/", "Chile/", "Mexico/", "SystemV/", "posix/", "right/")
        )
    }
    assert all(read_timezone(choice.value) and choice.label for choice in everywhere)
    assert not [choice.label for choice in found[0].choices if "Unknown" in choice.label]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "suits you: 1 part, 1 session."), ("ja", "自分のペースで一回ずつ。全1回、1セッションです。")],
)
def test_the_form_counts_one_part_as_one(language: str, said: str) -> None:
    form: dict[str, Any] = {
        "wrong": "",
        "tongue": language,
        "asked": "",
        "serials": [],
        "address": "",
        "coming": False,
        "has_others": False,
        "paces": [],
        "zones": [],
    }
    small = a_masthead(parts=1, sessions=1)

    page = visits.visit(
        some_templates(language),
        a_publication(),
        "subscribe",
        title="x",
        masthead=small,
        settings=Pace(every="day", at="08:00", timezone="UTC"),
        **form,
    )

    assert said in page
