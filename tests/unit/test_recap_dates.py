"""When the event took place, as people write it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.recap.dates import Span, event, spans, year_in


def span(first: str, last: str) -> Span:
    return Span(first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022年11月21日-22日に二日にわたって", "2022-11-21", "2022-11-22"),
        ("2026年3月7日・8日に開催", "2026-03-07", "2026-03-08"),
        ("2026年2月13日～14日", "2026-02-13", "2026-02-14"),
        ("2025年9月19日（金）と20日（土）に", "2025-09-19", "2025-09-20"),
        ("2024年5月10日から12日まで", "2024-05-10", "2024-05-12"),
        ("2022/11/21-22", "2022-11-21", "2022-11-22"),
        ("2022-11-21 - 2022-11-23", "2022-11-21", "2022-11-23"),
        ("on June 6-7, 2026, in a boathouse", "2026-06-06", "2026-06-07"),
        ("September 11 and 12, 2026.", "2026-09-11", "2026-09-12"),
        ("March 4 to March 6, 2024", "2024-03-04", "2024-03-06"),
        ("June 6, 7 and 8, 2026", "2026-06-06", "2026-06-08"),
        ("June 30 - July 2, 2026", "2026-06-30", "2026-07-02"),
        ("(8-9 May 2026)", "2026-05-08", "2026-05-09"),
        ("30 June - 2 July 2026", "2026-06-30", "2026-07-02"),
        ("les 14 et 15 mars 2026 dans", "2026-03-14", "2026-03-15"),
        ("du 14 au 16 mars 2026", "2026-03-14", "2026-03-16"),
        ("Am 12. und 13. September 2025", "2025-09-12", "2025-09-13"),
        ("13.–14. mars 2025", "2025-03-13", "2025-03-14"),
        ("from Saturday, June 6 to Sunday, June 7, 2026", "2026-06-06", "2026-06-07"),
        ("du samedi 14 au dimanche 15 mars 2026", "2026-03-14", "2026-03-15"),
        ("Donnerstag, den 12. und Freitag, den 13. September 2024", "2024-09-12", "2024-09-13"),
        ("held on 21 November 2026 above a bakery", "2026-11-21", "2026-11-21"),
    ],
)
def test_a_range_is_read_in_any_spelling(text, first, last):
    assert span(first, last) in spans(text, None)


def test_a_year_that_is_not_written_is_lent():
    assert [*spans("5月30日・31日", 2026)] == [span("2026-05-30", "2026-05-31")]
    assert [*spans("5月30日・31日", None)] == []


@pytest.mark.parametrize(
    "text", ["Between 2008 and 2014", "we may 8 times", "1/2 of it", "2026年13月45日", "at 10:30 and 11:45"]
)
def test_what_is_no_date_is_no_event(text):
    assert [*spans(text, None)] == []


def test_a_range_of_days_wins_over_a_single_day():
    found = event("", "Written on June 9, 2026. It was on June 6-7, 2026.", "", written_on=None)

    assert found == span("2026-06-06", "2026-06-07")


def test_the_introduction_wins_over_the_rest():
    found = event("", "June 6-7, 2026", "May 1-2, 2026", written_on=None)

    assert found == span("2026-06-06", "2026-06-07")


def test_the_date_of_the_post_is_never_that_of_the_event():
    assert event("A recap", "It was fun.", "", written_on=dt.date(2026, 3, 9)) is None
    assert event("A recap", "June 6-7", "", written_on=dt.date(2026, 7, 1)) == span("2026-06-06", "2026-06-07")


def test_the_first_year_of_this_century_counts():
    assert year_in("Since 1987", "held in 2026 and 2027") == 2026
    assert year_in("12345", "") is None


@given(st.text(max_size=400))
def test_any_text_can_be_asked(text):
    for found in spans(text, 2026):
        assert 1 <= len(found.days) <= 14


def test_a_month_is_no_event():
    assert span("2026-05-01", "2026-05-30") not in spans("May 1 - May 30, 2026", None)
