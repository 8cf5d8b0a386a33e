"""Schedules in six formats, and files that are none."""

import contextlib
import itertools
import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.errors import BadSchedule
from cnddigest.recap.schedule import sniff, times

TOKYO, LONDON = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/London")
A_TALK = {
    "id": 7,
    "trackId": 3,
    "title": "港を測る",
    "abstract": "潮の話",
    "speakers": [{"id": 1, "name": "Tachibana", "nameKanji": "橘 みなと"}, {"id": 2}],
    "showOnTimetable": True,
    "startTime": "2000-01-01T10:00:00.000+09:00",
    "endTime": "2000-01-01T10:40:00.000+09:00",
    "talkDifficulty": "中級者",
    "documentUrl": "https://slides.example.net/7",
    "conferenceDayId": 1,
    "conferenceDayDate": "2026-03-07",
}
TRACKS = [{"id": 3, "name": "埠頭A"}]
SPEAKERS = [{"id": 2, "name": "灘 太郎", "company": "岸壁商店"}]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def read(document, name="schedule.json", zone=TOKYO, more=()):
    files = [document, *more]
    named = [(name, one if isinstance(one, bytes) else json.dumps(one).encode()) for one in files]
    return sniff.events(named, zone)


def lines(*rows):
    return "\r\n".join(rows).encode()


def a_frab(**fields):
    event = {"guid": "g-1-2-3", "title": "港を測る", "start": "10:00", "duration": "00:40"} | fields
    day = {"index": 1, "date": "2026-03-07", "rooms": {"埠頭A": [event]}}
    conference = {"time_zone_name": "Asia/Tokyo", "days": [day]}
    return {"schedule": {"base_url": "https://pretalx.example/minato/", "conference": conference}}


def a_sessionize(**fields):
    session = {"id": "7", "title": "Measuring", "startsAt": "2026-05-08T09:30:00", "endsAt": "2026-05-08T10:15:00"}
    return {
        "sessions": [session | fields],
        "speakers": [{"id": "s-1", "fullName": "Ilse Varga"}],
        "rooms": [{"id": 71, "name": "Boiler Room"}],
        "categories": [{"title": "Level", "items": [{"id": 5, "name": "Advanced"}]}],
    }


def an_ics(*properties):
    return lines("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:7@x", *properties, "END:VEVENT", "END:VCALENDAR", "")


def test_dreamkast_says_it_in_three_files_in_any_order():
    (event,) = read(TRACKS, more=[[A_TALK], SPEAKERS])

    assert (event.id, event.title, event.room, event.level) == ("7", "港を測る", "埠頭A", "中級者")
    assert (event.date.isoformat(), event.day, event.starts_at, event.ends_at) == ("2026-03-07", 1, "10:00", "10:40")
    assert event.speakers == ("橘 みなと", "灘 太郎")
    assert [link.url for link in event.links] == ["https://slides.example.net/7"]


@pytest.mark.parametrize("fields", [{"abstract": "intermission"}, {"showOnTimetable": False}, {"title": ""}])
def test_dreamkast_breaks_and_cancelled_talks_are_none(fields):
    assert [event.id for event in read([A_TALK, A_TALK | {"id": 8} | fields])] == ["7"]


def test_names_of_tracks_alone_are_no_schedule():
    with pytest.raises(BadSchedule, match=r"^schedule has no talks: schedule\.json$") as caught:
        read(TRACKS)

    assert "talks" in str(caught.value.hint)


def test_a_frab_event_has_its_day_room_end_and_absolute_links():
    attachments = [{"title": "Slides", "url": "/media/7.pdf"}, {"title": "x", "url": "javascript:alert(1)"}]
    (event,) = read(a_frab(attachments=attachments, persons=[{"public_name": "橘 みなと"}], url="talk/ABC/"))

    assert (event.id, event.day, event.starts_at, event.ends_at, event.room) == (
        "g-1-2-3",
        1,
        "10:00",
        "10:40",
        "埠頭A",
    )
    assert event.url == "https://pretalx.example/minato/talk/ABC/"
    assert [link.url for link in event.links] == ["https://pretalx.example/media/7.pdf"]


def test_a_title_in_several_languages_is_read_in_the_first():
    (event,) = read(a_frab(title={"ja": "港を測る", "en": "Measuring"}))

    assert event.title == "港を測る"


