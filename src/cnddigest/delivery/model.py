"""A Delivery and its states, and what came of one try to hand a message over.

queued ──claim──> claimed ──begin──> sending ──250──> sent ──hard bounce──> bounced
  ^  ^               │                  ├──4yz──> deferred ──claim──> …
  │  └─lease ended───┘                  ├──5yz──> failed
  └─────────the relay's fault───────────┤
                                        └──silence, lease ended──> deferred or in_doubt
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a Delivery stands."""

    QUEUED = "queued"  # nothing has left yet, or nothing that the far side took up
    CLAIMED = "claimed"  # taken by a process under a lease, not begun: shown as queued
    SENDING = "sending"  # begun: from now on a crash leaves it in doubt
    DEFERRED = "deferred"  # the far side said later, or nothing that could be believed: due again at `due_at`
    SENT = "sent"  # the far side took it
    BOUNCED = "bounced"  # the far side took it, and sent it back for good
    FAILED = "failed"  # the far side said never, or later until we gave up
    SUPPRESSED = "suppressed"  # not mailed: suppressed or unsubscribed before its turn
    IN_DOUBT = "in_doubt"  # begun, fate unknown, and the publisher wants to decide


# Every move a Delivery may make; the record has the same as a trigger.
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.CLAIMED, Status.SUPPRESSED}),
    Status.CLAIMED: frozenset(
        {Status.QUEUED, Status.DEFERRED, Status.SENDING, Status.FAILED, Status.SUPPRESSED, Status.IN_DOUBT},
    ),
    Status.SENDING: frozenset(
        {Status.QUEUED, Status.DEFERRED, Status.SENT, Status.FAILED, Status.IN_DOUBT},
    ),
    Status.DEFERRED: frozenset({Status.CLAIMED, Status.QUEUED, Status.FAILED, Status.SUPPRESSED}),
    Status.SENT: frozenset({Status.BOUNCED, Status.QUEUED}),
    Status.BOUNCED: frozenset({Status.QUEUED}),
    Status.FAILED: frozenset({Status.QUEUED, Status.BOUNCED}),
    Status.SUPPRESSED: frozenset(),
    Status.IN_DOUBT: frozenset({Status.QUEUED, Status.SENT, Status.BOUNCED}),
}


class Stage(StrEnum):
    """What the far side was answering when it said something, or fell silent."""

    CONNECT = "connect"  # its greeting
    HELLO = "hello"  # EHLO, HELO
    TLS = "tls"  # STARTTLS and the handshake
    AUTH = "auth"
    SENDER = "sender"  # MAIL
    RECIPIENT = "recipient"  # RCPT
    DATA = "data"
    BODY = "body"  # while the text was on its way, before the final dot had left
    DOT = "dot"  # the final dot has left, or may have


class Fate(StrEnum):
    """What a try means for the Delivery."""

    SENT = "sent"  # taken
    LATER = "later"  # transient, about this message and this person
    NEVER = "never"  # permanent, about this person
    RELAY = "relay"  # about us and the relay: nothing left, no Attempt is counted
    CONTENT = "content"  # permanent, about the text: the next person would hear the same
    DOUBT = "doubt"  # the dot left, and no answer came


CONFIRM, KNOWN = "confirm", "known"  # the runs of messages about a Subscription: to who is asked, to who is subscribed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The far side's words: `code` is 0 when it said nothing; `enhanced` is RFC 3463's `5.1.1`, or `""`.

    `text` is one line without control characters, cut to 500 characters.
    """

    code: int = 0
    enhanced: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Names a Delivery in the record: one Issue to one Subscription."""

    issue: int
    subscription: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A message ready to leave.

    `sender` and `recipient` are ASCII addresses without brackets, as they stand in MAIL and RCPT. `segments` joined
    are the message: CRLF throughout and at the end, and no line begins with a dot.
    """

    key: Key
    sender: str
    recipient: str
    message_id: str
    segments: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try: whom it was for, what the far side said at which stage, and what that means."""

    key: Key
    stage: Stage
    fate: Fate
    reply: Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueName:
    """What an Issue is: a Part's, or the message that asks one person to confirm (`part` None)."""

    kind: str  # "issue" | "confirmation"
    serial: str
    run: str
    part: int | None
    queued_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A Delivery taken under a lease: what composing and sending it needs, and no more.

    `address` is frozen at the release; `name` and `language` are the Subscriber's as they are now. `attempts` are the
    counted tries since `since`, the moment from which "later" is believed.
    """

    key: Key
    issue: IssueName
    address: str
    name: str = ""
    language: str = ""
    attempts: int = 0
    since: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What the record keeps of an Attempt: the new status, and when the Delivery is due again if it waits.

    `counted` says whether the try counts as an Attempt, `doubted` whether nobody knows if the message arrived.
    """

    key: Key
    status: Status
    due_at: dt.datetime
    reply: str = ""
    counted: bool = True
    doubted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one claim took, in the order to send it, and how many it marked as suppressed."""

    taken: tuple[Claimed, ...] = ()
    suppressed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A Delivery in doubt, by person."""

    key: Key
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What came of claims whose lease ended: how many there were, and who is in doubt."""

    leases: int = 0
    doubtful: tuple[Doubtful, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """A Delivery as the account shows it; never `claimed`, and `in_doubt` from the moment its lease ended."""

    kind: str
    serial: str
    run: str
    part: int | None
    key: Key
    address: str
    status: Status
    attempts: int
    doubts: int
    at: dt.datetime
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which Deliveries somebody wants to see; None is any.

    `missed` are those neither sent nor suppressed, `doubted` those that were in doubt at some try, however they
    stand now: somebody may have got them twice, or before they were sent again.
    """

    serial: str | None = None
    part: int | None = None
    status: Status | None = None
    address: str | None = None
    missed: bool = False
    doubted: bool = False
    issues_only: bool = False
