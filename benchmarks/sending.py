"""How fast Issues are mailed, beside other senders in one run: all hand the same message to the same sink."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

from benchmarks import sending_seal
from benchmarks.machine import Cost, described, fdatasync
from benchmarks.sending_check import COUNT, check
from benchmarks.sending_figures import (
    GROWTH,
    OWN,
    PEAK,
    PREPARING,
    SEAL,
    SEALED,
    UNRECORDED,
    Figure,
    Sent,
    compared,
    figures_table,
    sides_table,
)
from benchmarks.sending_publication import Publication
from benchmarks.sending_sides import Letter, Own, Side, Task, Unrecorded, peers
from benchmarks.sink import free_port, sink
from cnddigest import clock
from cnddigest.delivery.dkim import Algorithm, generate

ROUNDS = 5
MANY = 100_000  # Deliveries: memory must be that of a fifth of them
MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How much is to be measured: Deliveries in a round, rounds after the first, and at which sizes memory."""

    count: int = 20_000
    rounds: int = ROUNDS
    sizes: Sequence[int] = (MANY,)


def wanted(rounds: int, *, quick: bool, full: bool) -> Wanted:
    """Return what the options of the command ask for."""
    if quick:
        return Wanted(count=2000, rounds=1, sizes=(5000,))
    return Wanted(rounds=rounds, sizes=(MANY, MOST) if full else (MANY,))


def run(asked: Wanted) -> int:
    """Check, measure, and print the tables; return 1 if a floor was missed in quiet rounds."""
    with tempfile.TemporaryDirectory(prefix="cnddigest-bench-") as work:
        bench = Bench(Path(work))
        sides = bench.checked(_installed([*bench.own(), *peers()]))
        print(_head(bench, sides))
        sent = bench.rounds(list(sides), asked)
        print(sides_table(sent))
        figures = [*compared(sent), *bench.memory(sent, asked), *bench.seals(asked), *bench.preparing(asked)]
    print()
    print(figures_table(figures))
    print(json.dumps(_wire(sides, sent, figures), ensure_ascii=False))
    return int(any(figure.verdict == "below" for figure in figures))


def _installed(sides: Sequence[Side]) -> dict[Side, str]:
    found = {}
    for side in sides:
        try:
            found[side] = side.version()
        except (OSError, RuntimeError) as error:
            print(f"left out: {side.name}: {error}", file=sys.stderr)
    return found


