"""Plain text: which lines are headings, by evidence per line and the most likely sequence of all."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from cnddigest.recap import days, heading, words

# What speaks for a heading (above 0) or for text (below), in the same unit as the margin of a reading.
# Fitted on invented and published recaps, none of which decides alone: neighbours do (see `read`).
PRIOR = 2.0  # a line that shows nothing else is a heading: text shows that it is text
FINISHED = -5.0  # it ends like a sentence
ASKS = -3.0  # it ends with ? or ! in Latin script: a sentence, or a title that asks
ADDRESS = -6.0  # nothing but an address
BULLET = -4.0  # a list item
LOOSE = -3.0  # it ends like a sentence of the plain style, which some titles do too
DETAIL = -6.0  # `Speaker: First Last`
EXCLAIMS = -1.0  # it ends with ! after hiragana
MENTIONS = -2.0  # it begins by saying something of a day: `2日目は…`
CONTINUES = -2.0  # it ends with a particle that wants more
LISTING = -1.5  # two or more 、
ANNOUNCES = -3.5  # it ends with a colon
CONNECTS = -1.0  # it begins like the second sentence of a thought
RESOURCE = -4.0  # `資料`, `Slides`, or nothing but a remark in brackets
LONGEST_QUESTION = 90  # characters; a longer line with a stop inside, or a longer question, is prose
SHORT, SHORT_COLUMNS = 0.5, 80
LONG, LONG_COLUMNS = -1.5, 130
VERY_LONG, VERY_LONG_COLUMNS = -2.0, 190
CAPITALISED, CAPITALS = 1.0, 0.55  # a title in Latin script has this share of its words capitalised
LOWER_START = -1.0  # a Latin line that begins with a small letter goes on from somewhere
WORDY, MOST_WORDS = -1.5, 22  # Latin titles have fewer words
QUOTED = 0.5  # 「」 around a title
MARKED = 4.0  # ■ or # before it, a rule below it
APART, TIGHT = 0.7, -1.5  # a blank line before it, or none, where blank lines mean something
LABEL, LABEL_COLUMNS = 3.0, 60  # a day label
CLOSING, CLOSING_COLUMNS = 1.5, 30  # a closing word
AGAIN, REFRAIN = -1.0, -4.0  # the same line comes again below; the same line stands three times or more
OF_THE_SHAPE = 3.0  # it has the form that the talks of this text share
NOT_OF_THE_SHAPE, NOT_OF_A_SURE_SHAPE, SURE_SHAPE = -2.5, -4.0, 5  # the others, when the talks share a form
IN_A_RUN, SHORTEST_RUN = -1.5, 4  # one of many unfinished lines in a row: a list that lost its bullets
AFTER_HEADING = -3.0  # a heading right after a heading: talks have text
FIRST = 1.0  # texts begin with their title
LAST = -4.0  # nothing ends with a heading

_ADDRESS = re.compile(r"<?https?://\S+>?$")
_BULLET = re.compile(r"[-*•・※→|>＞+] ?|\d{1,2}[.)] ?|[①-⑳]|\([0-9a-z]\)")
_PARTICLE = re.compile(r"(?:[はがをにでとへもや]|から|まで|ので|けど|ため|など)$")
_CONNECTIVE = re.compile(r"(?:また|なお|ただし|そして|さらに|However|But|And|Also|So)\b|(?:また|なお|他にも)、")
_POLITE = re.compile(
    r"[、,;]$|(?:です|ます|でした|ました|ません|ください|でしょう|ましょう|んだ|のだ|だった|である|であった|と思う|と思った|ようだ|そうだ|していた|ていた)"
    r"[!?…~ー笑w]{0,9}$"
)
_PLAIN = re.compile(r"(?:ている|ていた|らしい|とのこと|みたい|そう|かった|かも|だろう)[!?…~ー]{0,9}$")
_EXCLAIMED = re.compile(r"[ぁ-ん][!…~]{1,9}$")
_MENTION = re.compile(r"(?:[\d一二三四五]{1,2}日目|初日|最終日|今日|今回|来年)[のはにもで]")
_LATIN_END = re.compile(r"[a-zà-ÿ0-9)%] ?[.…]$")
_LATIN_ASKS = re.compile(r"[a-zà-ÿ0-9)%] ?[!?]$")
_LATIN_STOP = re.compile(r"[a-zà-ÿ)][.!?] {1,3}[A-ZÀ-Þ]")
_MARK = re.compile(r"[■◆●▼▶★□◇◎§]|#{1,6} ?[^#\s]")
_BRACKETED = re.compile(r"\([^()]{1,60}\)$")
_WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\U00020000-\U0003fffd]"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line that is not empty. `blank` and `ruled`: an empty line before it, a rule under it."""

    line: int
    text: str
    blank: bool = False
    ruled: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line on its own: computed once per distinct text."""

    evidence: float
    finished: bool
    label: bool
    closing: bool
    opens: bool  # a heading may follow it at once: a day, a track, a break
    form: str | None
    listed: bool


def read(rows: Sequence[Row]) -> list[Reading]:
    """Return the most likely reading of each line, given all others.

    Two states per line and a price for heading after heading: forwards and backwards over the text give the
    best sequence with, and without, each line as a heading. The difference is its margin. Linear time.
    """
    if not rows:
        return []
    known: dict[str, _Line] = {}
    lines = [known.get(row.text) or known.setdefault(row.text, _line(row.text)) for row in rows]
    evidence = _in_context(rows, lines)
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


def _in_context(rows: Sequence[Row], lines: Sequence[_Line]) -> list[float]:
    """Add to each line's own evidence what its place says."""
    evidence = [line.evidence for line in lines]
    blanks = sum(row.blank for row in rows)
    telling = max(3, 0.12 * len(rows)) <= blanks <= 0.85 * len(rows)
    repeats = _repeats(rows)
    for place, row in enumerate(rows):
        if telling:
            evidence[place] += APART if row.blank else TIGHT
        if row.ruled:
            evidence[place] += MARKED
        if place and row.text in repeats and not lines[place].label:
            evidence[place] += repeats[row.text]
    _add_shape(evidence, lines)
    _add_runs(evidence, lines)
    evidence[0] += FIRST
    if not lines[-1].form:
        evidence[-1] += LAST / 2  # evidence counts twice: for one state and against the other
    return evidence


