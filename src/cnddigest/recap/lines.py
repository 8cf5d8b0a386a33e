"""Plain text: which lines are headings, by evidence per line and the most likely sequence of all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from cnddigest.recap import clues, words
from cnddigest.recap.blocks import LineRole
from cnddigest.recap.clues import Line

# What the place of a line adds to its own clues, in the same unit (see `clues`).
APART, TIGHT = 0.7, -1.5  # a blank line before it, or none, where blank lines mean something
AGAIN, REFRAIN = -1.0, -4.0  # the same line comes again below; the same line stands three times or more
OF_THE_SHAPE = 3.0  # it has the form that the talks of this text share
NOT_OF_THE_SHAPE, NOT_OF_A_SURE_SHAPE, SURE_SHAPE = -2.5, -4.0, 5  # the others, when the talks share a form
IN_A_RUN, SHORTEST_RUN = -1.5, 4  # one of many unfinished lines in a row: a list that lost its bullets
AFTER_HEADING = -3.0  # a heading right after a heading: talks have text
FIRST = 1.0  # texts begin with their title
UNSTOPPED, STOPPED = 3.0, 0.8  # `…しました` without its 。 on a short line, where this share of the sentences has it
UNSTOPPED_TITLE, STOPPED_TITLE = 5.0, 0.5  # the same for a first line that tells of an event
CURT, POLITE, FEWEST_POLITE = 5.0, 0.8, 5  # `箱は捨てない。` where this share, and number, of sentences is polite
PAGED, FEWEST_PAGED = 3.0, 2  # a line that is no sentence, with an address alone below it, as so many others have
AFTER_REFRAIN = -3.0  # right after a line that stands three times: `Key points`, and the first of them
ANNOUNCED = -4.0  # right after `:` or `次の三つです。`
OPENS_DAY = 1.0  # right after a day's label
DATED = -3.0  # a line below the title that begins with a date: `2025年4月5日@幕張`, `10/19(土) 13:00〜18:00`
LAST = -4.0  # nothing ends with a heading
SAID = 1e6  # its author says what a line is: more than all evidence together, little enough to be added exactly


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line that is not empty. `blank` and `ruled`: an empty line before it, a rule under it.

    `role` is what its author says it is.
    """

    line: int
    text: str
    blank: bool = False
    ruled: bool = False
    role: LineRole | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a line was read as, and how sure that is (see `Block.margin`).

    `label`: it may be a day's label; `shaped`: it has the form that the talks of this text share; `finished`: it
    ends like a sentence.
    """

    heading: bool
    margin: float
    label: bool = False
    shaped: bool = False
    finished: bool = False


def read(rows: Sequence[Row]) -> list[Reading]:
    """Return the most likely reading of each line, given all others.

    Two states per line and a price for heading after heading: forwards and backwards over the text give the
    best sequence with, and without, each line as a heading. The difference is its margin. Linear time.
    """
    if not rows:
        return []
    known: dict[str, Line] = {}
    lines = [known.get(row.text) or known.setdefault(row.text, clues.line_of(row.text)) for row in rows]
    lines = [_said(line, row.role) if row.role else line for line, row in zip(lines, rows, strict=True)]
    evidence = _in_context(rows, lines)
    for place, row in enumerate(rows):
        if row.role:
            evidence[place] = -SAID if row.role == "text" else SAID
    free = [line.label or line.closing or line.opens for line in lines]
    shaped = _shape(lines)
    prices = [
        0.0 if before or line.form in shaped else AFTER_HEADING for before, line in zip(free, lines[1:], strict=False)
    ]
    if prices:
        prices[0] = 0.0  # the title
    margins = _margins(evidence, prices)
    return [
        Reading(heading=m > 0, margin=abs(m), label=line.label, shaped=line.form in shaped, finished=line.finished)
        for m, line in zip(margins, lines, strict=True)
    ]


def _said(line: Line, role: LineRole) -> Line:
    """Return a line as its author says it is, so that its neighbours follow."""
    return replace(
        line,
        label=role == "day",
        closing=role == "closing",
        opens=role in ("title", "day"),
        form=line.form if role == "session" else None,
    )


def _margins(evidence: Sequence[float], prices: Sequence[float]) -> list[float]:
    """Return, per line, half of what the best sequence with it as a heading has over the best with it as text."""
    forwards, backwards = _sums(evidence, prices), _sums(evidence[::-1], prices[::-1])
    return [
        (ahead[0] + behind[0] - ahead[1] - behind[1]) / 2 - e
        for ahead, behind, e in zip(forwards, reversed(backwards), evidence, strict=True)
    ]


def _sums(evidence: Sequence[float], prices: Sequence[float]) -> list[tuple[float, float]]:
    """Return the best score up to each line, ending as a heading and as text."""
    head, text = evidence[0], -evidence[0]
    sums = [(head, text)]
    for e, price in zip(evidence[1:], prices, strict=True):
        head, text = max(head + price, text) + e, max(head, text) - e
        sums.append((head, text))
    return sums


def _in_context(rows: Sequence[Row], lines: Sequence[Line]) -> list[float]:
    """Add to each line's own evidence what its place says."""
    evidence = [line.evidence + forgiven for line, forgiven in zip(lines, _unstopped(rows, lines), strict=True)]
    blanks = sum(row.blank for row in rows)
    telling = max(3, 0.12 * len(rows)) <= blanks <= 0.85 * len(rows)
    repeats = _repeats(rows)
    for place, row in enumerate(rows):
        if telling:
            evidence[place] += APART if row.blank else TIGHT
        evidence[place] += OPENS_DAY * (place > 0 and lines[place - 1].label)
        if row.ruled:
            evidence[place] += clues.MARKED
        if place and row.text in repeats and not lines[place].label:
            evidence[place] += repeats[row.text]
        evidence[place] += _after(place, rows, lines, repeats)
    _add_pages(evidence, rows, lines)
    _add_shape(evidence, lines)
    _add_runs(evidence, lines)
    evidence[0] += FIRST
    if len(lines) > 1:
        evidence[1] += DATED * lines[1].dated
    if not lines[-1].form:
        evidence[-1] += LAST / 2  # evidence counts twice: for one state and against the other
    return evidence


