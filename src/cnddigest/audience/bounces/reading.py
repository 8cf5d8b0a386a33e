"""One returned message to facts: what it says, of whom, and since when."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from cnddigest.audience.bounces.dialects import daemon, spoken, vacation
from cnddigest.audience.bounces.mime import Piece, pieces
from cnddigest.audience.bounces.model import Bounce, Kind, Verdict
from cnddigest.audience.bounces.names import named, returned_id
from cnddigest.audience.bounces.reports import MOST_RECIPIENTS, Said, reported, statuses_in
from cnddigest.audience.tokens import Tokens

LONGEST_DIAGNOSTIC = 500  # characters that are kept
LONGEST_RECIPIENT = 320
LONGEST_DATE = 100
LONGEST_SUBJECT = 500

# What is graver for the person comes first.
GRAVITY = (Kind.COMPLAINT, Kind.HARD, Kind.SOFT, Kind.IGNORED, Kind.UNKNOWN)


def read(data: bytes, tokens: Tokens) -> tuple[Bounce, ...]:
    """Return what a returned message says; at least one Bounce, of kind `unknown` where nothing is understood.

    Of a message that names somebody, one Bounce comes back: a report has several recipients then because the address
    leads to several mailboxes, and while one of them was reached, nothing is said against the person. A message that
    names nobody gives one Bounce for each recipient. Never fails, looks at no more than `mime.LONGEST` octets, and
    takes time in proportion to them.
    """
    found = pieces(data)
    said = _said(found)
    name = named(found, tokens)
    first = found[0] if found else Piece(kind="")
    known = Bounce(
        verdict=Verdict(kind=Kind.UNKNOWN),
        name=name,
        message_id=returned_id(found),
        returned_at=_moment(first.get("date")),
        digest=hashlib.sha256(data.replace(b"\r", b"")).hexdigest(),
    )
    told = (_about_one(said),) if name else said
    return tuple(_bounce(known, count, one) for count, one in enumerate(told))


def _bounce(known: Bounce, count: int, said: Said) -> Bounce:
    return replace(
        known,
        verdict=said.verdict,
        recipient=one_line(said.recipient)[:LONGEST_RECIPIENT],
        diagnostic=one_line(said.diagnostic)[:LONGEST_DIAGNOSTIC],
        digest=f"{known.digest}-{count}" if count else known.digest,
    )


def _said(found: Sequence[Piece]) -> tuple[Said, ...]:
    return reported(found) or _quoted(found) or _told(found) or (Said(verdict=Verdict(kind=Kind.UNKNOWN)),)


def _quoted(found: Sequence[Piece]) -> tuple[Said, ...]:
    """Return what a report says that somebody forwarded as text; what is returned itself (depth 1) is no report."""
    texts = (piece.text() for piece in found if piece.depth == 0 and piece.kind == "text/plain")
    return tuple(said for text in texts if "Recipient:" in text for said in statuses_in(text))[:MOST_RECIPIENTS]


def _told(found: Sequence[Piece]) -> tuple[Said, ...]:
    """Return what a text for people says, whether a mail program wrote it or one that answers for a person."""
    for head in (piece for piece in found if piece.head):
        away = vacation(head, _subject(head))
        said = spoken(head, found) if daemon(head) or not away else ()
        if said or away:
            return said or (Said(verdict=Verdict(kind=Kind.IGNORED), diagnostic="automatic reply"),)
        if head.depth or not _forwarded(head, found):
            return ()
    return ()


def _forwarded(head: Piece, found: Sequence[Piece]) -> bool:
    """Say whether what a message has inside was written by a mail program: then somebody forwarded a Bounce."""
    return any(piece.head and piece.depth == head.depth + 1 and daemon(piece) for piece in found)


def _about_one(said: Sequence[Said]) -> Said:
    arrived = next((one for one in said if one.arrived), None)
    return arrived or min(said, key=lambda one: GRAVITY.index(one.verdict.kind))


def _subject(head: Piece) -> str:
    from email.errors import HeaderParseError
    from email.header import decode_header, make_header

    subject = head.get("subject")[:LONGEST_SUBJECT]
    with suppress(HeaderParseError, LookupError, ValueError):
        return str(make_header(decode_header(subject)))
    return subject


def _moment(date: str) -> dt.datetime | None:
    from email.utils import parsedate_to_datetime

    with suppress(ValueError, TypeError, OverflowError, IndexError):
        found = parsedate_to_datetime(date[:LONGEST_DATE])
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    return None


def one_line(text: str) -> str:
    """Return text that any terminal and any log takes."""
    text = text[: 4 * LONGEST_DIAGNOSTIC]
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
