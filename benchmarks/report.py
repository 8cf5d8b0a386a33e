"""From rounds to ratios: the median of the per-round ratios, with the smallest and the largest."""

import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import Cost, run

OWN = "cnddigest"
# Ours divided by theirs, wall clock and peak memory: (floor, goal), from the project's own targets.
GOALS = {
    ("full", "Hugo", "wall"): (2.5, 1.0),
    ("full", "Hugo", "memory"): (1 / 5, 1 / 10),
    ("full", "Eleventy", "wall"): (1.0, 1.0),
    ("full", "Pelican", "wall"): (1.0, 1.0),
    ("one more", "Hugo", "wall"): (1 / 10, 1 / 50),
    ("one more", "Eleventy", "wall"): (1 / 25, 1 / 100),
    ("one more", "Pelican", "wall"): (1 / 25, 1 / 150),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One process of one side in one round."""

    case: str
    size: int
    round_: int
    side: str
    cost: Cost

    def wire(self, versions: dict[str, str]) -> dict[str, object]:
        """Return the JSON line."""
        return {
            "case": self.case,
            "n": self.size,
            "round": self.round_,
            "side": versions[self.side],
            "wall": round(self.cost.wall, 4),
            "cpu": round(self.cost.cpu, 3),
            "peak_mb": round(self.cost.peak_mb, 1),
            "others": round(self.cost.others, 2),
        }


def table(measured: Iterable[Measured]) -> str:
    """Return the results as a Markdown table."""
    found: dict[tuple[str, int], dict[str, dict[int, Cost]]] = {}
    for one in measured:
        found.setdefault((one.case, one.size), {}).setdefault(one.side, {})[one.round_] = one.cost
    lines = [
        "| sessions | build | side | wall s | CPU s | peak MB | our wall is | our memory is | quiet | verdict |",
        "|---:|---|---|---:|---:|---:|---|---|---|---|",
    ]
    for (case, size), sides in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        lines += [_line(case, size, side, costs, sides[OWN]) for side, costs in sides.items()]
    return "\n".join(lines)


def _line(case: str, size: int, side: str, costs: dict[int, Cost], own: dict[int, Cost]) -> str:
    walls = [own[n].wall / cost.wall for n, cost in costs.items()]
    memory = [own[n].peak_mb / cost.peak_mb for n, cost in costs.items()]
    quiet = sum(cost.quiet and own[n].quiet for n, cost in costs.items())
    ours = side == OWN
    return (
        f"| {size:,} | {case} | {side} | {_middle([c.wall for c in costs.values()]):.3f} "
        f"| {_middle([c.cpu for c in costs.values()]):.2f} | {_middle([c.peak_mb for c in costs.values()]):.0f} "
        f"| {'' if ours else _ratio(walls)} | {'' if ours else _ratio(memory)} | {quiet}/{len(costs)} "
        f"| {'' if ours else _verdict(case, side, walls, memory, quiet)} |"
    )


def _middle(values: list[float]) -> float:
    return statistics.median(values)


def _ratio(ratios: list[float]) -> str:
    return f"{_shown(_middle(ratios))} [{_shown(min(ratios))} … {_shown(max(ratios))}]"


def _shown(ratio: float) -> str:
    return f"{ratio:.2f}×" if ratio > 0.5 else f"1/{1 / ratio:.0f}"


def _verdict(case: str, side: str, walls: list[float], memory: list[float], quiet: int) -> str:
    if quiet < 3:
        return "not judged"
    worst = "goal"
    for what, ratios in (("wall", walls), ("memory", memory)):
        floor, goal = GOALS.get((case, side, what), (float("inf"), float("inf")))
        verdict = "goal" if _middle(ratios) <= goal else "floor" if _middle(ratios) <= floor else "below"
        worst = max(worst, verdict, key=["goal", "floor", "below"].index)
    return worst


def started(rounds: int) -> str:
    """Return what starting costs: milliseconds above bare Python, the median of alternating runs."""
    here = Path.cwd()
    program = str(Path(sys.executable).with_name(OWN))
    sides = {
        "--version": [program, "--version"],
        "--help": [program, "--help"],
        "publish --help": [program, "publish", "--help"],
    }
    over: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(max(rounds, 3) * 5):
        bare = run([sys.executable, "-c", "pass"], here).wall
        for name, command in sides.items():
            over[name].append(run(command, here).wall - bare)
    return "start above bare Python: " + ", ".join(
        f"{name} {_middle(values) * 1000:+.0f} ms" for name, values in over.items()
    )
