"""What follows from an Attempt: done, never, or another try and when."""

import datetime as dt
from dataclasses import dataclass

from cnddigest.delivery.model import Attempt, Claimed, Fate, Settled, Stage, Status

# When "later" is tried again: greylisting lets go after minutes, a full disk after hours.
STEPS = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60, 120))
LAST_STEP = dt.timedelta(hours=4)
JITTER = 0.1  # of a step, added: a thousand readers of one host do not come back in the same second


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What the publisher wants: how long "later" is believed, and whether what is in doubt is held back."""

    retry_for: dt.timedelta = dt.timedelta(days=3)
    hold: bool = False


def settled(attempt: Attempt, claimed: Claimed, patience: Patience, *, now: dt.datetime, chance: float) -> Settled:
    """Return what the record keeps of an Attempt; `chance` is a random number from 0 to 1, for the jitter.

    A RELAY or CONTENT fate puts the Delivery back as it was: it is not about this person.
    """
    status, due_at = _status(attempt.fate, hold=patience.hold), now
    if status is Status.DEFERRED:
        due_at = now + step(claimed.attempts, chance)
        if due_at - claimed.since > patience.retry_for:
            status, due_at = (Status.IN_DOUBT if attempt.fate is Fate.DOUBT else Status.FAILED), now
    return Settled(
        key=attempt.key,
        status=status,
        due_at=due_at,
        reply=said(attempt),
        counted=status is not Status.QUEUED,
        doubted=attempt.fate is Fate.DOUBT,
    )


def _status(fate: Fate, *, hold: bool) -> Status:
    match fate:
        case Fate.SENT:
            return Status.SENT
        case Fate.NEVER:
            return Status.FAILED
        case Fate.LATER:
            return Status.DEFERRED
        case Fate.DOUBT:
            return Status.IN_DOUBT if hold else Status.DEFERRED
        case Fate.RELAY | Fate.CONTENT:
            return Status.QUEUED


def step(attempts: int, chance: float) -> dt.timedelta:
    """Return the wait after so many tries that came to nothing."""
    wait = STEPS[attempts] if attempts < len(STEPS) else LAST_STEP
    return wait * (1 + JITTER * chance)


def said(attempt: Attempt) -> str:
    """Return the far side's words on one line, `550 5.1.1 no such user`; whose silence it was, if it said nothing."""
    reply = attempt.reply
    if attempt.stage is Stage.BODY and not reply.code:
        return reply.text  # nobody was asked yet
    words = [str(reply.code) if reply.code else f"no answer to {attempt.stage}:", reply.enhanced, reply.text]
    return " ".join(filter(None, words))