def _after(place: int, rows: Sequence[Row], lines: Sequence[Line], repeats: Mapping[str, float]) -> float:
    """Return what the line before says of a line that is no label."""
    if not place or lines[place].label or lines[place].closing or lines[place].form:
        return 0.0
    refrain = repeats.get(rows[place - 1].text) == REFRAIN and not lines[place - 1].label
    return AFTER_REFRAIN * (refrain and not lines[place - 1].finished) + ANNOUNCED * (
        lines[place - 1].announces and place > 1
    )


def _add_pages(evidence: list[float], rows: Sequence[Row], lines: Sequence[Line]) -> None:
    """Believe lines that have the address of their page below."""
    paged = [
        place
        for place, (line, below) in enumerate(pairwise(lines))
        if place and below.address and not (_is_prose(line) or line.label or line.announces)
    ]
    if len(paged) >= FEWEST_PAGED and len({rows[place].text for place in paged}) == len(paged):
        for place in paged:
            evidence[place] += PAGED - clues.FINISHED * lines[place].finished


def _is_prose(line: Line) -> bool:
    return line.address or (line.finished and not line.unstopped)


def _unstopped(rows: Sequence[Row], lines: Sequence[Line]) -> list[float]:
    """Forgive short lines that end like a sentence, but not as the sentences of this text do: without 。, or curtly."""
    sentences = [row.text for row, line in zip(rows, lines, strict=True) if line.finished and line.wide]
    share = sum("。" in text for text in sentences) / max(1, len(sentences))
    polite = sum(line.polite for line in lines)
    mannered = polite >= max(FEWEST_POLITE, POLITE * len(sentences))
    forgiven = [
        UNSTOPPED * (line.unstopped and share >= STOPPED) + CURT * (mannered and line.curt and not line.polite)
        for line in lines
    ]
    if lines[0].unstopped and share >= STOPPED_TITLE and words.is_titled(rows[0].text):
        forgiven[0] = UNSTOPPED_TITLE
    return forgiven


def _repeats(rows: Sequence[Row]) -> dict[str, float]:
    """Return what repetition says of a line; nothing where most of a text is repeated."""
    count = Counter(row.text for row in rows)
    if 2 * len(count) < len(rows):
        return {}
    return {text: AGAIN if number == 2 else REFRAIN for text, number in count.items() if number > 1}


def _add_shape(evidence: list[float], lines: Sequence[Line]) -> None:
    shaped = _shape(lines)
    members = sum(line.form in shaped for line in lines)
    if not shaped or not members:
        return
    others = NOT_OF_A_SURE_SHAPE if members >= SURE_SHAPE else NOT_OF_THE_SHAPE
    for place, line in enumerate(lines):
        if line.form in shaped:
            evidence[place] += OF_THE_SHAPE - (clues.BULLET if line.listed and not line.finished else 0)
        elif not line.label and not line.closing and place and not (line.opens or line.kind):
            evidence[place] += others


def _shape(lines: Sequence[Line]) -> frozenset[str | None]:
    """Return the forms that the talks of this text share: three or more, spread out, not in a row, not everywhere."""
    places: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        if line.form and not line.finished and place:
            places.setdefault(line.form, []).append(place)
    return frozenset(form for form, found in places.items() if _is_shape(found, len(lines)))


def _is_shape(places: Sequence[int], total: int) -> bool:
    adjacent = sum(b - a == 1 for a, b in pairwise(places))
    spread = places[-1] - places[0] >= 0.4 * total
    return len(places) >= 3 and spread and adjacent <= len(places) / 3 and len(places) <= total / 2


def _add_runs(evidence: list[float], lines: Sequence[Line]) -> None:
    """Doubt lines in a long run of unfinished ones."""
    run: list[int] = []
    for place, line in enumerate(lines):
        if line.finished or line.label or line.closing:
            run = []
            continue
        run.append(place)
        if len(run) == SHORTEST_RUN:
            for member in run[1:]:
                evidence[member] += IN_A_RUN
        elif len(run) > SHORTEST_RUN:
            evidence[place] += IN_A_RUN