def _repeats(rows: Sequence[Row]) -> dict[str, float]:
    """Return what repetition says of a line; nothing where most of a text is repeated."""
    count = Counter(row.text for row in rows)
    if 2 * len(count) < len(rows):
        return {}
    return {text: AGAIN if number == 2 else REFRAIN for text, number in count.items() if number > 1}


def _add_shape(evidence: list[float], lines: Sequence[_Line]) -> None:
    shaped = _shape(lines)
    members = sum(line.form in shaped for line in lines)
    if not shaped or not members:
        return
    others = NOT_OF_A_SURE_SHAPE if members >= SURE_SHAPE else NOT_OF_THE_SHAPE
    for place, line in enumerate(lines):
        if line.form in shaped:
            evidence[place] += OF_THE_SHAPE - (BULLET if line.listed and not line.finished else 0)
        elif not line.label and not line.closing and place and not line.opens:
            evidence[place] += others


def _shape(lines: Sequence[_Line]) -> frozenset[str | None]:
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


def _add_runs(evidence: list[float], lines: Sequence[_Line]) -> None:
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


def columns(text: str) -> int:
    """Return how wide a line is in a terminal, near enough for long ones: Japanese letters count twice."""
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text, 0, VERY_LONG_COLUMNS))


def finished(text: str) -> bool:
    """Say whether a line (in NFKC) is prose: it ends like a sentence, with or without its mark."""
    core = text.rstrip(" )]」』\"'”’»")
    tail = core[-24:]
    return bool(
        "。" in core
        or _POLITE.search(tail)
        or _LATIN_END.search(tail)
        or (len(text) > LONGEST_QUESTION and (_LATIN_STOP.search(text) or _LATIN_ASKS.search(tail)))
    )


def is_loose(text: str) -> bool:
    """Say whether a line is neither a sentence nor marked as something else: an item, a detail."""
    return not (finished(text) or _BULLET.match(text) or words.is_detail(text))


def _line(text: str) -> _Line:
    line = unicodedata.normalize("NFKC", text)
    width = columns(line)
    done = finished(line)
    if _ADDRESS.match(line):
        return _Line(evidence=ADDRESS, finished=True, label=False, closing=False, opens=False, form=None, listed=False)
    short = width <= 2 * LABEL_COLUMNS
    mark = days.mark(line) if short and not done else None
    label = bool(mark and mark.place in ("whole", "themed")) and width <= LABEL_COLUMNS
    closing = width <= CLOSING_COLUMNS and words.is_closing(line)
    evidence = _own(line, width, done=done, label=label, closing=closing)
    return _Line(
        evidence=evidence,
        finished=done,
        label=label,
        closing=closing,
        opens=short and not done and (words.is_group(line) or heading.event_or_talk(line) == "event"),
        form=_form(line) if not done and not label else None,
        listed=bool(_BULLET.match(line)),
    )


def _form(line: str) -> str | None:
    """Return a talk's form, or the bullet before it: some authors list nothing but titles."""
    bullet = _BULLET.match(line)
    return heading.form(line) or (bullet[0].strip()[:1] if bullet else None)


def _own(line: str, width: int, *, done: bool, label: bool, closing: bool) -> float:
    """Sum the evidence that a line carries by itself."""
    score: float = PRIOR
    score += FINISHED * done + LABEL * label + CLOSING * closing
    score += ASKS * (not done and bool(_LATIN_ASKS.search(line[-4:])))
    score += LOOSE * bool(_PLAIN.search(line[-12:])) + DETAIL * words.is_detail(line)
    score += EXCLAIMS * bool(_EXCLAIMED.search(line[-12:])) + MENTIONS * bool(_MENTION.match(line))
    score += BULLET * bool(_BULLET.match(line)) + LISTING * (line.count("、") >= 2)
    score += CONTINUES * bool(_PARTICLE.search(line[-4:])) + ANNOUNCES * line.endswith(":")
    score += CONNECTS * bool(_CONNECTIVE.match(line)) + MARKED * bool(_MARK.match(line))
    score += RESOURCE * (words.is_resources(line) or bool(_BRACKETED.match(line)))
    score += SHORT * (width <= SHORT_COLUMNS) + LONG * (width > LONG_COLUMNS) + VERY_LONG * (width > VERY_LONG_COLUMNS)
    score += QUOTED * line.startswith(("「", "『"))
    return score + _latin(line)


def _latin(line: str) -> float:
    """Sum what only Latin script shows: capitals and the number of words."""
    if len(line) > VERY_LONG_COLUMNS or _WIDE.search(line):
        return 0.0
    found: list[str] = _WORD.findall(line)
    if len(found) < 2:
        return 0.0
    capitals = sum(word[0].isupper() for word in found) / len(found)
    return (
        CAPITALISED * (capitals >= CAPITALS) + LOWER_START * found[0][0].islower() + WORDY * (len(found) > MOST_WORDS)
    )