class Bench:
    """A folder with publications of several sizes, a letter, and a port for sinks."""

    def __init__(self, work: Path) -> None:
        self.work = work
        self.port = free_port()
        self.letter = Letter(folder=work / "letter")
        self.enrolled = cache(self._enrolled)
        self.published = cache(self._published)
        (work / "left").mkdir()

    def own(self) -> list[Side]:
        """Return our sides: as it is, with a seal, and without the account."""
        return [
            Own(name=OWN, published=self.published),
            Own(name=SEALED, published=self.published, pem=generate(Algorithm.RSA), share=0.5),
            Unrecorded(name=UNRECORDED, published=self.published),
        ]

    def _enrolled(self, count: int) -> Publication:
        """Make a publication with that many Subscribers and nothing released."""
        made = Publication(folder=self.work / f"enrolled-{count}")
        made.write(self.port)
        cost = made.enrol(count)
        print(f"imported {count:,} subscribers, {count / cost.wall:,.0f} a second", file=sys.stderr)
        return made

    def _published(self, count: int) -> Publication:
        made = self.enrolled(count).copied(self.work / f"published-{count}")
        made.publish()
        return made

    @contextmanager
    def _task(self, count: int, keep: Path | None = None) -> Iterator[Task]:
        """Let a sink of its own listen while something is sent."""
        left = self.work / "left"
        with sink(self.port, keep=keep) as server:
            yield Task(count=count, port=self.port, server=server, letter=self.letter, folder=left)

    # Before anything is timed

    def checked(self, sides: dict[Side, str]) -> dict[Side, str]:
        """Return the sides whose messages arrive as they should; ours first, for its message is the others' text.

        Raises RuntimeError where ours do not.
        """
        found = {}
        for side, version in sides.items():
            print(f"{COUNT} messages, checked: {side.name}", file=sys.stderr)
            try:
                self._check(side)
            except RuntimeError as error:
                if side.name == OWN:
                    raise
                print(f"left out: {side.name}: {error}", file=sys.stderr)
            else:
                found[side] = version
        return found

    def _check(self, side: Side) -> None:
        keep = self.work / "kept"
        try:
            with self._task(COUNT, keep) as task:
                side.send(task)
            if side.name == OWN:
                message = check(keep, COUNT, personal=True, sealed=False)
                self.letter.write(self.published(COUNT), message)
            elif side.name != "smtp-source":  # it sends to one person only
                theirs = None if side.name in (SEALED, UNRECORDED) or not side.personal else self.letter
                check(keep, COUNT, letter=theirs, personal=side.personal, sealed=side.name == SEALED)
        finally:
            shutil.rmtree(keep, ignore_errors=True)

    # What is timed

    def rounds(self, sides: Sequence[Side], asked: Wanted) -> list[Sent]:
        """Alternate the sides inside each round, so that a busy minute meets all of them; the first is thrown away."""
        sent = []
        for round_ in range(asked.rounds + 1):
            for side in sides:
                print(f"round {round_}: {side.name}", file=sys.stderr)
                sent.append(self._sent(side, round_, max(int(asked.count * side.share), 100)))
        return [one for one in sent if one.round_ > 0]

    def _sent(self, side: Side, round_: int, count: int) -> Sent:
        with self._task(count) as task:
            one = Sent(side=side.name, round_=round_, count=count, cost=side.send(task))
        print(json.dumps(_line(one)), file=sys.stderr)
        return one

    def memory(self, sent: Sequence[Sent], asked: Wanted) -> list[Figure]:
        """Return the highest peak of all sizes, and how much it is above that of a round's."""
        small = median(one.cost.peak_mb for one in sent if one.side == OWN)
        peaks = [small]
        side = Own(name=OWN, published=self.published)
        for size in asked.sizes:
            print(f"{size:,} deliveries", file=sys.stderr)
            one = self._sent(side, 0, size)
            print(f"\n{size:,} deliveries: peak {one.cost.peak_mb:.1f} MB, {one.rate:,.0f} messages/s")
            peaks.append(one.cost.peak_mb)
        name = f"{asked.count:,} … {asked.sizes[-1]:,} deliveries"
        growth = [max(peaks) / small - 1]
        return [
            Figure(name=f"peak memory, {name}", unit="MB", values=[max(peaks)], quiet=[True], target=PEAK, noisy=False),
            Figure(name=f"its growth, {name}", unit="%", values=growth, quiet=[True], target=GROWTH, noisy=False),
        ]

    def preparing(self, asked: Wanted) -> list[Figure]:
        """Return the persons a second that releasing a Part takes in: with all of them, less with nobody."""
        size = asked.sizes[0]
        if size < MANY:  # the difference would be noise
            return []
        rates, quiet = [], []
        for round_ in range(asked.rounds + 1):
            none, all_ = (self._released(count) for count in (0, size))
            if round_:
                rates.append(size / max(all_.wall - none.wall, 1e-3))
                quiet.append(none.quiet and all_.quiet)
        name = f"queueing {size:,} persons at the release"
        return [Figure(name=name, unit="persons/s", values=rates, quiet=quiet, target=PREPARING)]

    def _released(self, count: int) -> Cost:
        return self.enrolled(count).copied(self.work / "released").publish()

    def seals(self, asked: Wanted) -> list[Figure]:
        """Return what messages with a seal take beside the bare signature, in one process."""
        costs = sending_seal.seal_costs(self.published(COUNT), asked.rounds)
        figures = []
        for algorithm, name, target in ((Algorithm.RSA, "RSA-2048", SEAL), (Algorithm.ED25519, "Ed25519", None)):
            found = list(sending_seal.of(costs, algorithm))
            quiet = [one.quiet for one in found]
            whole, raw = (median(values) for values in zip(*((one.whole, one.raw) for one in found), strict=True))
            print(f"message with {name} seal: {whole:.0f} µs, {raw:.0f} of them the bare signature")
            title = f"message with {name} seal against the bare signature"
            ratios = [one.ratio for one in found]
            figures.append(Figure(name=title, unit="×", values=ratios, quiet=quiet, target=target))
        return figures


def _head(bench: Bench, sides: dict[Side, str]) -> str:
    ours = (SEALED, UNRECORDED)
    named = {side.name: version.removeprefix(side.name).strip() for side, version in sides.items()}
    versions = ", ".join(f"{name} {version}" for name, version in named.items() if name not in ours)
    return (
        f"{clock.now().date().isoformat()}, {described()}; message of {bench.letter.size:,} octets; "
        f"fdatasync {fdatasync(bench.work) * 1000:.2f} ms; {versions}\n"
    )


def _line(one: Sent) -> dict[str, object]:
    return {
        "case": "deliver",
        "side": one.side,
        "round": one.round_,
        "n": one.count,
        "wall": round(one.cost.wall, 3),
        "cpu": round(one.cost.cpu, 3),
        "sink": round(one.cost.served, 3),
        "peak_mb": round(one.cost.peak_mb, 1),
        "others": round(one.cost.others, 2),
    }


def _wire(sides: dict[Side, str], sent: Sequence[Sent], figures: Sequence[Figure]) -> dict[str, object]:
    """Return the JSON line of the whole run."""
    names = {one.side for one in sent}
    return {
        "case": "deliver",
        "date": clock.now().date().isoformat(),
        "machine": described(),
        "versions": {side.name: version for side, version in sides.items()},
        "rates": {name: round(median(one.rate for one in sent if one.side == name), 1) for name in sorted(names)},
        "figures": {figure.name: figure.wire() for figure in figures},
    }
