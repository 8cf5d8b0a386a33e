"""The talks of a schedule found among the sessions of a recap."""

import datetime as dt
import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_recap, a_session, an_event
from cnddigest.recap import outline, source
from cnddigest.recap.model import Day, Link
from cnddigest.recap.schedule import sniff
from cnddigest.recap.schedule.likeness import NEAREST, ratios
from cnddigest.recap.schedule.matching import match

TRACKS = [{"id": 51, "name": "大ホール"}, {"id": 52, "name": "埠頭A"}, {"id": 53, "name": "埠頭B"}]
FIRST, SECOND = dt.date(2026, 3, 7), dt.date(2026, 3, 8)
LONG = "障害訓練を三年のあいだ運用して分かったこと"
TITLES = st.sampled_from(
    [LONG, LONG + "の話", LONG + "(1)", LONG + "(2)", "LT", "港を測る", "Go で書く", "Goで書く", ""]
)
PAGES = st.sampled_from([None, "https://e.example/talks/1", "https://e.example/talks/2", "https://e.example/"])
PEOPLE = st.sampled_from([(), ("灘 太郎",), ("橘 みなと", "灘 太郎")])
CLOCKS = st.sampled_from([None, "10:00", "11:00"])
RECAPS = st.lists(st.tuples(TITLES, PAGES, PEOPLE, CLOCKS), max_size=7).map(
    lambda rows: the_recap(
        *(
            a_session(n, title=title, url=url, speakers=people, starts_at=clock)
            for n, (title, url, people, clock) in enumerate(rows, start=1)
        )
    )
)
EVENTS = st.lists(
    st.builds(
        lambda number, title, url, people, clock, date: an_event(
            number, title=title, url=url, speakers=people, starts_at=clock, date=date
        ),
        st.integers(1, 3),
        TITLES.filter(bool),
        PAGES,
        PEOPLE,
        CLOCKS,
        st.sampled_from([FIRST, SECOND, None]),
    ),
    max_size=7,
).map(tuple)


def the_recap(*sessions, label="1日目", date=FIRST):
    return replace(a_recap(), days=(Day(number=1, label=label, date=date, sessions=sessions),))


def pairs(matching):
    return [(found.session.number, found.event.id, found.by) for found in matching.matches]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("s02", "s02.frab.json"),
        ("s02", "s02.frab.xml"),
        ("s02", "s02.dreamkast.json"),
        ("s08", "s08.schedule.ics"),
        ("s08", "s08.sessionize.json"),
        ("s08", "s08.schedule.csv"),
    ],
)
def test_schedules_of_every_format_match_as_a_person_would(shared, name, file):
    folder = shared / "fixtures" / "recaps"
    expected = json.loads((folder / "schedules" / f"{name}.matching.json").read_text("utf-8"))
    wanted = expected["schedules"][file]
    recap = outline.read([source.decode(expected["recap"], (folder / expected["recap"]).read_bytes())])
    files = [(file, (folder / "schedules" / file).read_bytes()), *tracks_for(file)]

    found = match(recap, sniff.events(files, ZoneInfo(expected["zone"])))

    assert [described(one) for one in found.matches] == [as_described(one) for one in wanted["matches"]]
    for one, want in zip(found.matches, wanted["matches"], strict=True):
        assert want.get("slides") in {None, *(link.url for link in one.event.links)}
    assert [(doubt.session.number, [event.id for event in doubt.candidates]) for doubt in found.ambiguous] == [
        (want["session"], [str(name) for name in want["candidates"]]) for want in wanted["ambiguous"]
    ]
    assert [doubt.session.number for doubt in found.unmatched] == wanted["unmatched"]
    assert {event.id for event in found.left_over} == {str(name) for name in wanted["not_in_recap"]}
    days = {event.id: event.day for event in found.left_over}
    assert all(days[name] == day for name, day in wanted.get("event_days", {}).items())


def tracks_for(file):
    """Dreamkast names its tracks in a file of their own."""
    return [("tracks.json", json.dumps(TRACKS).encode())] if "dreamkast" in file else []


def described(found):
    event = found.event
    return found.session.number, event.id, found.by, event.day, event.starts_at, event.room, set(event.speakers)


def as_described(wanted):
    facts = (wanted[name] for name in ("by", "day", "starts_at", "room"))
    return wanted["session"], str(wanted["event"]), *facts, set(wanted["speakers"])


def test_a_number_at_the_end_of_the_talk_s_page_is_its_id():
    recap = the_recap(a_session(1, url="https://event.example/minato/talks/2101"))

    assert pairs(match(recap, [an_event(2101, title="別の題")])) == [(1, "2101", "url")]


def test_a_number_at_the_end_of_some_other_address_is_nobody_s_id():
    links = (Link(label="issue", url="https://github.com/minato/slo/issues/2101"),)
    recap = the_recap(a_session(1, url="https://speakerdeck.com/2101", links=links))

    assert not match(recap, [an_event(2101, title="別の題")]).matches


def test_a_code_in_an_address_is_its_code():
    recap = the_recap(a_session(1, links=(Link(label="", url="https://p.example/minato/talk/K7P3XA/"),)))

    assert pairs(match(recap, [an_event(1, title="別の題", keys=("g-1", "K7P3XA"))])) == [(1, "1", "url")]


def test_the_title_behind_a_talk_s_name_in_an_address_may_change():
    recap = the_recap(a_session(1, url="https://minato.sched.example/event/1Hov9/measuring"))
    event = an_event(1, title="別の題", url="https://minato.sched.example/event/1Hov9/measuring-the-harbour?x=1")

    assert pairs(match(recap, [event])) == [(1, "1", "url")]


