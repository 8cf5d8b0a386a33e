"""Holding a Serial back, letting it go on, and bringing its next Part out ahead of time."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders import a_cadence, a_publication, a_serial
from cnddigest.errors import WrongUse
from cnddigest.ports.record import Will
from cnddigest.serial.model import Publication
from cnddigest.usecases import holding
from cnddigest.usecases.survey import next_line, plans, status
from desk import NEXT_DAY, START, Desk, a_text

DAY = dt.timedelta(days=1)
TOMORROW = START + NEXT_DAY


def a_desk(days: int = 4) -> Desk:
    desk = Desk(text=a_text(days=days)) if days != 2 else Desk()
    desk.publish()
    return desk


def released(desk: Desk, at: dt.datetime) -> list[tuple[int, dt.datetime]]:
    return [(line.part, line.release_at) for line in desk.publish(at).released]


def test_nothing_comes_out_while_it_is_held():
    desk = a_desk()
    holding.hold(desk.store, "minato", now=START)

    report = desk.publish(TOMORROW + 5 * DAY)

    assert not report.released
    assert report.next is None
    assert report.held == ("minato",)


def test_pages_say_no_moment_of_what_is_held():
    desk = a_desk()
    before = desk.folder.files["minato/index.html"].decode()
    holding.hold(desk.store, "minato", now=START)

    desk.publish(START + dt.timedelta(minutes=1))

    held = desk.folder.files["minato/index.html"].decode()
    assert 'class="coming"><span>' in before
    assert 'class="coming"><span>' not in held
    assert 'class="coming"' in held
    assert desk.folder.files["minato/calendar.ics"].count(b"BEGIN:VEVENT") == 1


def test_status_and_plan_say_since_when():
    desk = a_desk()
    holding.hold(desk.store, "minato", now=START)

    (found,) = status(desk.store, desk.publication, now=START).serials
    (plan,) = plans(desk.store, desk.publication, serial=None, now=START)

    assert (found.held_at, found.next) == (START, None)
    assert plan.held_at == START
    assert next_line(desk.store, desk.publication) is None


def test_what_is_overdue_after_a_hold_comes_one_by_one():
    desk = a_desk()
    holding.hold(desk.store, "minato", now=START)
    later = TOMORROW + 3 * DAY + dt.timedelta(hours=5)
    desk.publish(later)
    holding.release_hold(desk.store, "minato")

    first, same_day, next_day = released(desk, later), released(desk, later), released(desk, later + DAY)

    assert first == [(2, later)]
    assert same_day == []
    assert [part for part, _ in next_day] == [3]


def test_after_a_hold_that_delayed_nothing_all_is_as_planned():
    desk, other = a_desk(), a_desk()
    holding.hold(desk.store, "minato", now=START)
    holding.release_hold(desk.store, "minato")

    found = [released(desk, TOMORROW + days * DAY) for days in range(3)]

    assert found == [released(other, TOMORROW + days * DAY) for days in range(3)]


def test_all_at_once_is_refused_of_what_is_held():
    desk = a_desk()
    holding.hold(desk.store, "minato", now=START)

    with pytest.raises(WrongUse, match="serial is held: minato"):
        desk.publish(START, everything=True)

    assert desk.store.totals("minato").released_parts == 1


def test_the_next_part_can_come_ahead_of_time_and_the_others_stay():
    desk = a_desk()
    planned = [each.release_at for each in desk.store.headlines("minato", first=3)]
    holding.bring_forward(desk.store, "minato", 2)
    soon = START + dt.timedelta(minutes=5)

    found = released(desk, soon)

    assert found == [(2, soon)]
    assert [each.release_at for each in desk.store.headlines("minato", first=3)] == planned
    assert desk.store.will("minato") == Will()


def test_the_next_part_can_come_though_it_is_held_and_the_hold_stays():
    desk = a_desk()
    holding.hold(desk.store, "minato", now=START)
    holding.bring_forward(desk.store, "minato", 2)
    soon = START + dt.timedelta(minutes=5)

    found = released(desk, soon), released(desk, TOMORROW + 9 * DAY)

    assert found == ([(2, soon)], [])
    assert desk.store.will("minato") == Will(held_at=START)


def test_pressing_twice_brings_one_part():
    desk = a_desk()
    holding.bring_forward(desk.store, "minato", 2)
    soon = START + dt.timedelta(minutes=5)
    desk.publish(soon)

    again = holding.bring_forward(desk.store, "minato", 2)

    assert not again
    assert released(desk, soon) == []


@pytest.mark.parametrize("number", [0, 3, 99])
def test_only_the_next_part_can_be_brought_forward(number):
    desk = a_desk()

    with pytest.raises(WrongUse, match="not the next part"):
        holding.bring_forward(desk.store, "minato", number)


def test_holding_twice_keeps_the_first_moment():
    desk = a_desk()

    found = [holding.hold(desk.store, "minato", now=START + n * DAY) for n in range(2)]

    assert found == [True, False]
    assert desk.store.will("minato").held_at == START
    assert [holding.release_hold(desk.store, "minato") for _ in range(2)] == [True, False]


def moments_of(desk: Desk) -> list[dt.datetime]:
    return [each.release_at for each in desk.store.headlines("minato", released=False)]


def at_pace(**cadence: object) -> Publication:
    return a_publication(serials=(a_serial(cadence=a_cadence(**cadence)),))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.timedeltas(dt.timedelta(0), 2 * DAY), min_size=1, max_size=3),
    st.sampled_from(["day", "weekday", (0, 3), 2, dt.timedelta(hours=7), "original"]),
    st.booleans(),
)
def test_after_parts_came_by_hand_an_edit_leaves_the_others_their_moments(waits, every, is_held):
    desk = Desk(text=a_text(days=6), every=every)
    desk.publish()
    if is_held:
        holding.hold(desk.store, "minato", now=START)
    now = START
    for wait in waits:
        now += wait
        holding.bring_forward(desk.store, "minato", desk.store.totals("minato").released_parts + 1)
        desk.publish(now)
    before = moments_of(desk)

    desk.rewrite("本文", "新しい文")
    holding.hold(desk.store, "minato", now=now)  # so that the edit releases nothing
    desk.publish(now)

    assert moments_of(desk) == before


def test_another_pace_counts_from_where_a_part_by_hand_was_planned():
    desk, other = a_desk(), a_desk()
    holding.bring_forward(desk.store, "minato", 2)
    desk.publish(START + dt.timedelta(minutes=5))
    other.publish(TOMORROW)

    for each in (desk, other):
        each.publication = at_pace(every=3)
        each.inputs.settings = "edited"
        each.publish(TOMORROW)

    assert moments_of(desk) == moments_of(other)


def test_a_part_by_hand_comes_before_those_that_are_overdue():
    desk = a_desk()
    holding.hold(desk.store, "minato", now=START)
    holding.bring_forward(desk.store, "minato", 2)
    late = TOMORROW + DAY + dt.timedelta(hours=1)
    desk.publish(late)
    holding.release_hold(desk.store, "minato")

    desk.publish(late + dt.timedelta(minutes=1))

    moments = [each.release_at for each in desk.store.headlines("minato")]
    assert moments == sorted(set(moments))


def test_what_came_by_hand_does_not_end_the_ease_after_a_hold():
    desk = a_desk(days=5)
    holding.hold(desk.store, "minato", now=START)
    holding.bring_forward(desk.store, "minato", 2)
    holding.release_hold(desk.store, "minato")
    late = TOMORROW + 9 * DAY

    found = released(desk, late), released(desk, late + dt.timedelta(minutes=1)), released(desk, late + DAY)

    assert [[part for part, _ in each] for each in found] == [[2], [3], [4]]
