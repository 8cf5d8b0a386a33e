"""A person's calendar: what is shown at once, and what a notice makes of it."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON, some_words
from cnddigest.rendering.agenda import NEXT, Agenda, Day, Standing, notice

DONE = ("part", "pause", "resume", "pace", "undo", "language", "next", "")


def an_agenda(had: int, ahead: int, first: int = 1) -> Agenda:
    return Agenda(
        days=[
            Day(part=number, at=NOON + number * dt.timedelta(days=1), out=number < first + had)
            for number in range(first, first + had + ahead)
        ]
    )


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 40))
def test_what_is_near_is_a_few_parts_around_now(had: int, ahead: int, first: int) -> None:
    agenda = an_agenda(had, ahead, first)

    near = list(agenda.near)
    start = near[0].part - first if near else 0
    assert near == list(agenda.days[start : start + len(near)])
    assert len(near) == min(had + ahead, NEXT + 1) or near == list(agenda.days)
    assert len(near) <= NEXT + 2
    assert agenda.latest is None or agenda.latest in near
    assert agenda.coming is None or agenda.coming in near
    assert [day for day in agenda.days if not day.out][:NEXT] == [day for day in near if not day.out][:NEXT]


@pytest.mark.parametrize("language", ["ja", "en"])
@given(
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(DONE),
    st.integers(0, 12),
)
def test_a_notice_never_says_more_than_how_it_stands(  # noqa: PLR0917  a standing has so many sides
    language: str,
    active: bool,
    own: bool,
    paused: bool,
    had: int,
    ahead: int,
    done: str,
    part: int,
) -> None:
    agenda = an_agenda(had, 0 if paused else ahead)
    standing = Standing(active=active, own=own, paused=paused, pace="PACE", agenda=agenda, tongue="ja")
    words = some_words(language)

    said = notice(words, standing, done, part)

    day = agenda.of(part)
    if said == words.text("Paused. Nothing comes until you resume."):
        assert active
        assert paused
    elif done == "part" and said:
        assert day
        assert words.when(day.at) in said
    elif done == "resume" and said:
        assert agenda.coming
        assert words.when(agenda.coming.at) in said
    elif not (active and own):
        assert not said or done in ("language", "undo")
