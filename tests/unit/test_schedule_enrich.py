"""A recap with what its conference's schedule adds."""

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_serial, a_session, an_event
from cnddigest.errors import BadSchedule
from cnddigest.recap.model import Day, Finding, Link, Provenance
from cnddigest.recap.schedule.enrich import enrich, from_files
from cnddigest.usecases.ingest import read
from fakes import FakeInputs

TOKYO = ZoneInfo("Asia/Tokyo")
FIRST, SECOND = dt.date(2026, 3, 7), dt.date(2026, 3, 8)
FACTS = {
    "speakers": ("灘 太郎",),
    "room": "埠頭A",
    "track": "運用",
    "starts_at": "10:00",
    "ends_at": "10:40",
    "language": "en",
    "level": "中級者",
    "url": "https://e.example/talks/1",
}
SLIDES = Link(label="スライド", url="https://slides.example.net/1")
VIDEO = Link(label="動画", url="https://video.example.net/1")


def the_recap(*days, **fields):
    return dataclasses.replace(a_recap(), days=days, **fields)


def a_day(*sessions, number=1, label="1日目", date=FIRST):
    return Day(number=number, label=label, date=date, sessions=sessions, line=number)


def rules(recap):
    return [finding.rule for finding in recap.findings]


def test_an_empty_session_is_filled_and_says_from_where():
    event = an_event(1, date=FIRST, links=(SLIDES, VIDEO), **FACTS)

    (session,) = enrich(the_recap(a_day(a_session(1))), [event]).sessions

    assert {name: getattr(session, name) for name in FACTS} == FACTS
    assert session.links == (SLIDES, VIDEO)
    assert {one.field for one in session.added} == {*FACTS, "links"}
    assert {one.source for one in session.added} == {"schedule: dreamkast"}


def test_what_the_author_wrote_stands():
    own = {name: value if name != "speakers" else ("橘 みなと",) for name, value in FACTS.items()}
    session = a_session(1, **own | {"room": "ここ", "starts_at": "11:00", "ends_at": None})

    (found,) = enrich(the_recap(a_day(session)), [an_event(1, date=FIRST, **FACTS)]).sessions

    assert found == session


def test_an_end_is_not_added_to_another_start():
    recap = the_recap(a_day(a_session(1, starts_at="11:00")))

    enriched = enrich(recap, [an_event(1, date=FIRST, starts_at="10:00", ends_at="10:40")])

    assert enriched.sessions[0].ends_at is None
    assert rules(enriched) == ["schedule-time-differs"]


def test_slides_are_not_added_beside_the_author_s_own():
    session = a_session(1, links=(Link(label="資料", url="https://speakerdeck.com/minato/1"),))

    (found,) = enrich(the_recap(a_day(session)), [an_event(1, date=FIRST, links=(SLIDES, VIDEO))]).sessions

    assert found.links == (*session.links, VIDEO)


def test_pages_that_a_schedule_links_to_are_left_out():
    feedback = Link(label="Feedback", url="https://e.example/feedback")

    (found,) = enrich(the_recap(a_day(a_session(1))), [an_event(1, date=FIRST, links=(feedback,))]).sessions

    assert found == a_session(1)


def test_a_session_without_a_talk_is_named_with_the_nearest():
    recap = the_recap(a_day(a_session(1, title="港の霧を測る方法")))

    (finding,) = enrich(recap, [an_event(1, title="港の霧を測る装置のこと", date=FIRST)]).findings

    assert (finding.rule, finding.severity, finding.line) == ("schedule-unmatched", "info", 10)
    assert "港の霧を測る装置のこと (2026-03-07)" in finding.message


def test_a_session_that_may_be_several_talks_names_them():
    recap = the_recap(a_day(a_session(1, title="港の霧を測る")))

    (finding,) = enrich(
        recap, [an_event(n, title="港の霧を測る", date=FIRST, room=f"埠頭{n}") for n in (1, 2)]
    ).findings

    assert (finding.rule, finding.severity) == ("schedule-ambiguous", "warning")
    assert "(2026-03-07, 埠頭1); 港の霧を測る (2026-03-07, 埠頭2)" in finding.message


@pytest.mark.parametrize(("date", "event"), [(FIRST, {"date": SECOND, "day": 2}), (None, {"day": 2})])
def test_a_talk_on_another_day_is_a_warning_and_stays_where_it_is(date, event):
    recap = the_recap(a_day(a_session(1), date=date))

    enriched = enrich(recap, [an_event(1, **event)])

    assert [(one.rule, one.severity) for one in enriched.findings] == [("schedule-day-differs", "warning")]
    assert enriched.days == recap.days


