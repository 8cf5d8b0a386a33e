"""When facts about returned mail become an order not to mail somebody."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import NOON
from cnddigest.audience.bounces.model import Kind
from cnddigest.audience.model import SuppressionReason
from cnddigest.audience.suppression import Action, Fact, Ruling, rule

COUNTED = Ruling(action=Action.COUNTED)
SOFT_BOUNCE = Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.SOFT_BOUNCE)
HARD_BOUNCE = Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.HARD_BOUNCE)


def a_fact(kind: Kind = Kind.SOFT, code: str = "5.2.2", *, day: float = 0) -> Fact:
    return Fact(kind=kind, code=code, at=NOON + dt.timedelta(days=day))


@pytest.mark.parametrize(
    ("kind", "ruling"),
    [
        (Kind.HARD, HARD_BOUNCE),
        (Kind.COMPLAINT, Ruling(action=Action.SUPPRESSED, reason=SuppressionReason.COMPLAINT)),
        (Kind.SOFT, COUNTED),
        (Kind.IGNORED, Ruling(action=Action.NONE)),
        (Kind.UNKNOWN, Ruling(action=Action.NONE)),
    ],
)
def test_a_first_fact_is_ruled_by_its_kind(kind, ruling):
    assert rule(a_fact(kind)) == ruling


def test_the_fifth_soft_bounce_within_14_days_suppresses():
    earlier = [a_fact(day=day) for day in (0, 4, 8, 12)]

    assert rule(a_fact(day=13.9), earlier) == SOFT_BOUNCE
    assert rule(a_fact(day=13.9), earlier[1:]) == COUNTED


def test_what_is_14_days_old_counts_no_more():
    earlier = [a_fact(day=day) for day in (0, 4, 8, 12)]

    assert rule(a_fact(day=14), earlier) == COUNTED


def test_moments_are_compared_in_their_own_order():
    earlier = [a_fact(day=day) for day in (60, 45, 30, 15)]

    assert rule(a_fact(day=0), earlier) == COUNTED


def test_a_second_bare_refusal_suppresses_for_good():
    assert rule(a_fact(code="550", day=30), [a_fact(code="553")]) == HARD_BOUNCE
    assert rule(a_fact(code="550", day=30), [a_fact(code="5.2.2")]) == COUNTED


def test_other_kinds_kept_about_the_person_do_not_count_as_soft():
    earlier = [a_fact(Kind.IGNORED) for _ in range(20)]

    assert rule(a_fact(), earlier) == COUNTED


@given(st.lists(st.floats(0, 60), min_size=1, max_size=12), st.randoms())
def test_the_order_of_reading_decides_nothing(days, order):
    facts = [a_fact(day=day) for day in days]
    shuffled = order.sample(facts, len(facts))

    assert rule(facts[-1], facts[:-1]) == rule(shuffled[-1], shuffled[:-1])


@given(st.lists(st.floats(0, 60), min_size=1, max_size=12), st.floats(0, 60))
def test_one_more_soft_bounce_never_helps(days, more):
    facts = [a_fact(day=day) for day in days]

    before = rule(facts[-1], facts[:-1])

    assert before == COUNTED or rule(a_fact(day=more), facts) == before
