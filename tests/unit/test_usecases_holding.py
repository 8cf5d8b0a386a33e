"""Holding a Serial back, letting it go on, and bringing its next Part out ahead of time."""

import datetime as dt

import pytest

from cnddigest.errors import WrongUse
from cnddigest.ports.record import Will
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
