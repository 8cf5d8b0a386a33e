"""`python -m benchmarks publish`: build publications beside Hugo, Eleventy and Pelican in one run; print ratios.

`python -m benchmarks reading`: read recaps whose outlines are known; print precision and recall.

`python -m benchmarks deliver`: mail an Issue beside other senders; print ratios.

`python -m benchmarks replay`: advance Replays, up to a million; print times, and what a year of readers missed.

`python -m benchmarks serve`: a feed over HTTP beside nginx; print ratios.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import reading, replaying, sending, serving
from benchmarks.data import ROOT, talks
from benchmarks.machine import Cost, described
from benchmarks.report import Measured, started, table
from benchmarks.sides import Eleventy, Hugo, Own, Pelican, Side
from cnddigest import clock

ROUNDS = 3


def main() -> int:
    """Run a case; exit 1 if a floor was missed in quiet rounds."""
    asked = _arguments()
    if asked.case == "reading":
        return reading.run(asked.shared)
    if asked.case == "deliver":
        return sending.run(sending.wanted(asked.rounds or sending.ROUNDS, quick=asked.quick, full=asked.full))
    if asked.case == "replay":
        return replaying.run(quick=asked.quick)
    if asked.case == "serve":
        return serving.run(asked.rounds or serving.ROUNDS, quick=asked.quick)
    return _publish(asked.rounds or ROUNDS, asked.sizes)


def _publish(rounds: int, sizes: Sequence[int]) -> int:
    sides: list[Side] = [Own(ahead=rounds + 1), Hugo(), Eleventy(), Pelican()]
    versions = _versions(sides)
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="cnddigest-bench-") as work:
        for size in sizes:
            present = [side for side in sides if side.name in versions]
            measured += _publication(size, present, rounds, Path(work, str(size)))
    print(f"{clock.now().date().isoformat()}, {described()}; " + ", ".join(versions.values()))
    print(table(measured))
    print(started(rounds))
    for one in measured:
        print(json.dumps(one.wire(versions), ensure_ascii=False), file=sys.stderr)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("case", choices=["publish", "reading", "deliver", "replay", "serve"])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where seed and fixtures are")
    parser.add_argument("--rounds", type=int, help="after one that is thrown away")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[14, 1000, 10000])
    parser.add_argument("--quick", action="store_true", help="deliver, replay, serve: a look")
    parser.add_argument("--full", action="store_true", help="deliver: memory at a million Deliveries too")
    return parser.parse_args()


def _versions(sides: list[Side]) -> dict[str, str]:
    found = {}
    for side in sides:
        try:
            found[side.name] = f"{side.name} {side.version().removeprefix(side.name.lower()).strip()}"
        except (OSError, RuntimeError) as error:
            print(f"left out: {side.name}: {error}", file=sys.stderr)
    return found


def _publication(size: int, sides: list[Side], rounds: int, work: Path) -> list[Measured]:
    """Alternate the sides inside each round, so that a busy minute meets all of them."""
    made = talks(size + rounds + 2)
    measured = []
    folders = {side.name: work / side.name for side in sides}
    for side in sides:
        folders[side.name].mkdir(parents=True)
        side.prepare(folders[side.name], made if isinstance(side, Own) else made[:size])
    for round_ in range(rounds + 1):
        for side in sides:
            print(f"{size} sessions, round {round_}, full build: {side.name}", file=sys.stderr)
            measured.append(_one("full", size, round_, side, side.build(folders[side.name])))
    for round_ in range(rounds + 1):
        for side in sides:
            print(f"{size} sessions, round {round_}, one more: {side.name}", file=sys.stderr)
            cost = side.add(folders[side.name], made[size + round_])
            measured.append(_one("one more", size, round_, side, cost))
    return [one for one in measured if one.round_ > 0]


def _one(case: str, size: int, round_: int, side: Side, cost: Cost) -> Measured:
    return Measured(case=case, size=size, round_=round_, side=side.name, cost=cost)


if __name__ == "__main__":
    sys.exit(main())
