"""Tokens: what links, envelope senders and erased addresses are signed with, so that nothing needs to be stored.

in a link            6 octets number, 1 purpose, 1 form, 16 of HMAC-SHA256       base64url, 32 characters
to confirm           the same with 6 octets of expiry before the HMAC            base64url, 40 characters
to set the pace      the same with 2 octets lap and 4 of a Part's number         base64url, 40 characters
a schedule           1 form, `cndt2022|…` (audience.schedule), 16 of HMAC        base64url, 35 to 343 characters
in bounces+TOKEN@    4 octets issue, 5 subscription, 11 of HMAC-SHA256           hexadecimal, 40: case gets lost

The first secret signs, every one is believed: a new one is put before the old, and links that are out stay good.
"""

import base64
import datetime as dt
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cnddigest.audience import schedule
from cnddigest.audience.schedule import Schedule

Purpose = Literal[
    "unsubscribe",  # leaves at a POST; never expires, for an Issue is never too old to leave by
    "preferences",  # opens a person's own page; never expires
    "replay",  # a person's own feed; feed readers keep it for years
]

Wish = Literal[
    "next",  # the next Part now, once: while the Part it stands under is the last one
    "pause",  # nothing more until they say so; doing it twice changes nothing
    "slower",  # another pace; the page says which one before it is set
    "faster",
    "contents",  # their own calendar, to look at
]

SHORTEST_SECRET = 16  # octets: RFC 2104 asks for as much as the proof has
FORM = b"\x01"  # grows when what a token says is laid out anew
PURPOSES = {"unsubscribe": b"u", "preferences": b"p", "replay": b"r"}
CONFIRM = b"c"
CONTROLS: Mapping[Wish, bytes] = {"next": b"n", "pause": b"h", "slower": b"s", "faster": b"f", "contents": b"t"}

PROOF = 16  # octets: 128 bits can't be guessed
NUMBER = 6
EXPIRY = 6
LAP, PART = 2, 4  # together as long as EXPIRY
VERP_ISSUE, VERP_SUBSCRIPTION, VERP_PROOF = 4, 5, 11  # 88 bits: one guess is one mail to our own mailbox

LINK_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}(?:[A-Za-z0-9_-]{8})?")
SCHEDULE_TOKEN = re.compile(r"[A-Za-z0-9_-]{35,343}")
VERP_TOKEN = re.compile(r"(?:^|\+)([0-9a-f]{40})(?=@|$)", re.IGNORECASE | re.ASCII)
LONGEST_PATH = 320  # characters of an envelope sender that are looked at: 64 + @ + 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What a returned message's envelope sender names: one Issue to one Subscription."""

    issue: int
    subscription: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A wish about a person's own run, as a link states it: below which Part, and in which lap of the run."""

    wish: Wish
    subscription: int
    lap: int
    part: int


class Proof:
    """HMAC-SHA256 under one secret, which is worked in once: three are made for every message."""

    def __init__(self, secret: bytes) -> None:
        self._begun = hmac.new(secret, digestmod="sha256")

    def of(self, kind: bytes, said: bytes) -> bytes:
        """Return the proof; the kind keeps a token of one kind from being read as another's."""
        proof = self._begun.copy()
        proof.update(kind + b"\x00" + said)
        return proof.digest()


