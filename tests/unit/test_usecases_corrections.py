"""Corrections of a recap that is out, told through what readers see in the output folder."""

import re

import pytest

from cnddigest.errors import BadRecap
from desk import NEXT_DAY, START, Desk

CORRECTIONS = "recaps/minato.outline.toml"


def entries(feed: bytes) -> dict[str, str]:
    """The id of each Atom entry with the moment it was published."""
    found = re.findall(r"<entry.*?</entry>", feed.decode(), re.DOTALL)
    return {re.findall(r"<id>(.*?)</id>", one)[0]: re.findall(r"<published>(.*?)</published>", one)[0] for one in found}


def test_a_corrected_title_keeps_id_and_date():
    desk = Desk()
    desk.publish()
    before = entries(desk.folder.files["minato/sessions/atom.xml"])
    desk.inputs.recaps[CORRECTIONS] = '[[session]]\nmatch = "発表002の題"\ntitle = "港の夜明け"\n'

    desk.publish(START + NEXT_DAY / 2)

    feed = desk.folder.files["minato/sessions/atom.xml"]
    assert "港の夜明け" in feed.decode()
    assert "発表002の題" not in feed.decode()
    assert entries(feed) == before


def test_taking_a_correction_back_brings_the_title_back():
    desk = Desk()
    desk.inputs.recaps[CORRECTIONS] = '[[session]]\nmatch = "発表002の題"\ntitle = "港の夜明け"\n'
    desk.publish()
    before = entries(desk.folder.files["minato/sessions/atom.xml"])
    del desk.inputs.recaps[CORRECTIONS]

    desk.publish(START + NEXT_DAY / 2)

    feed = desk.folder.files["minato/sessions/atom.xml"]
    assert "発表002の題" in feed.decode()
    assert entries(feed) == before


def test_a_session_corrected_onto_the_other_day_goes_out_with_that_day():
    desk = Desk()
    desk.inputs.recaps[CORRECTIONS] = '[[session]]\nmatch = "発表003の題"\nday = 2\n'

    desk.publish()

    assert "発表002の題" in desk.everything
    assert "発表003" not in desk.everything


def test_a_stale_correction_is_told_and_stops_nothing():
    desk = Desk()
    desk.inputs.recaps[CORRECTIONS] = '[[line]]\nmatch = "昔の行"\nrole = "text"\n'

    report = desk.publish()

    assert [line.part for line in report.released] == [1]
    assert "stale-correction" in [remark.finding.rule for remark in report.remarks]


def test_broken_corrections_change_nothing_at_all():
    desk = Desk()
    desk.inputs.recaps[CORRECTIONS] = '[[line]]\nmatch = "1日目"\n'

    with pytest.raises(BadRecap, match=r"missing key in recaps/minato\.outline\.toml, line 1, line\[0\]\.role"):
        desk.publish()

    assert not desk.folder.files
