"""Replays' feeds: the public Parts once more, at a person's own moments, and nothing a reader could stumble over."""

import datetime as dt
import json
import re
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gates
from builders import a_cadence, catalogs, some_templates
from cnddigest.audience.model import Subscription, SubscriptionStatus
from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import Schedule
from cnddigest.feed import check
from cnddigest.rendering import slots
from cnddigest.rendering.words import Words
from cnddigest.serial.replay import Course, jumped
from cnddigest.usecases import holding
from cnddigest.usecases.feeds import FORMATS
from cnddigest.usecases.replay_feeds import ReplayFeed, Run, Wanted, of_schedule, of_subscription
from cnddigest.usecases.replays import Public, calendar
from cnddigest.usecases.shelf import Shelf, shelf
from desk import START, Desk, a_text

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
LATER = START + 100 * DAY  # long after all is out
EIGHT = dt.datetime(2027, 3, 5, 23, 0, tzinfo=dt.UTC)  # the first eight o'clock in Tokyo after `LATER`
SECOND = dt.timedelta(seconds=1)
TAG = "tag:recaps.example.org,2026:minato"
every_format = pytest.mark.parametrize("name", FORMATS)


def a_shelf(desk: Desk, style: str = "style") -> Shelf:
    found = shelf(
        desk.store,
        desk.publication,
        "minato",
        style=style,
        templates=cache(some_templates),
        words=lambda language, zone: Words(language or "ja", zone, catalogs()),
    )
    assert found
    return found


@cache
def published(days: int = 2, sessions: int = 1) -> Desk:
    desk = Desk(a_text(days=days, sessions=sessions))
    desk.publish(everything=True)
    return desk


def a_run(began_at: dt.datetime = LATER, *, course: Course | None = None, language: str = "", **wanted: object) -> Run:
    return Run(
        serial="minato",
        name="r7",
        settings=Replay(**wanted),  # type: ignore[arg-type]
        course=course or Course(began_at=began_at),
        language=language,
    )


def asked(name: str = "atom.xml", archive: int | None = None, knows: str = "") -> Wanted:
    url = f"https://recaps.example.org/replay/token/{name}"
    return Wanted(name=name, archive=archive, url=url, knows=lambda tag: tag == knows)


def body(run: Run, now: dt.datetime, name: str = "atom.xml", desk: Desk | None = None) -> bytes:
    document = ReplayFeed(a_shelf(desk or published()), run, now=now).document(asked(name))
    assert document
    assert document.body is not None
    return document.body


def names(document: bytes) -> list[str]:
    return [found.rpartition("/")[2] for found in gates.ids(document)]


@every_format
def test_a_part_stands_there_from_its_own_moment_on(name):
    run = a_run()

    before, then = body(run, EIGHT - SECOND, name), body(run, EIGHT, name)

    assert names(before) == ["part-1"]
    assert names(then) == ["part-2", "part-1"]


@every_format
def test_every_id_is_that_of_the_run(name):
    document = body(a_run(), EIGHT + SECOND, name)

    assert gates.ids(document) == [f"{TAG}/r7/end", f"{TAG}/r7/part-2", f"{TAG}/r7/part-1"]
    assert b"/main" not in document
    assert slots.OPEN not in document.decode()


def test_what_it_says_is_word_for_word_what_the_public_feed_says():
    public = json.loads(published().folder.files["minato/feed.json"])["items"]

    own = json.loads(body(a_run(), EIGHT + SECOND, "feed.json"))["items"][1:]

    moving = {"id", "date_published", "date_modified"}
    assert [{k: v for k, v in item.items() if k not in moving} for item in own] == [
        {k: v for k, v in item.items() if k not in moving} for item in public
    ]


def test_texts_come_out_of_the_cache_of_the_public_feed():
    desk = published()
    found = a_shelf(desk, style=desk.inputs.style())

    document = ReplayFeed(found, a_run(), now=EIGHT).document(asked())

    assert document
    assert names(document.body or b"") == ["part-2", "part-1"]
    assert len(found.desk.texts._new) == 1  # the frame, which is no public feed's


