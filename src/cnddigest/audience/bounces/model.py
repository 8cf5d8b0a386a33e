"""What a message to our bounce address says: a Bounce, a Complaint, or nothing that matters."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What it means for the person."""

    HARD = "hard"  # there is no such mailbox
    SOFT = "soft"  # given up for another reason: a full mailbox, a host that never answered
    COMPLAINT = "complaint"  # the person called it spam
    IGNORED = "ignored"  # understood, and says nothing against the person: delays, vacations, our own faults
    UNKNOWN = "unknown"  # not understood: somebody should look


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a refusal means.

    `code` is RFC 3463's `5.1.1`, or SMTP's `550` where the far side said no more, or `""`. `ours` says that our mail
    or our standing was refused, not the person: the publisher should hear of it.
    """

    kind: Kind
    code: str = ""
    ours: bool = False

    @property
    def came_back(self) -> bool:
        """Say whether the message was not delivered, and will not be."""
        return self.ours or self.kind in {Kind.HARD, Kind.SOFT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Whom a token of ours names; `issue` is None where the token was a link's, which names a Subscription only."""

    subscription: int
    issue: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """One fact from one returned message.

    `name` is None without a valid token: then nothing may happen to anybody, whatever `recipient` says, for anyone can
    write that; unless it is `vouched` for by whoever sent our message, and proved to be that. `message_id` is the
    returned message's, with its brackets, or `""`. `diagnostic` is the far side's words on one line. `returned_at` is
    the Date that the message claims. `digest` is equal when the same message is read twice.
    """

    verdict: Verdict
    name: Name | None = None
    recipient: str = ""
    message_id: str = ""
    diagnostic: str = ""
    returned_at: dt.datetime | None = None
    digest: str
    vouched: bool = False
