"""Taking a Release apart and putting it together again."""

import datetime as dt
from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from builders import NOON, a_part, a_release, a_session, some_prose
from cnddigest.recap.model import Closing, Link, Session
from cnddigest.serial.model import Chapter, Part, Release, SessionEntry
from cnddigest.store import codec

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INSTANTS = st.datetimes(timezones=st.just(dt.UTC))
PROSE = st.lists(TEXTS, max_size=3).map(lambda found: some_prose(*found))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    return a_session(
        draw(st.integers(1, 99)),
        id=draw(TEXTS),
        title=draw(TEXTS),
        kind=draw(st.sampled_from(["talk", "keynote", "lightning", "event", "section"])),
        track=draw(st.none() | TEXTS),
        speakers=tuple(draw(st.lists(TEXTS, max_size=2))),
        url=draw(st.none() | TEXTS),
        links=tuple(Link(label=each, url=each) for each in draw(st.lists(TEXTS, max_size=2))),
        prose=draw(PROSE),
    )


@st.composite
def releases(draw: st.DrawFn) -> Release:
    chapters = st.lists(st.lists(sessions(), max_size=3), max_size=3)
    part = Part(
        number=draw(st.integers(1, 10_000)),
        title=draw(TEXTS),
        introduction=draw(PROSE),
        chapters=tuple(
            Chapter(label=draw(TEXTS), date=draw(st.none() | st.dates()), sessions=tuple(found))
            for found in draw(chapters)
        ),
        closing=Closing(heading=draw(st.none() | TEXTS), prose=draw(PROSE)),
    )
    entries = tuple(
        SessionEntry(
            session_id=session.id,
            published_at=draw(INSTANTS),
            updated_at=draw(INSTANTS),
            withdrawn=draw(st.booleans()),
        )
        for session in part.sessions
    )
    return replace(
        a_release(part=part),
        release_at=draw(INSTANTS),
        released_at=draw(st.none() | INSTANTS),
        updated_at=draw(INSTANTS),
        entries=entries,
    )


@settings(max_examples=40)
@given(releases())
def test_what_is_taken_apart_can_be_put_together(whole: Release) -> None:
    assert codec.release(*codec.apart("minato", whole)) == whole


@given(INSTANTS)
def test_an_instant_survives_as_a_number(at: dt.datetime) -> None:
    assert codec.instant(codec.microseconds(at)) == at


@given(INSTANTS, INSTANTS)
def test_numbers_are_in_the_order_of_their_instants(one: dt.datetime, other: dt.datetime) -> None:
    assert (codec.microseconds(one) < codec.microseconds(other)) == (one < other)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError):
        codec.microseconds(dt.datetime(2026, 1, 1))  # noqa: DTZ001  that is the case in question


@settings(max_examples=20)
@given(releases(), releases())
def test_equal_digests_are_equal_parts(one: Release, other: Release) -> None:
    first, second = (codec.apart("minato", each)[0].digest for each in (one, other))

    same = replace(one, released_at=None) == replace(other, released_at=None)

    assert (first == second) == same


def test_the_digest_does_not_depend_on_when_it_really_came_out() -> None:
    early, late = (codec.apart("minato", a_release(released=out))[0] for out in (False, True))

    assert early.digest == late.digest


@pytest.mark.parametrize("nonsense", ["", "{}", "null", '{"number":"one"}', "[]", '{"number":1}'])
def test_json_that_is_no_part_is_refused(nonsense: str) -> None:
    found, _ = codec.apart("minato", a_release(part=a_part()))

    with pytest.raises(ValueError, match=r"."):
        codec.release(found, nonsense)


def test_moments_move_and_the_rest_stays() -> None:
    found, body = codec.apart("minato", a_release(released=False))
    wanted = replace(found, title="other", day="other", release_at=NOON.replace(year=2030), sessions=found.sessions[1:])

    moved = codec.retimed(found, wanted, body, released_at=NOON)

    assert (moved.title, moved.day, moved.sessions) == (found.title, found.day, found.sessions)
    assert (moved.release_at, moved.released_at) == (NOON.replace(year=2030), NOON)
    assert moved.digest != found.digest
