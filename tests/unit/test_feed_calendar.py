"""The Plan as an iCalendar file."""

import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from builders import NOON
from cnddigest.feed.calendar import Event, calendar, fold, text, uid

TAG = "tag:recaps.example.org,2026:cndt2022"
JAPANESE = "港の会議運用監視障害訓練クラウドのはをにと、。・「」（）ＡＢ12 –,;\\\"'🛳𠮷ｶﾞ\t"


def an_event(number=1, **fields):
    known = {"number": number, "name": f"part-{number}", "release_at": NOON, "stamped_at": NOON}
    return Event(**known | fields)


def an_event_that_is_out(number=1, **fields):
    known = {"title": f"{number}日目", "url": f"https://recaps.example.org/cndt2022/parts/{number}.html"}
    return an_event(number, **known | fields)


def made(*events, title="港の会議", total=3):
    return calendar(events, tag=TAG, run="main", title=title, total=total)


def read(data):
    return Calendar.from_ical(data).walk("VEVENT")


def test_an_event_says_when_and_what():
    (event,) = read(made(an_event_that_is_out(2, stamped_at=NOON + dt.timedelta(hours=1), sequence=4)))

    assert event["UID"] == "part-2.main.cndt2022@recaps.example.org"
    assert event.decoded("DTSTART") == NOON
    assert event.decoded("DTSTAMP") == NOON + dt.timedelta(hours=1)
    assert event.decoded("DURATION") == dt.timedelta(minutes=15)
    assert event["SUMMARY"] == "2日目"
    assert event["URL"] == "https://recaps.example.org/cndt2022/parts/2.html"
    assert event["SEQUENCE"] == 4
    assert event["TRANSP"] == "TRANSPARENT"


def test_a_part_that_is_not_out_is_named_by_its_number_alone():
    (event,) = read(made(an_event(3, url="https://recaps.example.org/cndt2022/parts/3.html"), total=5))

    assert event["SUMMARY"] == "港の会議 (3/5)"
    assert "URL" not in event


def test_clients_are_told_how_often_to_look():
    data = made(an_event())

    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT6H\r\n" in data
    assert b"\r\nX-PUBLISHED-TTL:PT6H\r\n" in data


def test_the_calendar_has_the_serials_name():
    data = made(title="港, 会議; 2026")

    assert "\r\nNAME:港\\, 会議\\; 2026\r\n".encode() in data
    assert "\r\nX-WR-CALNAME:港\\, 会議\\; 2026\r\n".encode() in data


def test_two_builds_are_the_same_bytes():
    events = [an_event_that_is_out(1), an_event(2)]

    assert made(*events) == made(*events)


def test_an_instant_in_any_zone_is_written_in_utc():
    (event,) = read(made(an_event(release_at=NOON.astimezone(dt.timezone(dt.timedelta(hours=9))))))

    assert event["DTSTART"].to_ical() == b"20261125T030000Z"


def test_a_year_before_1000_has_four_digits():
    assert b"DTSTART:00320101T000000Z" in made(an_event(release_at=dt.datetime(32, 1, 1, tzinfo=dt.UTC)))


def test_a_sequence_fits_an_integer_of_32_bits():
    assert b"SEQUENCE:2147483647" in made(an_event(sequence=2**40))


@pytest.mark.parametrize("breaker", ["\r\n", "\n", "\r", "\x00", " ", "\x7f", "\ud800"])
def test_an_address_cannot_begin_a_property(breaker):
    url = f"https://recaps.example.org/{breaker}ATTENDEE:mailto:x@example.org"

    (event,) = read(made(an_event_that_is_out(url=url)))

    assert event["URL"] == "https://recaps.example.org/ATTENDEE:mailto:x@example.org"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a,b;c\\d", r"a\,b\;c\\d"),
        ("one\ntwo\r\nthree\rfour", r"one\ntwo\nthree\nfour"),
        ("\x00\x07\x1b\x7f|\ud800|\ufffe|\t", "|||\t"),
        (r"\n", r"\\n"),
    ],
)
def test_text_is_escaped(value, written):
    assert text(value) == written


def test_a_uid_is_derived_from_the_entry_id():
    assert uid("tag:recaps.example.org,2026:cndt2022", "main", "part-3") == "part-3.main.cndt2022@recaps.example.org"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), min_size=60, max_size=300))
def test_folded_lines_have_75_octets_at_most_and_unfold_to_the_line(line):
    folded = fold(line)

    assert folded.endswith(b"\r\n")
    pieces = folded.removesuffix(b"\r\n").split(b"\r\n ")
    assert all(len(piece) + (n > 0) <= 75 for n, piece in enumerate(pieces))
    assert "".join(piece.decode() for piece in pieces) == line


def test_three_thousand_japanese_summaries_are_read_back_by_another_library():
    chance = random.Random(5545)
    titles = ["".join(chance.choices(JAPANESE, k=chance.randint(1, 90))) for _ in range(3000)]
    events = [an_event_that_is_out(n, title=title) for n, title in enumerate(titles, 1)]

    data = made(*events, total=3000)

    assert [str(event["SUMMARY"]) for event in read(data)] == titles
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert b"\n" not in data.replace(b"\r\n", b"")


@given(st.text(), st.text())
def test_no_text_breaks_the_calendar(title, name):
    events = read(made(an_event_that_is_out(1, title=name), an_event(2), title=title))

    assert [event["UID"][:6] for event in events] == ["part-1", "part-2"]
