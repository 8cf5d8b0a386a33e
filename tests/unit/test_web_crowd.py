"""One house can't take all places, and whoever is behind a proxy of ours is not one house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.web import visitor
from cnddigest.web.crowd import OUTSIDE, Crowd

HOSTS = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "127.0.0.1", ""]


@pytest.mark.parametrize(
    ("host", "house"),
    [
        ("192.0.2.7", "192.0.2.7/32"),
        ("::ffff:192.0.2.7", "192.0.2.7/32"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", None),
        ("127.8.9.10", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("", None),  # a Unix socket
    ],
)
def test_a_house_is_the_least_that_somebody_has_for_themselves(host: str, house: str | None) -> None:
    assert visitor.house(host) == house


def test_who_comes_when_their_house_is_full_is_turned_away_and_others_are_not() -> None:
    crowd = Crowd(2)
    assert crowd.enter("2001:db8::1")
    assert crowd.enter("2001:db8::2")

    found = [crowd.enter(host) for host in ("2001:db8::3", "2001:db8:0:1::1", "192.0.2.1")]

    assert found == [False, True, True]


def test_when_one_leaves_another_may_come() -> None:
    crowd = Crowd(1)
    crowd.enter("192.0.2.1")
    crowd.enter("192.0.2.1")

    crowd.leave("192.0.2.1")
    crowd.leave("192.0.2.1")

    assert crowd.enter("192.0.2.1")


def test_this_machine_may_bring_everybody() -> None:
    crowd = Crowd(1)

    assert all(crowd.enter("127.0.0.1") for _ in range(1000))


@given(st.lists(st.sampled_from(HOSTS)))
def test_nothing_is_kept_of_who_has_left(hosts: list[str]) -> None:
    crowd = Crowd(2)

    for host in hosts:
        crowd.enter(host)
    for host in hosts:
        crowd.leave(host)

    assert not crowd._there


def test_only_some_may_stay_to_hear_why_they_were_turned_away() -> None:
    crowd = Crowd(1)

    found = [crowd.may_linger() for _ in range(OUTSIDE + 1)]
    crowd.gone()
    crowd.gone()

    assert found == [True] * OUTSIDE + [False]
    assert crowd.may_linger()
