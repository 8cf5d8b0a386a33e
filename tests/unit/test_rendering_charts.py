"""Charts as numbers: what is drawn is in proportion to what was counted, and nothing else gets in."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnddigest.rendering.charts import HEIGHT, STEP, Bar, Chart, heights, svg

COUNTS = st.tuples(*[st.integers(0, 10_000_000)] * 3)


def a_chart(*values: tuple[int, ...], **fields: str) -> Chart:
    said = {"name": "mail", "title": "Mail", "summary": "7 messages"} | fields
    bars = tuple(Bar(label=str(place), values=each, said=f"day {place}") for place, each in enumerate(values))
    return Chart(kinds=("sent", "waiting", "returned")[: len(values[0])], bars=bars, **said)


def rects(chart: Chart) -> list[dict[str, str]]:
    return [dict(each.attrib) for each in ET.fromstring(svg(chart)).iter("rect")]  # noqa: S314  our own


@given(COUNTS, st.integers(1, 10_000_000))
def test_heights_are_in_proportion(values, more):
    top = max(sum(values), more)

    found = heights(values, top)

    assert found == pytest.approx([HEIGHT * value / top for value in values])
    assert sum(found) <= HEIGHT + 1e-9


@given(st.lists(COUNTS, min_size=1, max_size=14))
def test_bars_stand_on_the_ground_and_never_reach_over_the_top(values):
    chart = a_chart(*values)

    found = rects(chart)

    assert len(found) == sum(value > 0 for each in values for value in each)
    for rect in found:
        assert float(rect["y"]) > -0.01
        assert float(rect["y"]) + float(rect["height"]) <= HEIGHT + 0.01
        assert 0 <= float(rect["x"]) < STEP * len(values)


def test_the_highest_bar_fills_the_chart():
    found = rects(a_chart((5, 5, 0), (1, 0, 0)))

    assert [rect["height"] for rect in found] == ["50.000", "50.000", "10.000"]
    assert [rect["class"] for rect in found] == ["sent", "waiting", "sent"]


def test_a_chart_of_nothing_is_a_chart():
    assert rects(a_chart((0, 0, 0))) == []


def test_whoever_does_not_see_it_is_told_what_it_shows():
    root = ET.fromstring(svg(a_chart((1, 0, 0))))  # noqa: S314  our own

    assert root.attrib["role"] == "img"
    named = {each.attrib.get("id"): each.text for each in root}
    assert [named[name] for name in root.attrib["aria-labelledby"].split()] == ["Mail", "7 messages"]


@given(st.text(alphabet="<>&\"' abc", max_size=20))
def test_no_text_gets_out_of_its_place(text):
    found = svg(a_chart((1, 0, 0), title=text, summary=text))

    assert set(re.findall(r"<(\w+)", found)) == {"svg", "title", "desc", "g", "rect"}
    assert "style" not in re.findall(r"\s([a-z-]+)=", found)
