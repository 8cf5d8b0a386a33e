"""Recaps with their conferences' own schedules: what is added, from where, and what has no talk or several."""

from zoneinfo import ZoneInfo

import pytest

from cnddigest.recap.outline import read
from cnddigest.recap.schedule.enrich import from_files
from cnddigest.recap.source import decode
from cnddigest.recap.wire import wire
from reviewing import as_json, cases, hold

ZONE = ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize("case", cases("schedules"), ids=lambda case: case.name)
def test_a_schedule_adds_what_was_reviewed(case):
    recap = next(path for path in case.iterdir() if path.stem == "recap")
    files = [(path.name, path.read_bytes()) for path in sorted(case.glob("schedule*"))]

    found = wire(from_files(read([decode(recap.name, recap.read_bytes())]), files, ZONE))

    hold(case / "outline.json", as_json(found))


@pytest.mark.parametrize("case", cases("schedules"), ids=lambda case: case.name)
def test_no_word_of_the_author_is_another_with_a_schedule(case):
    recap = next(path for path in case.iterdir() if path.stem == "recap")
    files = [(path.name, path.read_bytes()) for path in sorted(case.glob("schedule*"))]
    before = read([decode(recap.name, recap.read_bytes())])

    after = from_files(before, files, ZONE)

    said = [[(one.id, one.title, one.prose) for one in known.sessions] for known in (before, after)]
    assert said[0] == said[1]