def test_a_day_without_a_date_gets_that_of_its_talks():
    unknown = Finding(rule="no-date", severity="info", line=1, message="date of a day is unknown: 1日目")
    recap = the_recap(a_day(a_session(1), a_session(2), date=None), findings=(unknown,))

    enriched = enrich(recap, [an_event(n, date=FIRST, day=1) for n in (1, 2)])

    assert enriched.days[0].date == FIRST
    assert rules(enriched) == ["schedule-date"]


def test_talks_of_several_dates_date_no_day():
    recap = the_recap(a_day(a_session(1), a_session(2), date=None))

    enriched = enrich(recap, [an_event(1, date=FIRST, day=1), an_event(2, date=SECOND, day=2)])

    assert enriched.days[0].date is None


def test_a_date_that_another_day_has_is_not_given_twice():
    recap = the_recap(a_day(a_session(1), date=FIRST), a_day(a_session(2), number=2, label="2日目", date=None))

    assert enrich(recap, [an_event(2, date=FIRST, day=1)]).days[1].date is None


def test_days_that_a_recap_does_not_have_are_only_proposed():
    sessions = [a_session(n) for n in range(1, 5)]
    recap = the_recap(a_day(*sessions, label="", date=None))

    enriched = enrich(recap, [an_event(n, date=SECOND if n == 4 else FIRST) for n in range(1, 5)])

    (finding,) = enriched.findings
    assert (finding.rule, finding.severity) == ("schedule-days", "info")
    assert "2026-03-07: 1-3; 2026-03-08: 4" in finding.message
    assert enriched.days == recap.days


SESSIONS = st.lists(
    st.builds(
        lambda fields, title, links: a_session(1, title=title, links=links, **fields),
        st.fixed_dictionaries({}, optional={name: st.just(value) for name, value in FACTS.items()}),
        st.sampled_from(["港を測る", "港を測る話をしようと思います", "海を渡る話をしようと思います", "LT"]),
        st.sampled_from([(), (SLIDES,), (Link(label="", url="https://github.com/minato/1"),)]),
    ),
    max_size=5,
).map(lambda found: tuple(dataclasses.replace(one, number=n) for n, one in enumerate(found, start=1)))
EVENTS = st.lists(
    st.builds(
        lambda number, title, date, facts: an_event(
            number, title=title, date=date, day=1, links=(SLIDES, VIDEO), **facts
        ),
        st.integers(1, 3),
        st.sampled_from(["港を測る", "港を測る話をしようと思います!", "海を渡る話をしようと思います", "LT"]),
        st.sampled_from([FIRST, SECOND, None]),
        st.sampled_from([{}, FACTS, FACTS | {"url": "https://e.example/talks/2", "starts_at": "11:00"}]),
    ),
    max_size=5,
)
DATES = st.sampled_from([FIRST, None])


@given(SESSIONS, EVENTS, DATES)
def test_nothing_the_author_wrote_ever_changes(sessions, events, date):
    before = the_recap(a_day(*sessions, date=date))

    after = enrich(before, events)

    for old, new in zip(before.sessions, after.sessions, strict=True):
        for field in dataclasses.fields(old):
            was, now = getattr(old, field.name), getattr(new, field.name)
            grown = field.name in ("links", "added")
            assert now[: len(was)] == was if grown else now == was or not was
        changed = {
            field.name for field in dataclasses.fields(old) if getattr(old, field.name) != getattr(new, field.name)
        }
        assert {one.field for one in new.added} == changed - {"added"}
    assert dataclasses.replace(after, days=before.days, findings=before.findings) == before


@given(SESSIONS, EVENTS, DATES)
def test_doing_it_twice_is_doing_it_once(sessions, events, date):
    once = enrich(the_recap(a_day(*sessions, date=date)), events)

    assert enrich(once, events) == once


def test_files_are_read_and_enrich_in_one_step():
    table = "title,room\n発表その1,埠頭A\n".encode()

    found = from_files(the_recap(a_day(a_session(1))), [("minato.csv", table)], TOKYO)

    assert found.sessions[0].room == "埠頭A"
    assert found.sessions[0].added == (Provenance(field="room", source="schedule: csv"),)


def test_a_serial_s_schedule_enriches_its_recap():
    recap = "# 港の会議\n\n## 1日目\n\n### 港を測る\n\n潮の話でした。\n"
    inputs = FakeInputs({"recaps/minato.md": recap, "minato.csv": "title,room\n港を測る,埠頭A\n"})

    found = read(inputs, a_serial(schedules=("minato.csv",)))

    assert [session.room for session in found.sessions] == ["埠頭A"]


def test_a_broken_schedule_is_an_error_since_the_author_named_it():
    inputs = FakeInputs(
        {
            "recaps/minato.md": "# 港の会議\n\n## 港を測る\n\n潮の話でした。\n\n## 海を渡る\n\n船の話でした。\n",
            "minato.csv": "?",
        }
    )

    with pytest.raises(BadSchedule, match=r"minato\.csv"):
        read(inputs, a_serial(schedules=("minato.csv",)))