def test_before_it_begins_there_is_one_entry_that_says_when():
    run = a_run(start="2027-04-01", timezone="Europe/Berlin", language="en")

    document = body(run, LATER + HOUR)

    assert names(document) == ["begins"]
    assert "Apr 1, 2027" in document.decode()
    assert "8:00\u202fAM" in document.decode() or "8:00 AM" in document.decode()
    assert "Central European" in document.decode()


def test_that_entry_is_gone_with_the_first_part():
    run = a_run(start="2027-04-01")

    document = body(run, dt.datetime(2027, 3, 31, 23, 0, tzinfo=dt.UTC))

    assert names(document) == ["part-1"]


def test_it_speaks_the_language_of_the_person():
    japanese, english = (body(a_run(start="2027-04-01", language=tag), LATER).decode() for tag in ("", "en"))

    assert "に始まります" in japanese
    assert "Begins on" in english


@pytest.mark.parametrize("position", [0, 1])
def test_a_pause_before_anything_is_there_names_the_part_that_follows_it(position):
    course = Course(began_at=LATER, moments=(None,) * position)

    document = body(a_run(course=course, start="2027-04-01", paused=True, language="en"), LATER)

    assert names(document) == ["begins"]
    assert f"Paused before part {position + 1}" in document.decode()
    assert f"Part {position + 1} comes when you resume" in document.decode()


@every_format
@pytest.mark.parametrize("paused", [False, True])
def test_who_had_all_parts_elsewhere_is_told_that_it_is_over(name, paused):
    course = Course(began_at=LATER, moments=(None, None), step_at=LATER, in_step=1)

    document = body(a_run(course=course, paused=paused, language="en"), LATER, name)

    assert names(document) == ["end"]
    assert b"<fh:complete/>" in document or b'"expired": true' in document
    assert not check.faults(None, document, now=LATER, self_url=asked(name).url)


def test_after_a_jump_the_first_entry_names_the_part_that_comes():
    course = jumped(Course(began_at=LATER), 2, LATER)
    run = a_run(course=course, start="2027-04-01", language="en")

    document = body(run, LATER)

    assert b"Part 2 comes on" in document


@every_format
def test_the_end_is_told_and_marked(name):
    document = body(a_run(language="en"), EIGHT + SECOND, name)

    assert names(document)[0] == "end"
    assert b"That was the last part" in document
    assert b"<fh:complete/>" in document or b'"expired": true' in document


@every_format
def test_an_unfinished_one_is_not_marked_as_complete(name):
    document = body(a_run(), LATER, name)

    assert "end" not in names(document)
    assert b"complete" not in document
    assert b"expired" not in document


def test_a_pause_keeps_what_is_out():
    course = Course(began_at=LATER, moments=(LATER,), step_at=LATER, in_step=1)

    document = body(a_run(course=course, paused=True), LATER + 30 * DAY)

    assert names(document) == ["part-1"]


def test_a_part_that_is_not_public_is_not_there():
    desk = Desk(a_text(days=3, sessions=1))
    desk.publish()

    document = body(a_run(START, every="1m"), START + HOUR, desk=desk)

    assert names(document) == ["part-1"]
    assert "発表002" not in document.decode()


def test_an_edit_moves_updated_and_keeps_id_date_and_place():
    desk = Desk(a_text(days=2, sessions=1))
    desk.publish(everything=True)
    before = body(a_run(START + HOUR), START + 2 * HOUR, desk=desk)
    desk.rewrite("本文001です。", "本文001を直しました。")
    desk.publish(START + 3 * HOUR)

    after = body(a_run(START + HOUR), START + 4 * HOUR, desk=desk)

    assert names(after) == names(before) == ["part-1"]
    assert "直しました" in after.decode()
    assert not gates.gate(before, after, START + 4 * HOUR)
    assert dates_of(after)[0] == dates_of(before)[0] == (START + HOUR).isoformat()
    assert dates_of(after)[1] == (START + 3 * HOUR).isoformat()


