"""What a DKIM seal costs, message by message, beside the bare signature that it holds."""

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.machine import QUIET, busy
from benchmarks.sending_publication import Publication, address
from cnddigest import wiring
from cnddigest.config import load
from cnddigest.delivery.dkim import Algorithm, PrivateKey, Sealer, Signer, generate, load_key
from cnddigest.delivery.letter import Letter
from cnddigest.delivery.message import Person, message

EACH = 300  # messages in a round
AT = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
DIGEST = hashlib.sha256(b"digest").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealCost:
    """Microseconds for a message in one round: the bare signature, and all of the message with its seal."""

    algorithm: Algorithm
    raw: float
    whole: float
    quiet: bool

    @property
    def ratio(self) -> float:
        """Return how many bare signatures a sealed message takes."""
        return self.whole / self.raw


def seal_costs(published: Publication, rounds: int) -> list[SealCost]:
    """Measure each algorithm, one round more than asked for: the first is thrown away."""
    settings = load(str(published.folder / "cnddigest.toml"), {})
    with wiring.open_publication(settings) as opened:
        office = opened.office
        letter = office.sending.letters().of(1, office.ledger.issue(1)).letter
    keys = {algorithm: load_key(generate(algorithm), "dkim.pem") for algorithm in Algorithm}
    found = [_round(algorithm, key, letter) for _ in range(rounds + 1) for algorithm, key in keys.items()]
    return found[len(keys) :]


def _round(algorithm: Algorithm, key: PrivateKey, letter: Letter) -> SealCost:
    sealer = Sealer(signers=(Signer(domain="recaps.example.org", selector="s1", key=key),))
    used, start, cpu = busy(), time.perf_counter(), time.process_time()
    raw = _timed(lambda _: key.sign(DIGEST))
    whole = _timed(lambda n: _sealed(letter, sealer, n))
    wall, own = time.perf_counter() - start, time.process_time() - cpu
    return SealCost(algorithm=algorithm, raw=raw, whole=whole, quiet=(busy() - used - own) / wall < QUIET)


def _timed(work: Callable[[int], object]) -> float:
    start = time.perf_counter()
    for number in range(EACH):
        work(number)
    return (time.perf_counter() - start) / EACH * 1e6


def _sealed(letter: Letter, sealer: Sealer, number: int) -> tuple[bytes, ...]:
    made = message(letter, _person(number))
    return made.segments(*sealer.seals(made, at=AT))


def _person(number: int) -> Person:
    return Person(
        address=address(number),
        message_id=f"<{number:032d}@recaps.example.org>",
        sent_at=AT,
        unsubscribe_url=f"https://recaps.example.org/unsubscribe/{number:032d}",
        preferences_url=f"https://recaps.example.org/preferences/{number:032d}",
    )


def of(costs: list[SealCost], algorithm: Algorithm) -> Iterator[SealCost]:
    """Yield the rounds of one algorithm."""
    return (cost for cost in costs if cost.algorithm is algorithm)
