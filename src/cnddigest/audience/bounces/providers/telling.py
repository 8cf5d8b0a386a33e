"""From a Provider's Reports to Bounces: weighed by the same codes as returned mail, and told apart by their event."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from cnddigest.audience.bounces.model import Bounce, Kind, Verdict
from cnddigest.audience.bounces.names import named_in
from cnddigest.audience.bounces.providers.model import Posted, Report
from cnddigest.audience.bounces.reading import LONGEST_DIAGNOSTIC, LONGEST_RECIPIENT, one_line
from cnddigest.audience.bounces.verdicts import vague, verdict
from cnddigest.audience.tokens import Tokens

LONGEST_ID = 250


def reader(name: str, reports: Callable[[Posted], Iterable[Report]]) -> Callable[[Posted, Tokens], tuple[Bounce, ...]]:
    """Return how a Provider's requests become Bounces; each is vouched for, for the Provider sent the mail."""

    def read(posted: Posted, tokens: Tokens) -> tuple[Bounce, ...]:
        return tuple(_bounces(name, reports(posted), tokens))

    return read


def weighed(report: Report) -> Verdict:
    """Return what a Report means: the Provider's judgement, unless a code says that it is about us, or less grave."""
    if report.said in {Kind.COMPLAINT, Kind.IGNORED, Kind.UNKNOWN}:
        return Verdict(kind=report.said, ours=report.ours)
    found = verdict("failed", report.status, one_line(report.words))
    if found.ours or report.ours:
        return Verdict(kind=Kind.IGNORED, code=found.code, ours=True)
    unsaid = vague(found.code) and not found.code.startswith("4")
    grave = report.said is Kind.HARD and (found.kind is Kind.HARD or unsaid)
    return Verdict(kind=Kind.HARD if grave else Kind.SOFT, code=found.code)


def _bounces(name: str, reports: Iterable[Report], tokens: Tokens) -> Iterator[Bounce]:
    for report in reports:
        told = f"{name}\x00{report.event}\x00{report.recipient}".encode("utf-8", "replace")
        message_id = report.message_id.strip()[:LONGEST_ID].removeprefix("<").removesuffix(">")
        yield Bounce(
            verdict=weighed(report),
            name=named_in(report.traces, tokens),
            recipient=one_line(report.recipient)[:LONGEST_RECIPIENT],
            message_id=f"<{message_id}>" if message_id else "",
            diagnostic=one_line(report.words)[:LONGEST_DIAGNOSTIC],
            returned_at=report.at,
            digest=f"{name} {hashlib.sha256(told).hexdigest()}",
            vouched=True,
        )