def dates_of(atom: bytes) -> tuple[str, str]:
    entry = atom.decode().partition("<entry")[2]
    published, updated = (re.search(f"<{name}>(.*?)</{name}>", entry) for name in ("published", "updated"))
    assert published
    assert updated
    return published[1], updated[1]


def test_whoever_has_it_gets_no_body_and_nothing_is_rendered():
    found = a_shelf(published())
    first = ReplayFeed(found, a_run(), now=EIGHT + SECOND).document(asked())
    assert first
    fresh = a_shelf(published())

    again = ReplayFeed(fresh, a_run(), now=EIGHT + DAY).document(asked(knows=first.etag))

    assert again
    assert again.body is None
    assert again.etag == first.etag
    assert not fresh.desk.texts.rendered


@pytest.mark.parametrize(
    "other",
    [
        a_run(language="en", start="2027-04-01"),
        a_run(start="2027-04-02"),
        a_run(start="2027-04-01", at="09:00"),
        a_run(start="2027-04-01", timezone="Europe/Berlin"),
        a_run(start="2027-04-01", paused=True),
        replace(a_run(start="2027-04-01"), name="r8"),
        a_run(LATER - HOUR, start="2027-04-01"),
    ],
)
def test_another_document_has_another_tag(other):
    found, run = a_shelf(published()), a_run(start="2027-04-01")

    documents = [ReplayFeed(found, each, now=LATER).document(asked()) for each in (run, other)]

    assert documents[0]
    assert documents[1]
    assert documents[0].body != documents[1].body
    assert documents[0].etag != documents[1].etag


def test_it_says_when_it_changes_next():
    found = a_shelf(published())

    moments = [ReplayFeed(found, a_run(), now=now).document(asked()) for now in (LATER, EIGHT, EIGHT + SECOND)]

    assert [document and document.next_at for document in moments] == [EIGHT, EIGHT + SECOND, None]


def test_reading_writes_nothing(monkeypatch):
    desk = published()
    for name in ("keep_fragments", "release", "move", "remember_built", "ingest", "remember_inputs"):
        monkeypatch.setattr(desk.store, name, None)

    document = body(a_run(), EIGHT, desk=desk)

    assert names(document)


def test_more_than_fifty_entries_go_on_in_archives():
    desk, run = published(60), a_run(every="1m")
    feed = ReplayFeed(a_shelf(desk), run, now=LATER + HOUR)

    current, first, second, none = (feed.document(asked(archive=number)) for number in (None, 1, 2, 3))

    assert none is None
    assert current
    assert first
    assert second
    held = [names(document.body or b"") for document in (current, second, first)]
    assert held[0][0] == "end"
    assert len(held[0]) == 50
    assert b"rss-2.xml" not in (current.body or b"")
    assert b"atom-2.xml" in (current.body or b"")
    assert {name for some in held for name in some} == {"end", *(f"part-{n}" for n in range(1, 61))}
    assert not any(list(gates.w3c(document.body or b"")) for document in (current, first, second))


def test_an_address_carries_a_timeline_of_its_own():
    schedules = [
        Schedule(serial="minato", began_at=LATER, settings=Replay(every="day", at=at, timezone="Asia/Tokyo"))
        for at in ("08:00", "09:00")
    ]

    documents = [body(of_schedule(schedule), EIGHT + SECOND) for schedule in schedules]

    assert names(documents[0]) == ["end", "part-2", "part-1"]
    assert names(documents[1]) == ["part-1"]
    assert not gates.shared_ids(*documents)
    assert all(re.search(r"/s[0-9a-f]{8}/part-1<", document.decode()) for document in documents)


