"""Whatever its author, its reader and the clock do: each Part once in a lap, in order, never early, and all agree."""

import datetime as dt
from contextlib import closing, suppress
from itertools import pairwise
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import TOKYO
from cnddigest.errors import WrongUse
from lives import Life

talks = st.integers(1, 8)
Event = tuple[str, dict[str, object]]


def events_of(name: str, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Event]:
    return st.tuples(st.just(name), st.fixed_dictionaries(fields))


waits = events_of("wait", hours=st.integers(1, 90))
ticks = events_of("tick")
edits = st.one_of(
    events_of("retitle", talk=talks),
    events_of("reword", talk=talks),
    events_of("retime", talk=talks, hour=st.integers(8, 18)),
    events_of("withdraw", talk=talks),
    events_of("append"),
)
cadences = events_of(
    "cadence", every=st.sampled_from(["day", "weekday", (2,), "original", 2]), at=st.times()
) | events_of(
    "cadence",
    every=st.sampled_from(["day", "original"]),
    parts=st.sampled_from(["day", "session"]),
    catch_up=st.sampled_from(["all", "one"]),
)
wishes = st.sampled_from(
    [
        ("wish", {"pause": True}),
        ("wish", {"resume": True}),
        ("wish", {"bring": True}),
        ("wish", {"restart": True}),
        ("wish", {"jump": 1}),
        ("wish", {"jump": 3}),
        ("pace", {"every": "2h"}),
        ("pace", {"every": "mon,thu"}),
        ("pace", {"every": "2d", "at": "07:30", "timezone": "America/New_York"}),
        ("pace", {"every": "original"}),
        ("pace", {"per": 3}),
        ("pace", {"start": "2026-12-09"}),
    ]
)
lives = st.lists(st.one_of(waits, waits, ticks, ticks, edits, cadences, wishes), min_size=4, max_size=12)
paces = st.sampled_from(["", "day", "mon,thu", "90m", "2d"])
bounded = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Witness:
    """Who looks after each event, and remembers all that was seen."""

    def __init__(self) -> None:
        self.dates: dict[tuple[str, int], object] = {}
        self.entries: dict[str, object] = {}

    def look(self, life: Life) -> None:
        run, there, released = life.subscription.run, life.there, life.released
        assert [at for _, at in life.told] == list(there.values())
        assert [name.rpartition("/")[2] for name, _ in life.told] == [f"part-{part}" for part in there]
        assert all(one < two for one, two in pairwise([*there.values(), *life.coming]))
        assert all(released[part] <= at <= life.now for part, at in there.items())
        for part, at in there.items():
            assert self.dates.setdefault((run, part), at) == at
        for part, at in released.items():
            assert self.dates.setdefault(("main", part), at) == at
        for name, at in life.told:
            assert self.entries.setdefault(name, at) == at
        assert {name for name, _ in life.told} >= {name for name in self.entries if f"/{run}/" in name}
        for parts in life.queued.values():
            assert all(one < two for one, two in pairwise(parts))
            assert set(parts) <= set(released)


def live(life: Life, witness: Witness, event: str, fields: dict[str, object]) -> None:
    """Let it happen and look; a wish that can't be is refused."""
    with suppress(WrongUse):
        getattr(life, event)(**fields)
    witness.look(life)
    if event == "tick":
        assert life.queued.get(life.subscription.run, []) == list(life.there)


@bounded
@given(paces, lives)
def test_feed_mail_and_calendar_agree_through_edits_wishes_outages_and_changes_of_the_public_run(every, happened):
    with (
        TemporaryDirectory() as folder,
        closing(Life(f"{folder}/record", every=every, at="08:00")) as life,
    ):
        witness = Witness()
        for event, fields in happened:
            live(life, witness, event, fields)
        with suppress(WrongUse):
            life.wish(resume=True)
        for _ in range(10):  # more than there are Parts, and one at least each time
            life.wait(24 * 30)
            life.tick()
        witness.look(life)

        course = life.subscription.course
        assert course
        assert course.position >= life.store.totals("minato").parts
        had = [number for number, moment in enumerate(course.moments, 1) if moment]
        assert life.queued.get(life.subscription.run, []) == had


def test_a_conference_with_hours_goes_by_them_in_public_and_for_a_reader_alike(tmp_path):
    with closing(Life(str(tmp_path / "record"), every="original")) as life:
        for talk, hour in enumerate([10, 11, 9, 14], 1):
            life.retime(talk, hour)
        life.cadence(every="original", parts="session", start=dt.date(2026, 12, 1))
        life.wait(4 * 24)  # the first day is out; the second one begins on Tuesday
        for _ in range(5 * 24):
            life.wait(1)
            life.tick()

            assert list(life.queued.get("r1", [])) == list(life.there)

        hours = [f"{moment.astimezone(TOKYO):%d %H:%M}" for moment in life.released.values()]
        assert hours[:4] == ["25 12:00", "01 08:00", "01 13:00", "02 08:00"]
        assert list(life.there) == list(life.released)


@pytest.mark.parametrize(("before", "after"), [("day", (0,)), ((0,), "day")])
def test_who_leaves_the_pace_to_the_serial_follows_its_change_in_feed_and_mail_alike(tmp_path, before, after):
    with closing(Life(str(tmp_path / "record"))) as life:
        life.cadence(every=before)
        life.publish(life.now, everything=True)
        life.tick()
        life.cadence(every=after)
        for _ in range(5):
            life.tick()
            life.wait(24)

            life.tick()

            assert life.queued["r1"] == list(life.there)