class Tokens:
    """Makes and reads tokens. What was tampered with, has expired or is garbage reads as None."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Take the secrets, newest first; raises ValueError where there is none, or a guessable one."""
        if not secrets or min(map(len, secrets)) < SHORTEST_SECRET:
            raise ValueError(f"a secret has at least {SHORTEST_SECRET} octets")
        self._proofs = tuple(map(Proof, secrets))

    def make(self, purpose: Purpose, subscription: int) -> str:
        """Return the token of a link that never expires."""
        return self._link(subscription.to_bytes(NUMBER, "big") + PURPOSES[purpose] + FORM)

    def read(self, purpose: Purpose, token: str) -> int | None:
        """Return the number of the Subscription that a link of this purpose names."""
        said = self._said(token, NUMBER + 2)
        return int.from_bytes(said[:NUMBER], "big") if said and said[NUMBER:] == PURPOSES[purpose] + FORM else None

    def whose(self, token: str) -> int | None:
        """Return the number of the Subscription that a link names, whatever it is for and however old it is."""
        said = self._checked(token)
        return int.from_bytes(said[:NUMBER], "big") if said else None

    def make_confirm(self, subscription: int, expires_at: dt.datetime) -> str:
        """Return the token of a link that confirms, until a moment (in whole seconds)."""
        until = int(expires_at.timestamp()).to_bytes(EXPIRY, "big")
        return self._link(subscription.to_bytes(NUMBER, "big") + CONFIRM + FORM + until)

    def read_confirm(self, token: str, now: dt.datetime) -> int | None:
        """Return the number of the Subscription that a link confirms."""
        said = self._said(token, NUMBER + 2 + EXPIRY)
        if not said or said[NUMBER:-EXPIRY] != CONFIRM + FORM:
            return None
        until = int.from_bytes(said[-EXPIRY:], "big")
        return int.from_bytes(said[:NUMBER], "big") if now.timestamp() < until else None

    def make_control(self, control: Control) -> str:
        """Return the token of a link that sets the pace; it never expires, and says where it stood."""
        said = control.subscription.to_bytes(NUMBER, "big") + CONTROLS[control.wish] + FORM
        return self._link(said + control.lap.to_bytes(LAP, "big") + control.part.to_bytes(PART, "big"))

    def read_control(self, token: str) -> Control | None:
        """Return what a link that sets the pace says."""
        said = self._said(token, NUMBER + 2 + LAP + PART)
        wishes = [wish for wish, sign in CONTROLS.items() if said and said[NUMBER : NUMBER + 2] == sign + FORM]
        if not said or not wishes:
            return None
        return Control(
            wish=wishes[0],
            subscription=int.from_bytes(said[:NUMBER], "big"),
            lap=int.from_bytes(said[NUMBER + 2 : -PART], "big"),
            part=int.from_bytes(said[-PART:], "big"),
        )

    def make_schedule(self, wanted: Schedule) -> str:
        """Return the token of a feed that nobody keeps: it says all itself. Raises ValueError for an endless one."""
        text = schedule.written(wanted)
        if schedule.read(text) is None:
            raise ValueError(f"not a schedule for an address: {text[:60]}")
        said = FORM + text.encode()
        return _unpadded(said + self._proofs[0].of(b"schedule", said)[:PROOF])

    def read_schedule(self, token: str) -> Schedule | None:
        """Return the schedule that a token says."""
        if not SCHEDULE_TOKEN.fullmatch(token) or len(token) % 4 == 1:
            return None
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        said, proof = raw[:-PROOF], raw[-PROOF:]
        # A last character has bits that say nothing: one feed has one address.
        if _unpadded(raw) != token or said[:1] != FORM or not self._proven(b"schedule", said, proof):
            return None
        return schedule.read(said[1:].decode("utf-8", "replace"))

    def make_verp(self, issue: int, subscription: int) -> str:
        """Return the token of an envelope sender."""
        said = issue.to_bytes(VERP_ISSUE, "big") + subscription.to_bytes(VERP_SUBSCRIPTION, "big")
        return (said + self._proofs[0].of(b"verp", said)[:VERP_PROOF]).hex()

    def read_verp(self, text: str) -> Returned | None:
        """Return what a token names; the whole address may be given, and wrapped (`prvs=…=bounces+TOKEN@…`, BATV)."""
        found = VERP_TOKEN.search(text) if len(text) <= LONGEST_PATH else None
        if not found:
            return None
        raw = bytes.fromhex(found[1])
        said, proof = raw[:-VERP_PROOF], raw[-VERP_PROOF:]
        if not self._proven(b"verp", said, proof):
            return None
        return Returned(
            issue=int.from_bytes(said[:VERP_ISSUE], "big"), subscription=int.from_bytes(said[VERP_ISSUE:], "big")
        )

    def erased(self, key: str) -> str:
        """Return what is kept of an erased person's address: a keyed hash of its normal form."""
        return self.erased_forms(key)[0]

    def erased_forms(self, key: str) -> tuple[str, ...]:
        """Return that hash under every secret: one of them may be in the record."""
        return tuple(f"hmac:{proof.of(b'erased', key.encode()).hex()}" for proof in self._proofs)

    def hidden(self, text: str) -> str:
        """Return a name for something that nobody who reads the record is to know: a network, an address."""
        return self._proofs[0].of(b"hidden", text.encode("utf-8", "surrogatepass"))[:PROOF].hex()

    def fingerprints(self) -> frozenset[str]:
        """Return by what each secret can be known again, and never found out."""
        return frozenset(proof.of(b"fingerprint", b"").hex() for proof in self._proofs)

    def _link(self, said: bytes) -> str:
        return base64.urlsafe_b64encode(said + self._proofs[0].of(b"link", said)[:PROOF]).decode()

    def _said(self, token: str, size: int) -> bytes | None:
        """Return what a link's token says, of so many octets, if we said it."""
        said = self._checked(token)
        return said if said and len(said) == size else None

    def _checked(self, token: str) -> bytes | None:
        if not LINK_TOKEN.fullmatch(token):
            return None
        raw = base64.urlsafe_b64decode(token)
        said, proof = raw[:-PROOF], raw[-PROOF:]
        return said if self._proven(b"link", said, proof) else None

    def _proven(self, kind: bytes, said: bytes, proof: bytes) -> bool:
        return any(hmac.compare_digest(each.of(kind, said)[: len(proof)], proof) for each in self._proofs)


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