def a_subscription(**fields: object) -> Subscription:
    known: dict[str, object] = {
        "number": 7,
        "subscriber": 1,
        "serial": "minato",
        "run": "r7",
        "status": SubscriptionStatus.ACTIVE,
        "replay": Replay(),
        "course": Course(began_at=LATER),
        "asked_at": LATER,
    }
    return Subscription(**known | fields)  # type: ignore[arg-type]


def test_whoever_follows_the_public_run_waits_or_has_left_has_no_feed_of_their_own():
    others = [
        a_subscription(status=SubscriptionStatus.ENDED),
        a_subscription(status=SubscriptionStatus.PENDING, course=None),
        a_subscription(run="main", replay=None, course=None),
    ]

    found = [of_subscription(each, language="") for each in [a_subscription(), *others]]

    assert [run is not None for run in found] == [True, False, False, False]


def test_a_serial_that_was_never_read_has_no_feeds():
    desk = Desk()

    found = shelf(desk.store, desk.publication, "minato", style="", templates=some_templates, words=lambda *_: None)  # type: ignore[arg-type]

    assert found is None


rhythms = st.one_of(
    st.sampled_from(["day", "weekday", "original", "mon,thu", "90m", "1m", "3d", "36h", "sat"]),
    st.integers(1, 400).map("{}h".format),
)
paces = st.builds(
    Replay,
    start=st.one_of(st.just("now"), st.dates(dt.date(2027, 2, 1), dt.date(2027, 6, 1)).map(dt.date.isoformat)),
    every=rhythms,
    at=st.sampled_from(["", "00:00", "08:00", "23:59"]),
    per=st.integers(1, 4),
    timezone=st.sampled_from(["", "Europe/Berlin", "America/St_Johns"]),
    paused=st.booleans(),
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(pace=paces, waited=st.integers(0, 400 * 24 * 60), name=st.sampled_from(sorted(FORMATS)))
def test_the_feed_holds_what_the_calendar_says_is_there(pace, waited, name):
    desk, now = published(5), LATER + dt.timedelta(minutes=waited)
    subscription = a_subscription(replay=pace)
    run = of_subscription(subscription, language="")
    assert run

    document = body(run, now, name, desk)

    there = [date for date in calendar(Public(desk.store, desk.publication), subscription, now=now) if date.released_at]
    parts = [found for found in names(document) if found.startswith("part-")]
    assert parts == [f"part-{date.part}" for date in reversed(there)]
    assert ("begins" in names(document)) == (not there)
    assert ("end" in names(document)) == (len(there) == 5 and there[-1].release_at < now)
    assert not check.faults(None, document, now=now, self_url=asked(name).url)
    if name != "feed.json":
        assert not gates.gate(document, document, now, asked(name).url)
        assert not list(gates.w3c(document))


def test_a_cadence_of_the_serial_that_changes_later_moves_nothing_in_an_address():
    before = published()
    schedule = Schedule(
        serial="minato", began_at=LATER, settings=Replay(every="day", at="08:00", timezone="Asia/Tokyo")
    )
    changed = replace(
        before.publication.serials[0], cadence=a_cadence(timezone=ZoneInfo("Europe/Berlin"), at=dt.time(20), every="2h")
    )
    after = Desk(a_text(days=2, sessions=1), publication=replace(before.publication, serials=(changed,)))
    after.publish(everything=True)

    documents = [body(of_schedule(schedule), EIGHT, desk=desk) for desk in (before, after)]

    assert documents[0] == documents[1]


def test_a_held_feed_that_has_nothing_says_no_moment_and_no_pause():
    desk = Desk(a_text(days=2))
    desk.publish()
    holding.hold(desk.store, "minato", now=START)
    run = a_run(START, course=jumped(Course(began_at=START), 2, START))

    feed = ReplayFeed(a_shelf(desk), run, now=START + HOUR)

    document = feed.document(Wanted(name="feed.json", archive=None, url="https://example.org/", knows=lambda _: False))
    assert document
    assert document.next_at is None
    assert "公開を止めています" in (document.body or b"").decode()