def test_a_frab_day_goes_on_after_midnight():
    (event,) = read(a_frab(date="2026-03-08T00:30:00+09:00", start="00:30"))

    assert (event.date.isoformat(), event.day, event.starts_at) == ("2026-03-07", 1, "00:30")


def test_a_frab_xml_says_the_same():
    xml = """<?xml version="1.0"?><schedule><conference><base_url>https://pretalx.example/minato/</base_url>
    </conference><day index="1" date="2026-03-07"><room name="埠頭A"><event guid="g-1-2-3"><title>港を測る</title>
    <start>10:00</start><duration>00:40</duration><persons><person id="1">橘 みなと</person></persons>
    <links><link href="https://slides.example.net/7">スライド</link></links></event></room></day></schedule>"""
    links = [{"url": "https://slides.example.net/7", "title": "スライド"}]
    document = a_frab(persons=[{"name": "橘 みなと"}], links=links)

    assert read(xml.encode(), "schedule.xml") == read(document)


def test_sessionize_looks_up_speakers_rooms_and_level():
    (event,) = read(a_sessionize(speakers=["s-1", "unknown"], roomId=71, categoryItems=[5]), zone=LONDON)

    assert (event.speakers, event.room, event.level) == (("Ilse Varga",), "Boiler Room", "Advanced")
    assert (event.date.isoformat(), event.starts_at, event.ends_at) == ("2026-05-08", "09:30", "10:15")


def test_the_grid_of_sessionize_names_speakers_and_rooms_itself():
    session = a_sessionize()["sessions"][0] | {"room": "Boiler Room", "speakers": [{"id": "1", "name": "Ilse Varga"}]}

    (event,) = read([{"date": "2026-05-08", "rooms": [{"name": "Boiler Room", "sessions": [session]}]}])

    assert (event.room, event.speakers) == ("Boiler Room", ("Ilse Varga",))


def test_times_in_utc_become_those_of_the_conference():
    (event,) = read(a_sessionize(startsAt="2026-05-08T08:30:00Z"), zone=LONDON)

    assert event.starts_at == "09:30"


def test_a_calendar_in_utc_becomes_the_conference_s_wall_clock():
    data = an_ics("DTSTART:20260507T233000Z", "DTEND:20260508T000000Z", "SUMMARY:Harbour", "LOCATION:Quay\\, Minato")

    (event,) = read(data)

    assert (event.date.isoformat(), event.starts_at, event.ends_at) == ("2026-05-08", "08:30", "09:00")
    assert event.room == "Quay"


def test_a_calendar_names_speakers_and_their_company_behind_the_last_dash():
    (event,) = read(an_ics("SUMMARY:Zero-Copy - in Practice - Marek Dunn\\, Lio Sato\\, Quayside"))

    assert event.title == "Zero-Copy - in Practice"
    assert event.speakers == ("Marek Dunn", "Lio Sato")


@pytest.mark.parametrize("line", ["CATEGORIES:BREAK", "STATUS:CANCELLED"])
def test_a_calendar_s_breaks_and_cancelled_events_are_no_talks(line):
    with pytest.raises(BadSchedule, match="no talks"):
        read(an_ics("SUMMARY:Lunch", line))


def test_a_table_is_known_by_its_column_names():
    data = lines(
        "番号,演題,登壇者,会場,開始日時,所要時間", "7,港を測る,橘 みなと、灘 太郎,埠頭A,2026年3月7日 9時30分,40分"
    )

    (event,) = read(data, "table.csv")

    assert (event.id, event.title, event.room) == ("7", "港を測る", "埠頭A")
    assert event.speakers == ("橘 みなと", "灘 太郎")
    assert (event.date.isoformat(), event.starts_at, event.ends_at) == ("2026-03-07", "09:30", "10:10")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_office_programs_are_read(encoding, delimiter):
    rows = (
        delimiter.join(row) for row in (("タイトル", "会場", "開始"), ("港を測る、もう一度", "ふ頭のホール", "9:30"))
    )

    (event,) = read("\r\n".join(rows).encode(encoding), "table.csv")

    assert (event.title, event.room, event.starts_at) == ("港を測る、もう一度", "ふ頭のホール", "09:30")


