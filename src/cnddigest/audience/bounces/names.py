"""Whom a returned message names: by a token of ours, and never by an address, which anyone can write."""

import re
from collections.abc import Iterator, Sequence

from cnddigest.audience.bounces.mime import LONGEST_TEXT, Piece
from cnddigest.audience.bounces.model import Name
from cnddigest.audience.tokens import Tokens

MOST_TOKENS = 100  # that are tried: each costs an HMAC
LONGEST_ID = 250

# Where a message says what it was addressed to; a report, whom it is about and who sent what it returns.
ADDRESSED = ("to", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "cc")
REPORTED = re.compile(
    r"^[ \t>]*(?:original-mail-from|final-recipient|original-recipient|x-original-message-sender|return-path|to)"
    r"[ \t]*:([^\n]{1,600})",
    re.IGNORECASE | re.MULTILINE,
)
RETURNED = ("return-path", "x-return-path", "errors-to", "sender", "x-envelope-from")
LINKED = ("list-unsubscribe",)

# The second ending is an SRS or BATV wrapper's, that writes the host behind a `=`.
_VERP = re.compile(r"\+([0-9A-Fa-f]{40})(?=[@=>\s]|$)", re.ASCII)
_LINK = re.compile(r"/unsubscribe/([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])", re.ASCII)
_ID = re.compile(r"<[^\s<>]{1,248}>")
_ID_LINE = re.compile(r"^[ \t>]*message-id[ \t]*:[ \t]*(<[^\s<>]{1,248}>)", re.IGNORECASE | re.MULTILINE)


def named(pieces: Sequence[Piece], tokens: Tokens) -> Name | None:
    """Return whom the first valid token names: of an envelope sender, else of a link in the returned message."""
    for count, token in enumerate(_envelope_tokens(pieces)):
        found = tokens.read_verp(token) if count < MOST_TOKENS else None
        if found:
            return Name(issue=found.issue, subscription=found.subscription)
    for count, token in enumerate(_link_tokens(pieces)):
        number = tokens.read("unsubscribe", token) if count < MOST_TOKENS else None
        if number is not None:
            return Name(subscription=number)
    return None


def named_in(texts: Sequence[str], tokens: Tokens) -> Name | None:
    """Return whom the first valid token in some texts names, where a program tells of a message in its own words."""
    written = [text[:LONGEST_TEXT] for text in texts]
    verps = [token for text in written for token in _VERP.findall(text)][:MOST_TOKENS]
    found = next((found for token in verps if (found := tokens.read_verp(token))), None)
    if found:
        return Name(issue=found.issue, subscription=found.subscription)
    links = [token for text in written for token in _LINK.findall(text)][:MOST_TOKENS]
    number = next((number for token in links if (number := tokens.read("unsubscribe", token)) is not None), None)
    return None if number is None else Name(subscription=number)


def returned_id(pieces: Sequence[Piece]) -> str:
    """Return the Message-ID of the innermost message that is returned, `""` without one."""
    inner = sorted((piece for piece in pieces if piece.head and piece.depth), key=lambda piece: -piece.depth)
    for piece in inner:
        found = _ID.search(piece.get("message-id"))
        if found:
            return found[0]
    lines = (_ID_LINE.search(piece.text()) for piece in pieces if piece.kind == "text/plain")
    return next((found[1] for found in lines if found), "")


def _envelope_tokens(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        for value in piece.all(*ADDRESSED, *RETURNED):
            yield from _VERP.findall(value)
    for piece in pieces:
        if piece.kind.startswith(("message/", "text/plain")):
            for line in REPORTED.finditer(piece.text()):
                yield from _VERP.findall(line[1])


def _link_tokens(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        for value in piece.all(*LINKED):
            yield from _LINK.findall(value)
    for piece in pieces:
        if piece.kind.startswith("text/"):
            yield from _LINK.findall(piece.text())
