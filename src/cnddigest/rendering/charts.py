"""Charts as SVG, drawn on the server: numbers in, text out; colours are the stylesheet's.

A chart stretches to the width it is given, so nothing is written in it: labels stand around it as text, and the
numbers in a table below.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from cnddigest.rendering.markup import Html

STEP, WIDTH, HEIGHT = 10, 8, 100  # units of the drawing: from bar to bar, of a bar, of the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What stands over one label: the values from the bottom upwards, and what is said where a pointer rests."""

    label: str
    values: tuple[int, ...]
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars over a time. `name` is its id in the page, `kinds` are the classes of a bar's values."""

    name: str
    title: str
    summary: str
    kinds: tuple[str, ...]
    bars: tuple[Bar, ...]

    @property
    def top(self) -> int:
        """Return the highest bar's value."""
        return max((sum(bar.values) for bar in self.bars), default=0)


def svg(chart: Chart) -> Html:
    """Return a chart as an element that stands in a page."""
    name = escape(chart.name)
    drawn = "".join(_drawn(chart, place, bar) for place, bar in enumerate(chart.bars))
    return Html(
        f'<svg class="chart" viewBox="0 0 {max(len(chart.bars), 1) * STEP} {HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-labelledby="{name}-title {name}-summary" focusable="false">'
        f'<title id="{name}-title">{escape(chart.title)}</title>'
        f'<desc id="{name}-summary">{escape(chart.summary)}</desc>{drawn}</svg>'
    )


def _drawn(chart: Chart, place: int, bar: Bar) -> str:
    left, bottom = place * STEP + (STEP - WIDTH) / 2, float(HEIGHT)
    pieces = []
    for kind, height in zip(chart.kinds, heights(bar.values, chart.top), strict=True):
        if height:
            bottom -= height
            pieces.append(
                f'<rect class="{escape(kind)}" x="{left:g}" y="{bottom:.3f}" width="{WIDTH}" height="{height:.3f}"/>'
            )
    return f"<g><title>{escape(bar.said)}</title>{''.join(pieces)}</g>" if pieces else ""


def heights(values: Sequence[int], top: int) -> tuple[float, ...]:
    """Return how high each value stands, in units of the drawing: all of the highest bar fill it."""
    return tuple(HEIGHT * value / top if top else 0.0 for value in values)
