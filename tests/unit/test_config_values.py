"""Values of settings: whatever stands in the file is read or refused, and what was read stays as it is."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.config import addresses, rhythm
from cnddigest.config.kinds import Kind, Unfit, did_you_mean, shown
from cnddigest.config.schema import SCHEMA
from cnddigest.config.table import Section

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.dates()
    | st.times()
    | st.datetimes()
    | st.sampled_from(["a@b.example", "x <a@b.example>", "https://a.example", "90m", "2/s", "[::1]:8", "mon", "２h"])
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)


def kinds(section: Section) -> list[Kind[object]]:
    inner = [kind for found in section.sections for kind in kinds(found)]
    return [*(setting.kind for setting in section.settings), *inner]


def read(kind: Kind[object], value: object) -> object:
    """Return the value, or None where it was refused in the one way that is allowed."""
    try:
        return kind.read(value)
    except Unfit as unfit:
        return None if unfit.problem and "\n" not in unfit.shown else unfit


@given(kind=st.sampled_from(kinds(SCHEMA)), value=VALUES)
def test_any_value_is_read_or_refused_by_every_kind(kind, value):
    assert not isinstance(read(kind, value), Unfit)


@given(st.text(max_size=60).map(lambda text: f"https://{text}") | st.from_regex(r"https?://[a-z.:/?#@%日本-]{1,30}"))
def test_a_web_address_that_was_read_is_ascii_and_stays_as_it_is(text):
    address = read(addresses.BASE_URL, text)

    if address is not None:
        assert str(address).isascii()
        assert addresses.base_url(address) == address


@given(st.text(max_size=60) | st.from_regex(r"[a-zé\s<>@.]{1,30}"))
def test_a_mail_address_that_was_read_has_one_line_and_stays_as_it_is(text):
    mailbox = read(addresses.MAILBOX_KIND, text)

    if mailbox is not None:
        assert len(str(mailbox).splitlines()) == 1
        assert addresses.mailbox(mailbox) == mailbox


@given(st.integers(1, 3660), st.integers(0, 23), st.integers(0, 59))
def test_a_duration_is_the_sum_of_its_parts(days, hours, minutes):
    length = dt.timedelta(days=days, hours=hours, minutes=minutes)
    if length > rhythm.LONGEST:
        return

    assert rhythm.duration(f"{days}d{hours}h{minutes}m") == length


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_every_minute_of_the_day_can_be_written(time):
    assert rhythm.clock(f"{time:%H:%M}") == time
    assert rhythm.clock(time) == time


@given(st.sets(st.integers(0, 6), min_size=1))
def test_weekdays_come_in_the_order_of_the_week(days):
    assert rhythm.every([rhythm.WEEKDAYS[day] for day in sorted(days, reverse=True)]) == tuple(sorted(days))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://recaps.example.org", "https://recaps.example.org/"),
        ("HTTPS://Recaps.Example.ORG:8443/a", "https://recaps.example.org:8443/a/"),
        ("https://日本語.jp/記録/", "https://xn--wgv71a119e.jp/%E8%A8%98%E9%8C%B2/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("https://a.example/caf%C3%A9/", "https://a.example/caf%C3%A9/"),
    ],
)
def test_a_web_address_becomes_a_uri(text, expected):
    assert addresses.base_url(text) == expected


@pytest.mark.parametrize("name", ["JST", "jst", "asia/tokyo", "Asia/Tokoyo"])
def test_who_means_tokyo_is_told_its_name(name):
    with pytest.raises(Unfit) as caught:
        rhythm.timezone(name)

    assert caught.value.hint == "did you mean Asia/Tokyo?"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), ("a\nb", "a b"), ("x" * 99, "x" * 59 + "…"), ({"a": 1}, "a table"), ([[1]], "a list"), (3, "3")],
)
def test_a_wrong_value_is_shown_on_one_short_line(value, text):
    assert shown(value) == text


def test_only_a_near_word_is_a_hint():
    assert did_you_mean("Titel", ["title", "output"]) == "did you mean title?"
    assert did_you_mean("zzz", ["title", "output"]) is None