def test_the_schedule_s_own_page_that_all_sessions_link_to_tells_nothing():
    page = "https://e.example/timetable"
    recap = the_recap(a_session(1, url=page), a_session(2, url=page))

    assert not match(recap, [an_event(1, title="別の題", url=page)]).matches


def test_blanks_and_widths_do_not_part_equal_titles():
    recap = the_recap(a_session(1, title="小型衛星をＫｕｂｅｒｎｅｔｅｓで運用"))

    assert pairs(match(recap, [an_event(1, title="小型衛星を Kubernetes で運用")])) == [(1, "1", "title")]


def test_of_talks_with_one_title_day_and_start_choose():
    recap = the_recap(a_session(1, title="LT", starts_at="11:00"))
    events = [an_event(1, title="LT", starts_at="10:00"), an_event(2, title="LT", starts_at="11:00")]

    assert pairs(match(recap, events)) == [(1, "2", "title")]


def test_of_talks_with_one_title_only_day_and_start_together_may_choose():
    recap = the_recap(a_session(1, title="LT", starts_at="10:00"))
    places = [(FIRST, "11:00"), (SECOND, "10:00"), (FIRST, "10:00")]
    events = [an_event(n, title="LT", date=date, starts_at=clock) for n, (date, clock) in enumerate(places, start=1)]

    assert pairs(match(recap, events)) == [(1, "3", "title")]


def test_of_talks_with_one_title_and_no_other_fact_none_is_chosen():
    recap = the_recap(a_session(1, title="港の話をしよう"))
    events = [an_event(n, title="港の話をしよう", date=FIRST) for n in (1, 2)]

    found = match(recap, events)

    assert not found.matches
    assert [event.id for event in found.ambiguous[0].candidates] == ["1", "2"]
    assert not found.left_over


def test_two_texts_about_one_talk_do_not_share_it():
    recap = the_recap(a_session(1, title="港の話をしよう"), a_session(2, title="港の話をしよう"))

    found = match(recap, [an_event(1, title="港の話をしよう")])

    assert not found.matches
    assert len(found.ambiguous) == 2


@pytest.mark.parametrize(
    ("title", "other"),
    [("(1)", "(2)"), (" 前編", " 後編"), (" part II", " part III"), ("", "(2)"), ("第一回", "第二回")],
)
def test_another_part_of_a_talk_is_never_taken_for_it(title, other):
    found = match(the_recap(a_session(1, title=LONG + title)), [an_event(1, title=LONG + other)])

    assert not found.matches
    assert [event.id for event in found.ambiguous[0].candidates] == ["1"]


def test_another_part_is_no_rival_of_the_right_one():
    recap = the_recap(a_session(1, title=LONG + " (1)!"))

    assert pairs(match(recap, [an_event(n, title=f"{LONG} ({n})") for n in (1, 2)])) == [(1, "1", "fuzzy")]


def test_the_same_people_at_the_same_time_gave_the_same_talk():
    recap = the_recap(a_session(1, title="海の話", starts_at="10:00", speakers=("灘 太郎",)))
    event = an_event(1, title="Something quite different", starts_at="10:00", speakers=("灘太郎",), date=FIRST)

    assert pairs(match(recap, [event])) == [(1, "1", "speaker and start")]
    assert not match(recap, [replace(event, date=SECOND)]).matches


def test_days_without_dates_are_known_by_their_numbers():
    recap = the_recap(a_session(1, title="LT"), date=None)
    events = [an_event(1, title="LT", date=SECOND, day=2), an_event(2, title="LT", date=FIRST, day=1)]

    assert pairs(match(recap, events)) == [(1, "2", "title")]


def test_lunch_and_left_over_sections_are_never_missed():
    recap = the_recap(a_session(1, kind="event", title="昼食"), a_session(2, kind="section", title="まとめ"))

    found = match(recap, [an_event(1, title="まとめ")])

    assert not found.matches
    assert not found.unmatched
    assert [event.id for event in found.left_over] == ["1"]


def test_titles_are_compared_with_a_few_others_however_many_there_are():
    places = zip("港海船灯" * 500, "測待運押" * 500, strict=True)
    titles = {n: f"{place}で{verb}る三百の方法、{n}年目" for n, (place, verb) in enumerate(places)}

    found = list(ratios(titles, titles))

    assert len(found) <= NEAREST * len(titles)


@given(RECAPS, EVENTS)
def test_a_talk_belongs_to_one_session_and_a_session_to_one_talk(recap, events):
    found = match(recap, events)

    assert len({one.session.number for one in found.matches}) == len(found.matches)
    assert len({id(one.event) for one in found.matches}) == len(found.matches)


@given(RECAPS, EVENTS)
def test_every_session_and_every_talk_is_accounted_for(recap, events):
    found = match(recap, events)

    sessions = [one.session.number for one in found.matches]
    sessions += [doubt.session.number for doubt in (*found.ambiguous, *found.unmatched)]
    assert sorted(sessions) == [session.number for session in recap.sessions]
    taken = [one.event for one in found.matches]
    doubted = {id(event) for doubt in found.ambiguous for event in doubt.candidates}
    assert len(taken) + len(found.left_over) + len(doubted) == len(events)


@given(RECAPS, EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_the_schedule_does_not_matter(recap, events, random):
    shuffled = list(events)
    random.shuffle(shuffled)

    assert {(one.session.number, one.event) for one in match(recap, events).matches} == {
        (one.session.number, one.event) for one in match(recap, shuffled).matches
    }
