"""What sending is judged by: figures, each with its floor and its goal, and the tables that show them."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.machine import Cost

OWN = "cnddigest"
SEALED = "cnddigest, DKIM"
UNRECORDED = "cnddigest, no ledger"
ENOUGH = 3  # quiet rounds, for a verdict
Verdict = Literal["goal", "floor", "below", "not judged", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One side's messages in one round."""

    side: str
    round_: int
    count: int
    cost: Cost

    @property
    def rate(self) -> float:
        """Return the messages a second."""
        return self.count / self.cost.wall

    @property
    def cpu(self) -> float:
        """Return the CPU seconds that 10,000 take."""
        return self.cost.cpu / self.count * 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a figure must reach at least, and what it should; `more` says that higher is better."""

    floor: float
    goal: float
    more: bool = False

    def verdict(self, value: float) -> Verdict:
        """Return how far it came."""
        sign = 1 if self.more else -1
        return "goal" if sign * (value - self.goal) >= 0 else "floor" if sign * (value - self.floor) >= 0 else "below"


# From the project's own targets. Ratios are ours divided by theirs.
RATES = {
    "smtp-source": Target(floor=0.8, goal=1.0, more=True),
    "nodemailer": Target(floor=8, goal=12, more=True),
    "smtplib": Target(floor=20, goal=30, more=True),
}
CPUS = {"nodemailer": Target(floor=1 / 15, goal=1 / 30), "smtp-source": Target(floor=2, goal=1)}
SEALED_RATE = Target(floor=0.35, goal=0.5, more=True)
LEDGER = Target(floor=0.45, goal=0.30)
SEAL = Target(floor=2, goal=1.25)
PREPARING = Target(floor=10_000, goal=10_000, more=True)
PEAK = Target(floor=40, goal=40)
GROWTH = Target(floor=0.10, goal=0.10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, round by round, with the rounds in which nobody else disturbed it.

    `unit` is `×`, `%` or a word. `noisy` says that other work changes it: then it is judged by quiet rounds only.
    """

    name: str
    unit: str
    values: Sequence[float]
    quiet: Sequence[bool]
    target: Target | None = None
    noisy: bool = True

    @property
    def counted(self) -> Sequence[float]:
        """Return the quiet rounds' values where there are enough, else all."""
        found = [value for value, quiet in zip(self.values, self.quiet, strict=True) if quiet]
        return found if self.noisy and len(found) >= ENOUGH else self.values

    @property
    def middle(self) -> float:
        """Return the median."""
        return statistics.median(self.counted)

    @property
    def verdict(self) -> Verdict:
        """Return how far it came, and "not judged" where others were too busy."""
        if self.target is None:
            return ""
        if self.noisy and sum(self.quiet) < ENOUGH:
            return "not judged"
        return self.target.verdict(self.middle)

    def line(self) -> str:
        """Return its line of the table."""
        low, high = (_shown(value, self.unit) for value in (min(self.counted), max(self.counted)))
        spread = f" [{low} … {high}]" if len(self.counted) > 1 else ""
        floor, goal = self._targets()
        quiet = f"{sum(self.quiet)}/{len(self.quiet)}" if self.noisy else ""
        return (
            f"| {self.name} | {_shown(self.middle, self.unit)}{spread} | {floor} | {goal} | {quiet} | {self.verdict} |"
        )

    def _targets(self) -> tuple[str, str]:
        if self.target is None:
            return "", ""
        sign = "≥" if self.target.more else "≤"
        floor, goal = (_shown(value, self.unit) for value in (self.target.floor, self.target.goal))
        return f"{sign} {floor}", f"{sign} {goal}"

    def wire(self) -> dict[str, object]:
        """Return its part of the JSON line."""
        return {
            "median": round(self.middle, 4),
            "min": round(min(self.counted), 4),
            "max": round(max(self.counted), 4),
            "quiet": sum(self.quiet),
            "rounds": len(self.quiet),
            "verdict": self.verdict,
        }


def compared(sent: Sequence[Sent]) -> list[Figure]:
    """Return ours against each peer, pairs of one round."""
    by_side = _by_side(sent)
    own = by_side[OWN]
    figures = []
    for side, theirs in by_side.items():
        if side in (OWN, SEALED, UNRECORDED):
            continue
        pairs = [(own[n], theirs[n]) for n in sorted(theirs)]
        quiet = [_quiet(*pair) for pair in pairs]
        rates, cpus = [a.rate / b.rate for a, b in pairs], [a.cpu / b.cpu for a, b in pairs]
        figures += [
            Figure(name=f"messages/s against {side}", unit="×", values=rates, quiet=quiet, target=RATES.get(side)),
            Figure(name=f"CPU per 10,000 against {side}", unit="×", values=cpus, quiet=quiet, target=CPUS.get(side)),
        ]
    return figures + _of_ours(by_side)


def _of_ours(by_side: dict[str, dict[int, Sent]]) -> list[Figure]:
    own, sealed, bare = (by_side.get(name, {}) for name in (OWN, SEALED, UNRECORDED))
    source = by_side.get("smtp-source", {})
    figures = []
    if bare:
        shares = [1 - bare[n].cpu / own[n].cpu for n in sorted(bare)]
        quiet = [_quiet(bare[n], own[n]) for n in sorted(bare)]
        figures.append(Figure(name="ledger's share of our CPU", unit="%", values=shares, quiet=quiet, target=LEDGER))
    if sealed and source:
        rates = [sealed[n].rate / source[n].rate for n in sorted(sealed)]
        quiet = [_quiet(sealed[n], source[n]) for n in sorted(sealed)]
        name = "messages/s with RSA-2048 DKIM against smtp-source"
        figures.append(Figure(name=name, unit="×", values=rates, quiet=quiet, target=SEALED_RATE))
    return figures


def _quiet(*sent: Sent) -> bool:
    return all(one.cost.quiet for one in sent)


def _by_side(sent: Iterable[Sent]) -> dict[str, dict[int, Sent]]:
    found: dict[str, dict[int, Sent]] = {}
    for one in sent:
        found.setdefault(one.side, {})[one.round_] = one
    return found


def sides_table(sent: Iterable[Sent]) -> str:
    """Return what each side took; who is busy all the time is the limit."""
    lines = [
        "| side | messages | messages/s | CPU s per 10,000 | peak MB | sender busy | sink busy | quiet |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for side, rounds in _by_side(sent).items():
        every = list(rounds.values())
        costs = [one.cost for one in every]
        lines.append(
            f"| {side} | {every[0].count:,} | {statistics.median(one.rate for one in every):,.0f} "
            f"| {statistics.median(one.cpu for one in every):.2f} | {statistics.median(c.peak_mb for c in costs):.0f} "
            f"| {statistics.median(c.cpu / c.wall for c in costs):.0%} "
            f"| {statistics.median(c.served / c.wall for c in costs):.0%} "
            f"| {sum(c.quiet for c in costs)}/{len(costs)} |"
        )
    return "\n".join(lines)


def figures_table(figures: Iterable[Figure]) -> str:
    """Return the figures with their verdicts."""
    head = ["| figure | median | floor | goal | quiet rounds | verdict |", "|---|---|---|---|---:|---|"]
    return "\n".join([*head, *(figure.line() for figure in figures)])


def _shown(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value:.0%}"
    if unit != "×":
        return f"{value:,.0f} {unit}"
    return f"{value:.2f}×" if value > 0.5 else f"1/{1 / value:.1f}" if value > 0 else "0"
