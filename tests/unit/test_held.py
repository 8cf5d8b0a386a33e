"""While a Serial is held, nothing names a moment of what is still to come."""

import datetime as dt
import json

import pytest

from cnddigest.audience.replay import Replay
from cnddigest.usecases.problem import Kind
from cnddigest.wiring import knock
from commands import SLUG
from desk import START, a_text
from visitors import HARU, Visitors, a_publication, text, visiting

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def disk(tmp_path):
    return a_publication(tmp_path / "publication", recap=a_text(days=3))


@pytest.fixture
def visitors(disk):
    with visiting(disk) as found:
        yield found


def hold(visitors: Visitors) -> None:
    visitors.opened.hold(SLUG, now=visitors.now)


@pytest.mark.parametrize("own", [True, False])
def test_a_calendar_names_what_is_there_alone(visitors, own):
    visitors.enrol(own=own)
    visitors.advance()
    hold(visitors)

    dates = visitors.opened.calendar(visitors.person().subscription, now=visitors.now)

    assert [(date.part, date.released_at is not None) for date in dates] == [(1, True)]


@pytest.mark.parametrize("own", [True, False])
def test_a_persons_page_says_that_it_is_held(visitors, own):
    visitors.enrol(own=own)
    visitors.advance()
    hold(visitors)

    page = visitors.get(visitors.path("preferences"), headers={"accept-language": "en"})

    assert "The remaining parts have no dates: releases are on hold." in text(page)
    assert page.text.count("<time") == 1


def test_what_is_public_keeps_its_moment_in_a_run_of_ones_own(visitors):
    visitors.enrol(replay=Replay(start="2027-01-01", every="day", at="08:00", timezone="UTC"))
    visitors.opened.hold(SLUG, now=visitors.now)

    dates = visitors.opened.calendar(visitors.person().subscription, now=visitors.now)

    assert [(date.part, date.release_at.year) for date in dates] == [(1, 2027)]


def test_the_terminal_names_no_moment(disk):
    disk.run("subscribers", "add", HARU, "--confirmed", "--consent-source", "asked", "--now", f"{START:%FT%TZ}")
    disk.run("hold", "--now", f"{START:%FT%TZ}")
    now = ["--now", f"{START + HOUR:%FT%TZ}"]

    plan, shown = disk.run("plan", *now).out.decode(), disk.run("subscribers", "show", HARU, *now).out.decode()
    found = json.loads(disk.run("subscribers", "show", HARU, "--json", *now).out)["subscriptions"][0]
    changed = disk.run("subscribers", "change", HARU, "--start", "2026-12-01", *now)

    assert [line.split()[1] for line in plan.splitlines() if line.lstrip()[:1] in ("2", "3")] == ["held", "held"]
    assert disk.run("plan", "--ics", *now).out.count(b"BEGIN:VEVENT") == 1
    assert "held since" in shown
    assert "in 1" not in shown
    assert found["held_at"] == f"{START:%FT%TZ}"
    assert [each["part"] for each in found["calendar"]] == [1]
    assert "Part 2" not in changed.err


def test_what_a_hold_delayed_is_not_late(visitors):
    hold(visitors)
    late = START + 5 * DAY
    opened = visitors.opened

    held = knock.bring(opened, now=late, progress=lambda *_: None)
    opened.release_hold(SLUG)
    freed = knock.bring(opened, now=late + HOUR, progress=lambda *_: None)

    assert (held.lag, knock.next_release(opened) is not None) == (dt.timedelta(), True)
    assert freed.publish
    assert [line.part for line in freed.publish.released] == [2]
    assert freed.lag == dt.timedelta()


def test_what_waits_for_a_held_part_is_woken_by_its_release(visitors):
    visitors.enrol()
    visitors.advance()
    hold(visitors)
    visitors.now += 3 * DAY
    visitors.advance()
    visitors.opened.release_hold(SLUG)

    visitors.opened.publish(now=visitors.now, progress=lambda *_: None)
    visitors.now += DAY
    visitors.advance()

    assert visitors.person().subscription.position == 2


def test_mail_that_nobody_sends_is_a_problem_and_waits_since_it_was_queued(visitors):
    visitors.enrol()
    visitors.advance()
    queued_at = visitors.now
    visitors.now += HOUR
    claim = visitors.ledger.claim(lease="ours", now=visitors.now, until=visitors.now + HOUR, count=9)
    given_back = [(each.key, visitors.now) for each in claim.taken]  # as where a relay refuses everybody
    visitors.ledger.put_back(given_back, lease="ours", now=visitors.now)

    vitals = visitors.opened.vitals(now=visitors.now)

    assert vitals.waiting_since == queued_at
    assert [problem for problem in vitals.status.problems if problem.kind == Kind.STUCK]


def test_the_command_lets_the_pages_name_no_moment_at_once(disk):
    before = disk.feeds()["minato/index.html"].decode()

    done = disk.run("hold", "--now", f"{START + HOUR:%FT%TZ}")

    assert done.code == 0
    assert 'class="coming"><span>' in before
    assert 'class="coming"><span>' not in disk.feeds()["minato/index.html"].decode()


def test_it_is_held_also_where_the_pages_cant_follow(disk):
    disk.recap.write_text("")

    done = disk.run("hold", "--now", f"{START + HOUR:%FT%TZ}")

    assert (done.code, done.out) == (0, b"held: minato\n")
    assert "the pages were not written" in done.err
