"""Reports that programs write for programs: delivery status (RFC 3464, RFC 6533) and complaints (RFC 5965)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnddigest.audience.bounces.mime import Piece
from cnddigest.audience.bounces.model import Kind, Verdict
from cnddigest.audience.bounces.verdicts import verdict

STATUS_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
FEEDBACK = "message/feedback-report"
RECEIPTS = frozenset({"message/disposition-notification", "message/global-disposition-notification"})
# RFC 5965 7.3, and two that were in use before it; `not-spam` is the opposite.
COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
OLD_JMRP = "x-hmxmroriginalrecipient"  # Hotmail's complaints before they were ARF: only this field tells

MOST_RECIPIENTS = 100
LONGEST_VALUE = 2000  # characters of a field
_FIELD = re.compile(r"[ \t>]{0,20}([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:(.*)", re.DOTALL)
_STATUS = re.compile(r"\D{0,9}([245]\.\d{1,3}\.\d{1,3})(?!\d)", re.ASCII)
_STARTS = frozenset({"original-recipient", "final-recipient", "action", "status"})  # one of each per recipient
_OF_CLASS = {"2": "delivered", "4": "delayed", "5": "failed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a message says of one recipient, whoever that is."""

    verdict: Verdict
    recipient: str = ""
    diagnostic: str = ""
    action: str = ""

    @property
    def arrived(self) -> bool:
        """Say whether the message reached somebody."""
        return self.action in {"delivered", "relayed", "expanded"}


def reported(pieces: Sequence[Piece]) -> tuple[Said, ...]:
    """Return what the machine-readable parts say; nothing where there is none."""
    statuses = [piece for piece in pieces if piece.kind in STATUS_KINDS]
    said = tuple(said for piece in statuses for said in statuses_in(piece.text()))[:MOST_RECIPIENTS]
    return said or tuple(_complaints(pieces)) or tuple(_receipts(pieces))


def statuses_in(text: str) -> Iterator[Said]:
    """Yield what each block of fields says; blocks may be quoted, or lack the empty line between them."""
    for block in _blocks(text):
        found = _STATUS.match(block.get("status", ""))
        status = found[1] if found else ""
        action = block.get("action", "").lower().partition(" ")[0] or _OF_CLASS.get(status[:1], "")
        if action and ("status" in block or "final-recipient" in block):
            who = block.get("original-recipient") or block.get("final-recipient", "")
            words = _value(block.get("diagnostic-code", ""))
            yield Said(verdict=verdict(action, status, words), recipient=_mailbox(who), diagnostic=words, action=action)


def _blocks(text: str) -> Iterator[dict[str, str]]:
    block: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        found = _FIELD.match(line)
        blank = not line.strip(" \t\r>")
        folded = line[:1] in (" ", "\t") and not blank
        name = found[1].lower() if found and not folded else ""
        if blank or (name in _STARTS and name in block):
            yield block
            block, last = {}, ""
        if folded and last:
            block[last] = f"{block[last]} {line.strip()}"[:LONGEST_VALUE]
        elif found and name:
            last = name
            block.setdefault(name, found[2].strip()[:LONGEST_VALUE])
    yield block


def _complaints(pieces: Sequence[Piece]) -> Iterator[Said]:
    for piece in pieces:
        if piece.kind == FEEDBACK:
            block = {name: value for found in _blocks(piece.text()) for name, value in found.items()}
            kind = block.get("feedback-type", "").lower().partition(";")[0].strip()
            who = block.get("original-rcpt-to") or block.get("final-recipient", "")
            yield Said(
                verdict=Verdict(kind=Kind.COMPLAINT if kind in COMPLAINTS else Kind.IGNORED),
                recipient=_mailbox(who),
                diagnostic=kind,
            )
            return
    if any(piece.head and piece.get(OLD_JMRP) for piece in pieces):
        yield Said(verdict=Verdict(kind=Kind.COMPLAINT), diagnostic="abuse")


def _receipts(pieces: Sequence[Piece]) -> Iterator[Said]:
    """Yield one thing to ignore: somebody's program tells that it was read, or deleted (RFC 8098)."""
    if any(piece.kind in RECEIPTS for piece in pieces):
        yield Said(verdict=Verdict(kind=Kind.IGNORED), diagnostic="disposition notification")


def _value(field: str) -> str:
    """Return a field's value without its type, as in `smtp; 550 …`."""
    kind, semicolon, rest = field.partition(";")
    return (rest if semicolon and kind.strip().replace("-", "").isalnum() else field).strip()


def _mailbox(field: str) -> str:
    return _value(field).strip(" <>\t").partition(" ")[0]
