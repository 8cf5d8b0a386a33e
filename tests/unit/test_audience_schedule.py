"""Addresses that carry a timeline: what goes in comes out, and nobody else can make one."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, a_cadence
from cnddigest.audience.replay import Replay
from cnddigest.audience.schedule import Schedule, pinned, read, written
from cnddigest.audience.tokens import Tokens
from hostile import hostile

OLD, NEW = b"o" * 32, b"n" * 32
TOKENS = Tokens([NEW, OLD])

replays = st.builds(
    Replay,
    start=st.one_of(st.just("now"), st.dates(dt.date(1970, 1, 1), dt.date(2999, 12, 31)).map(dt.date.isoformat)),
    every=st.sampled_from(["day", "weekday", "original", "mon,tue,wed,thu,fri,sat,sun", "90m", "2d", "2d12h"]),
    at=st.times().map("{:%H:%M}".format),
    per=st.integers(1, 1000),
    timezone=st.sampled_from(["Asia/Tokyo", "UTC", "America/Argentina/ComodRivadavia"]),
)
schedules = st.builds(
    Schedule,
    serial=st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True),
    began_at=st.integers(0, 32503679999).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC)),
    settings=replays,
    had=st.integers(0, 999_999),
)


@given(schedules)
def test_a_token_says_what_went_into_it(schedule):
    token = TOKENS.make_schedule(schedule)

    assert 32 < len(token) < 344
    assert TOKENS.read_schedule(token) == schedule
    assert TOKENS.read("replay", token) is None
    assert TOKENS.read_confirm(token, NOON) is None


@given(schedules, st.integers(0, 400), st.characters(codec="ascii"))
def test_a_token_with_one_character_changed_says_nothing(schedule, place, other):
    token = TOKENS.make_schedule(schedule)
    place %= len(token)
    changed = token[:place] + other + token[place + 1 :]

    assert changed == token or TOKENS.read_schedule(changed) is None


def test_a_feed_has_one_address():
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for serial in ("a", "ab", "abc"):
        token = TOKENS.make_schedule(Schedule(serial=serial, began_at=NOON, settings=Replay()))

        found = [last for last in alphabet if TOKENS.read_schedule(token[:-1] + last)]

        assert found == [token[-1]]


@given(schedules)
def test_a_token_of_another_secret_says_nothing_and_of_an_older_one_all(schedule):
    assert Tokens([b"x" * 32]).read_schedule(TOKENS.make_schedule(schedule)) is None
    assert TOKENS.read_schedule(Tokens([OLD]).make_schedule(schedule)) == schedule


@given(hostile | st.text("AWaz09-_", max_size=400))
def test_garbage_says_nothing(text):
    assert TOKENS.read_schedule(text) is None


def test_a_personal_link_is_no_schedule():
    for make in (TOKENS.make("replay", 7), TOKENS.make_confirm(7, NOON)):
        assert TOKENS.read_schedule(make) is None


def test_what_somebody_signed_otherwise_is_not_read():
    said = b"\x01minato|0|now|day|08:00|1|UTC"
    proof = TOKENS._proofs[0].of(b"link", said)[:16]

    token = base64.urlsafe_b64encode(said + proof).decode().rstrip("=")

    assert TOKENS.read_schedule(token) is None


def test_the_run_follows_from_all_that_it_says():
    one = Schedule(serial="minato", began_at=NOON, settings=Replay(every="day"))
    others = [
        Schedule(serial="minato", began_at=NOON, settings=Replay(every="day", per=2)),
        Schedule(serial="minato", began_at=NOON + dt.timedelta(seconds=1), settings=Replay(every="day")),
        Schedule(serial="harbour", began_at=NOON, settings=Replay(every="day")),
        Schedule(serial="minato", began_at=NOON, settings=Replay(every="day"), had=7),
    ]

    runs = {each.run for each in (one, *others)}

    assert len(runs) == 5
    assert all(len(run) == 9 and run.startswith("s") for run in runs)


def test_a_rhythm_without_an_end_fits_into_no_address():
    schedule = Schedule(serial="minato", began_at=NOON, settings=Replay(every="1m" * 150))

    with pytest.raises(ValueError, match="not a schedule"):
        TOKENS.make_schedule(schedule)


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("original", "original"),
        ((0, 3), "mon,thu"),
        (dt.timedelta(hours=2), "120m"),
        (dt.timedelta(seconds=90), ""),
    ],
)
def test_what_is_left_open_is_taken_from_the_serial(every, expected):
    own = a_cadence(every=every, at=dt.time(7, 5))

    assert pinned(Replay(), own) == Replay(every=expected, at="07:05", timezone="Asia/Tokyo")
    assert pinned(Replay(every="day", at="09:00", timezone="UTC"), own) == Replay(
        every="day", at="09:00", timezone="UTC"
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "minato",
        "minato|0|now|day|08:00|1",
        "minato|0|now|day|08:00|1|UTC|",
        "minato|0|now|day|8:00|1|UTC",
        "minato|00|now|day|08:00|1|UTC",
        "minato|0|now|day|08:00|1|Moon/Base",
        "minato|0|now|thu,mon|08:00|1|UTC",
        "Minato|0|now|day|08:00|1|UTC",
        "minato|0|never|day|08:00|1|UTC",
        "minato|99999999999|now|day|08:00|0|UTC",
    ],
)
def test_only_the_one_spelling_is_read(text):
    assert read(text) is None


def test_it_is_written_in_one_line():
    schedule = Schedule(serial="minato", began_at=NOON, settings=Replay(every="day", at="08:00", timezone="UTC"))

    assert written(schedule) == "minato|1795575600|now|day|08:00|1|UTC"
    assert read(written(schedule)) == schedule
