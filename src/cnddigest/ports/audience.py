"""What the verbs need of the audience: who listens, with whose consent, and whom never to mail."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from cnddigest.audience.consent import Consent
from cnddigest.audience.enrolment import Enrolled, Enrolment, Listener
from cnddigest.audience.model import Ended, Subscription, Suppression
from cnddigest.audience.replay import Advanced, Turn
from cnddigest.audience.suppression import Fact, Lifted, Ruling


class Audience(Protocol):
    """Subscribers, Subscriptions and Suppressions. Each method is one transaction.

    Raises RecordBusy when another process holds the record too long, BadRecord or WorkFailed when it can't be used.
    """

    def enrol(self, entries: Iterable[Enrolment], *, now: dt.datetime) -> list[Enrolled]:
        """Take people in, all of them or none; what is known already is merged, and nobody who left comes back."""
        ...

    def ask(self, number: int, *, now: dt.datetime) -> bool:
        """Queue a message that asks a pending Subscription's person to confirm, unless one waits already.

        Who is active is told so instead. Returns False when there is none such, the address was asked as often as it
        may be, or its Suppression lasts.
        """
        ...

    def ask_all(self, numbers: Iterable[int], *, now: dt.datetime) -> int:
        """Do the same for several at once; return how many are asked."""
        ...

    def confirm(self, number: int, consent: Consent) -> Listener | None:
        """Make a pending Subscription active, and lift the Suppression of its address; None when there is none.

        One that has ended stays so, and so does one whose address was suppressed after it was asked, or lastingly.
        """
        ...

    def end(self, number: int, reason: Ended) -> Listener | None:
        """End a Subscription; one that had ended keeps its reason. None when there is none."""
        ...

    def remove(self, key: str) -> bool:
        """Forget a person; Suppression and account stay. Returns False for a stranger."""
        ...

    def erase(self, key: str, *, address: str, hashed: str, now: dt.datetime) -> bool:
        """Forget a person in every byte of the record; a Suppression stays under `hashed`. False for a stranger."""
        ...

    def expire(self, *, now: dt.datetime) -> int:
        """End what was not confirmed in time; return how many."""
        ...

    def change(
        self, number: int, changed: Callable[[Subscription], Subscription], *, now: dt.datetime
    ) -> Listener | None:
        """Change a Subscription, and queue the Issue of each Part that its run brings by that. None when there is none.

        Nobody else changes it meanwhile; what `changed` raises passes, and nothing has happened.
        """
        ...

    def turns(self, *, now: dt.datetime, count: int) -> list[Turn]:
        """Return at most `count` Replays that are to be looked at by now, those that wait longest first."""
        ...

    def advance(self, advanced: Iterable[Advanced], *, now: dt.datetime) -> int:
        """Keep how far Replays have come, and queue the Issue of each Part that goes out: both or neither.

        Each Part of a run is queued once, whoever tries. Returns how many brought a Part.
        """
        ...

    def next_turn(self) -> dt.datetime | None:
        """Return when a Replay is to be looked at next, None when none is."""
        ...

    def suppression(self, key: str) -> Suppression | None:
        """Return the standing order not to mail an address."""
        ...

    def suppress(self, keys: Iterable[str], *, reason: str, now: dt.datetime) -> int:
        """Order that these are never mailed; return how many had no such order yet."""
        ...

    def lift(self, keys: Iterable[str], *, why: str, now: dt.datetime) -> list[Suppression]:
        """Take standing orders back, and return them; what led to them counts no more, also if it is read again."""
        ...

    def lifted(self, key: str) -> list[Lifted]:
        """Return the orders about an address that were taken back, oldest first."""
        ...

    def note_bounce(self, key: str, fact: Fact, *, digest: str, ends: Iterable[int], now: dt.datetime) -> Ruling | None:
        """Keep a fact about returned mail and do what follows of all there are, both or neither.

        Where an address is suppressed for it, the Subscriptions `ends` end. None when that very message was read
        before: then nothing follows, whatever became of the address since.
        """
        ...

    def bounces(self, key: str) -> list[Fact]:
        """Return what is kept about returned mail of an address, oldest first."""
        ...

    def person(self, key: str) -> list[Listener]:
        """Return all of one person's Subscriptions, by Serial."""
        ...

    def listener(self, number: int) -> Listener | None:
        """Return a Subscription by its number."""
        ...

    def listeners(self, serial: str | None = None) -> Iterator[Listener]:
        """Yield everybody, in the order in which they came."""
        ...

    def suppressions(self) -> Iterator[Suppression]:
        """Yield every standing order."""
        ...

    def erased_suppressions(self) -> list[Suppression]:
        """Return the orders that outlived an erased person."""
        ...

    def fingerprints(self) -> frozenset[str]:
        """Return those of every secret that was ever used with this record."""
        ...

    def remember_secrets(self, fingerprints: Iterable[str]) -> None:
        """Keep those of the secrets in use."""
        ...

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return by Serial how many Subscriptions have each status; `replays` those with their own run."""
        ...

    def close(self) -> None:
        """Give the record back."""
        ...
