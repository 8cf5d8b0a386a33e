"""The links below a Replay's message: each does what it says, once, and only while that makes sense."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cnddigest.audience.model import Ended
from cnddigest.audience.tokens import CONTROLS, Control, Tokens
from cnddigest.errors import WrongUse
from cnddigest.usecases import pace
from timelines import DAY, HOUR, Timeline

TOKENS = Tokens([b"a secret of more than sixteen octets"])


@pytest.fixture
def timeline(tmp_path: Path) -> Iterator[Timeline]:
    """Somebody who just had Part 1 of four that are out."""
    with closing(Timeline(str(tmp_path / "record"), out=4)) as made:
        made.tick()
        yield made


def a_link(timeline: Timeline, wish: str, *, part: int = 1, lap: int = 1) -> str:
    return TOKENS.make_control(Control(wish=wish, subscription=timeline.number, lap=lap, part=part))  # type: ignore[arg-type]


def follow(timeline: Timeline, token: str, *, every: str = "") -> None:
    pace.follow(timeline.audience, timeline.public, TOKENS, token, every=every, now=timeline.now)


def offered(timeline: Timeline, token: str) -> pace.Offer:
    return pace.offer(timeline.audience, timeline.public, TOKENS, token, now=timeline.now)


def test_the_next_part_comes_once_however_often_its_link_is_followed(timeline: Timeline) -> None:
    link = a_link(timeline, "next")

    for _ in range(3):
        follow(timeline, link)

    assert timeline.queued == {"r1": [1, 2]}
    assert offered(timeline, link).is_over


def test_the_link_of_an_old_message_brings_nothing(timeline: Timeline) -> None:
    timeline.wait(2 * DAY)

    follow(timeline, a_link(timeline, "next"))
    timeline.tick()

    assert timeline.queued == {"r1": timeline.there}
    assert len(timeline.there) == 3  # those of the pace alone


def test_a_link_of_an_earlier_lap_brings_nothing(timeline: Timeline) -> None:
    timeline.wish(restart=True)
    timeline.tick()

    follow(timeline, a_link(timeline, "next"))
    follow(timeline, a_link(timeline, "next", lap=2))

    assert timeline.queued == {"r1": [1], "r1.2": [1, 2]}


def test_pausing_twice_pauses_once(timeline: Timeline) -> None:
    link = a_link(timeline, "pause")

    follow(timeline, link)
    paused = timeline.subscription
    timeline.wait(HOUR)
    follow(timeline, link)

    assert paused.replay
    assert paused.replay.paused
    assert timeline.subscription == paused


def test_slower_sets_the_rhythm_that_its_page_showed_and_only_once(timeline: Timeline) -> None:
    link = a_link(timeline, "slower")
    shown = offered(timeline, link).every

    follow(timeline, link, every=shown)
    follow(timeline, link, every=shown)

    assert shown == "weekday"
    assert timeline.subscription.replay
    assert timeline.subscription.replay.every == "weekday"
    assert offered(timeline, a_link(timeline, "faster")).every == "day"


def test_at_the_end_of_the_ladder_nothing_is_slower(timeline: Timeline) -> None:
    timeline.pace(every="sun")

    assert offered(timeline, a_link(timeline, "slower")).is_over
    with pytest.raises(WrongUse, match="there is no slower pace"):
        follow(timeline, a_link(timeline, "slower"))


@pytest.mark.parametrize("wish", CONTROLS)
def test_looking_changes_nothing(timeline: Timeline, wish: str) -> None:
    before = timeline.subscription

    offered(timeline, a_link(timeline, wish))
    follow(timeline, a_link(timeline, "contents"))

    assert timeline.subscription == before
    assert timeline.queued == {"r1": [1]}


@pytest.mark.parametrize("token", ["", "x", "A" * 40, TOKENS.make("preferences", 1)])
def test_a_link_that_nobody_made_does_nothing(timeline: Timeline, token: str) -> None:
    with pytest.raises(WrongUse, match="this link is not valid"):
        follow(timeline, token)


def test_who_is_gone_or_left_can_set_no_pace(timeline: Timeline) -> None:
    link = a_link(timeline, "next")
    timeline.audience.end(timeline.number, Ended.UNSUBSCRIBED)
    assert offered(timeline, link).is_over
    with pytest.raises(WrongUse, match="has ended"):
        follow(timeline, link)

    timeline.audience.remove("haru@example.net")
    with pytest.raises(WrongUse, match="no run of their own"):
        follow(timeline, link)


def test_a_rhythm_that_is_none_is_refused(timeline: Timeline) -> None:
    with pytest.raises(WrongUse, match="not a rhythm: hourly"):
        follow(timeline, a_link(timeline, "slower"), every="hourly")
