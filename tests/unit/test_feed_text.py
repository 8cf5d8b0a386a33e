"""Words, dates and addresses of feeds."""

import datetime as dt
import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_span, an_entry
from cnddigest.feed import history, text
from cnddigest.feed.uri import relative, under, uri
from cnddigest.rendering.slots import SLOT
from hostile import hostile

moments = st.builds(
    dt.datetime.combine,
    st.dates(dt.date(1900, 1, 2), dt.date(2999, 12, 30)),
    st.times().map(lambda time: time.replace(microsecond=0)),
    st.timezones(),
)


@given(hostile)
def test_tidy_text_stays_as_it_is(words):
    once = text.tidy(words)

    assert text.tidy(once) == once
    assert not SLOT.search(once)
    assert not set("\r\x00\x7f\x85\ufffd\ufffe\ud800") & set(once)


@given(hostile)
def test_a_line_has_no_line_ends(words):
    assert len(text.line(words).splitlines()) <= 1


@given(title=hostile, summary=hostile, body=hostile)
def test_an_entry_always_has_something_to_say(title, summary, body):
    entry = an_entry(title=title, summary=summary, html=body)

    assert text.title(entry).strip()
    assert text.summary(entry).strip()
    assert text.body(entry).strip()


def test_tags_stand_once_and_none_is_empty():
    assert text.tags(an_entry(tags=("k8s", " ", "k8s\n", "運用"))) == ("k8s", "運用")


@given(moments)
def test_dates_are_those_of_the_standard_library(moment):
    assert text.rfc822(moment) == email.utils.format_datetime(moment.astimezone(dt.UTC))
    assert text.rfc3339(moment) == moment.astimezone(dt.UTC).isoformat()


@given(moments)
def test_a_date_is_read_as_it_was_written(moment):
    utc = moment.astimezone(dt.UTC)  # an hour that a zone leaves out equals no other

    assert text.moment(text.rfc822(moment)) == text.moment(text.rfc3339(moment)) == utc


@given(hostile | st.text("0123456789:-+TZ MonJan,", max_size=30))
def test_what_is_no_date_is_none(words):
    moment = text.moment(words)

    assert moment is None or moment.tzinfo


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://recaps.example.org/a?b=c#d", "https://recaps.example.org/a?b=c#d"),
        ("https://例え.jp/まとめ/?q=日", "https://xn--r8jz45g.jp/%E3%81%BE%E3%81%A8%E3%82%81/?q=%E6%97%A5"),
        ("https://example.org/a b[1]|%zz%20", "https://example.org/a%20b%5B1%5D%7C%25zz%20"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://[nobody/日", "https://%5Bnobody/%E6%97%A5"),
        (f"https://{'長' * 70}.jp/", f"https://{'%E9%95%B7' * 70}.jp/"),
    ],
)
def test_an_address_becomes_a_uri(address, expected):
    assert uri(address) == expected


@given(hostile)
def test_a_uri_is_ascii_and_stays_one(words):
    once = uri(f"https://example.org/{words}")

    assert once.isascii()
    assert not set(' <>"{}|\\^`') & set(once)
    assert uri(once) == once


@given(hostile)
def test_no_address_is_too_broken_to_write_down(words):
    assert uri(words).isascii()
    assert under("https://example.org/", words).isascii()


@pytest.mark.parametrize(
    ("target", "start", "expected"),
    [
        ("https://e.org/assets/feed.css", "https://e.org/minato/rss.xml", "../assets/feed.css"),
        ("https://e.org/p/assets/feed.css", "https://e.org/p/minato/sessions/rss.xml", "../../assets/feed.css"),
        ("https://e.org/minato/feed.css", "https://e.org/minato/rss.xml", "feed.css"),
        ("https://e.org/feed.css", "https://e.org/rss.xml", "feed.css"),
        ("https://cdn.example.org/feed.css", "https://e.org/rss.xml", "https://cdn.example.org/feed.css"),
    ],
)
def test_a_stylesheet_is_found_from_where_the_feed_lies(target, start, expected):
    assert relative(target, start) == expected


def test_a_feed_alone_has_no_neighbours():
    assert history.lines(a_span(), link="link", media_type="application/atom+xml", indent=2) == ""


def test_an_ampersand_in_a_neighbours_address_is_escaped():
    written = history.lines(
        a_span(previous_url="https://e.org/?a=1&b=2"), link="link", media_type="application/atom+xml", indent=2
    )

    assert 'href="https://e.org/?a=1&amp;b=2"' in written