def test_a_talk_that_two_files_have_is_there_once():
    assert len(read(a_frab(), more=[a_frab()])) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\x00\xfe",
        b"PK\x03\x04 a zip",
        b"<html><body>a page</body></html>",
        b"<schedule>" * 50_000,
        b"[" * 500_000,
        b'{"a":' * 100_000,
        b"[" + b"[]," * 1_000_000 + b"[]]",
        b'[{"title": NaN}]',
        b'{"schedule": {"conference": {"days": []}}}',
        b"a line of prose, and another one",
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 2_000 + b"END:VEVENT\n" * 2_000 + b"END:VCALENDAR\n",
    ],
    ids=[
        "empty",
        "bytes",
        "zip",
        "page",
        "deep xml",
        "deep list",
        "deep record",
        "many",
        "nan",
        "bare",
        "prose",
        "deep ics",
    ],
)
def test_what_is_no_schedule_is_said_in_a_sentence(data):
    with pytest.raises(BadSchedule, match=r"^schedule is in no known format: x$") as caught:
        sniff.events([("x", data)], TOKYO)

    assert "iCalendar" in str(caught.value.hint)


def test_a_schedule_larger_than_any_is_refused():
    with pytest.raises(BadSchedule, match="larger than 16 MiB"):
        sniff.events([("x", b" " * (sniff.MAX_BYTES + 1))], TOKYO)


LAUGHS = "".join(f'<!ENTITY {name} "{f"&{last};" * 10}">' for last, name in itertools.pairwise("abcdefghi"))


@pytest.mark.parametrize(
    ("declared", "used"),
    [(f'<!ENTITY a "ha">{LAUGHS}', "&c;"), ('<!ENTITY file SYSTEM "file:///etc/passwd">', "&file;")],
    ids=["many laughs", "a file"],
)
def test_entities_of_a_hostile_xml_stay_unread(declared, used):
    event = f"<event><title>港</title><track>{used}</track></event>"
    xml = f"<!DOCTYPE s [{declared}]><schedule><day><room>{event}</room></day></schedule>"

    assert [event.track for event in sniff.events([("x", xml.encode())], TOKYO)] == [None]


def test_a_billion_laughs_are_refused_at_once():
    event = "<event><title>&i;</title></event>"
    xml = f'<!DOCTYPE s [<!ENTITY a "ha">{LAUGHS}]><schedule><day><room name="&i;">{event}</room></day></schedule>'

    with pytest.raises(BadSchedule, match="no known format"):
        sniff.events([("x", xml.encode())], TOKYO)


@given(JSON, st.sampled_from(["title", "speakers", "startTime", "conferenceDayDate", "trackId", "documentUrl", "id"]))
def test_wrong_types_anywhere_in_a_talk_never_stop_the_others(value, field):
    odd = (
        json.dumps([A_TALK | {field: value}, A_TALK | {"id": 9, "title": "次"}], allow_nan=False)
        if _plain(value)
        else ""
    )

    if odd:
        assert sniff.events([("x", odd.encode("utf-8", "surrogatepass"))], TOKYO)[-1].id == "9"


@given(
    JSON, st.sampled_from(["title", "start", "date", "duration", "persons", "links", "url", "room", "track", "code"])
)
def test_wrong_types_anywhere_in_a_frab_event_never_stop_the_others(value, field):
    if _plain(value):
        document = a_frab(**{field: value})
        document["schedule"]["conference"]["days"].append({"rooms": {"x": [{"title": "次"}]}, "date": value})

        assert sniff.events([("x", json.dumps(document).encode())], TOKYO)[-1].title == "次"


@given(st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    for begin in (b"", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:a\n", b"title,start\n", b"<schedule>", b"["):
        with contextlib.suppress(BadSchedule):
            sniff.events([("x", begin + data)], TOKYO)


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("09:30", "09:30"),
        ("9:30", "09:30"),
        ("９：３０", "09:30"),
        ("9:30 PM", "21:30"),
        ("12:10 a.m.", "00:10"),
        ("9時30分", "09:30"),
        ("午後3時", "15:00"),
        ("2026-05-08T09:30:00.000+09:00", "09:30"),
        ("25:00", None),
        ("", None),
        (930, None),
    ],
)
def test_times_are_read_as_people_write_them(written, clock):
    assert times.written(times.clock(written)) == clock


@pytest.mark.parametrize(
    ("written", "minutes"),
    [("01:00", 60), ("0:01:30", 90), ("40", 40), (45, 45), ("40分", 40), ("-5", None), ("x", None)],
)
def test_lengths_are_read_as_people_write_them(written, minutes):
    found = times.length(written)

    assert (found and found.total_seconds() / 60) == minutes


def _plain(value):
    """Say whether JSON has a way to write it."""
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return False
    return True
