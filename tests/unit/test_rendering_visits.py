"""What pages for one visitor say of a pace, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import some_words
from cnddigest.audience.replay import read_every, read_timezone
from cnddigest.rendering import visits
from cnddigest.rendering.visits import Pace

rhythms = st.one_of(
    st.sampled_from(visits.EVERY),
    st.sets(st.sampled_from(visits.DAYS), min_size=1).map(lambda days: read_every(",".join(days))),
    st.integers(1, 999).map(lambda count: f"{count}h"),
)


@pytest.mark.parametrize(
    ("language", "wanted", "said"),
    [
        ("en", Pace(every="day", at="08:00", timezone="UTC"), "every day, 08:00 (UTC)"),
        (
            "en",
            Pace(every="mon,thu", at="07:30", timezone="America/New_York"),
            "Monday, Thursday, 07:30 (America/New York)",
        ),
        ("en", Pace(every="90m", at="08:00", timezone="UTC"), "every 90m"),
        ("en", Pace(every="day", at="08:00", timezone="UTC", per=2), "every day, 08:00 (UTC), 2 parts at a time"),
        ("ja", Pace(every="weekday", at="08:00", timezone="Asia/Tokyo"), "月曜日から金曜日、08:00（Asia/Tokyo）"),
        ("ja", Pace(every="12h", at="08:00", timezone="UTC", per=3), "1日2回、一度に3回分"),
    ],
)
def test_a_pace_is_said_in_words(language: str, wanted: Pace, said: str) -> None:
    assert visits.pace(some_words(language), wanted) == said


@given(rhythms, st.sampled_from(["ja", "en"]))
def test_what_is_set_is_chosen_once_whatever_it_is(every: str, language: str) -> None:
    found = visits.paces(some_words(language), every)

    assert [choice.value for choice in found if choice.chosen] == [every]
    assert len({choice.value for choice in found}) == len(found)
    assert all(choice.label for choice in found)


def test_what_a_form_offers_can_be_taken() -> None:
    assert [read_every(every) for every in visits.EVERY] == list(visits.EVERY)
    assert [read_timezone(zone) for zone in visits.ZONES] == list(visits.ZONES)


def test_a_zone_that_is_set_is_offered_even_if_it_is_rare() -> None:
    found = visits.zones("Pacific/Chatham")

    assert [(choice.value, choice.label) for choice in found if choice.chosen] == [
        ("Pacific/Chatham", "Pacific/Chatham")
    ]
    assert [choice.value for choice in found[1:]] == list(visits.ZONES)
