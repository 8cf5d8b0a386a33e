"""Returned mail that is written for people only: qmail's, Exim's, a carrier's; the home of flufl.bounce."""

import re
from collections.abc import Iterator, Sequence

from cnddigest.audience.bounces.mime import Piece
from cnddigest.audience.bounces.reports import Said
from cnddigest.audience.bounces.verdicts import code_in, failing, verdict, waiting

LONGEST_TEXT = 16_000  # characters: flufl.bounce asks some seventy patterns about each line
LONGEST_LINE = 240
MOST_RECIPIENTS = 20
ANYBODY = "mailer-daemon@localhost"  # where a message has no sender, or a senseless one: flufl.bounce needs one

# Who returns mail: RFC 5321 4.5.1's postmaster, and what programs call themselves.
_DAEMON = re.compile(
    r"mailer-?daemon|mail-?daemon|postmaster|mdaemon|mail ?delivery|microsoft exchange|system administrator",
    re.IGNORECASE,
)
_EMPTY_PATH = re.compile(r"\s*<\s*>\s*")
_ADDRESS = re.compile(r"[\w.+=/?-]{1,64}@[A-Za-z0-9.-]{1,255}", re.ASCII)
# Where the text that is returned begins: it would speak for itself.
_COPY = re.compile(
    r"^[ \t>]*(?:-{2,}[^\n]{0,60}(?:below this line|original message|a copy of|returned|unsent|transcript of the mail"
    r"|元の|オリジナル|送信された)|-{3,}[^\n]{0,20}this is a copy"
    r"|(?:received|message-id|return-path|mime-version|list-unsubscribe|dkim-signature):)",
    re.IGNORECASE | re.MULTILINE,
)
_VACATION = re.compile(
    r"^(?:re: ?|fwd?: ?)?(?:automatic reply|auto(?:matic)?[- ]?(?:re(?:ply|sponse)|svar)|out of (?:the )?office|abwesen"
    r"|vacation|\W?(?:自動(?:応答|返信)|不在|休暇))",
    re.IGNORECASE,
)


def daemon(head: Piece) -> bool:
    """Say whether a mail program wrote this, by its own word; an empty Return-Path alone proves nothing."""
    if head.get("list-unsubscribe"):  # our own message, from a publisher who is postmaster
        return False
    return bool(_DAEMON.search(head.get("from")) or head.get("x-failed-recipients"))


def vacation(head: Piece, subject: str) -> bool:
    """Say whether a program answers for a person who is away (RFC 3834)."""
    automatic = head.get("auto-submitted").lower().startswith("auto-")
    marked = any(head.get(name) for name in ("x-autoreply", "x-autorespond", "x-autoresponse", "x-mail-autoreply"))
    precedence = head.get("precedence").lower() in {"auto_reply", "auto-reply"}
    return automatic or marked or precedence or bool(_VACATION.match(subject.strip()))


def spoken(head: Piece, pieces: Sequence[Piece]) -> tuple[Said, ...]:
    """Return what a mail program's text says, nothing where it can't be told or no mail program wrote it."""
    if not (daemon(head) or _EMPTY_PATH.fullmatch(head.get("return-path"))):
        return ()
    text = _told(head, pieces)
    delayed, failed = _addresses(head, text)
    if not failed and (delayed or (waiting(text) and not code_in(text).startswith("5"))):
        return tuple(_said("delayed", recipient, text) for recipient in sorted(delayed) or [""])
    if not failed and not failing(text):
        return ()
    listed = sorted(failed) or _listed(head, text) or [""]
    return tuple(_said("failed", recipient, words) for recipient, words in _parted(text, listed[:MOST_RECIPIENTS]))


def _said(action: str, recipient: str, words: str) -> Said:
    _, _, after = words.partition(recipient or "\n")  # what a program says of a recipient mostly follows the address
    shown = after.lstrip(">):; \n") if recipient else ""
    return Said(verdict=verdict(action, "", words), recipient=recipient, diagnostic=shown or words, action=action)


def _told(head: Piece, pieces: Sequence[Piece]) -> str:
    """Return the program's own words: the first text of this message, up to the copy of ours."""
    texts = [piece for piece in pieces if piece.depth == head.depth and piece.kind.startswith("text/") and piece.body]
    plain = [piece for piece in texts if piece.kind == "text/plain"] or texts
    if not plain:
        return ""
    text = plain[0].text()[:LONGEST_TEXT]
    copy = _COPY.search(text)
    text = text[: copy.start()] if copy else text
    return "\n".join(line[:LONGEST_LINE] for line in text.split("\n"))


def _addresses(head: Piece, text: str) -> tuple[set[str], set[str]]:
    """Return whose mail is late, and whose came back, as flufl.bounce knows the dialect."""
    from email.message import Message

    from flufl.bounce import all_failures

    message = Message()
    sender = _ADDRESS.findall(head.get("from"))[:1] or [ANYBODY]
    message["from"] = sender[0]
    for name in ("subject", "x-failed-recipients", "x-mailer"):
        if head.get(name):
            message[name] = _ascii(head.get(name))[:LONGEST_LINE]
    message.set_payload(_ascii(text) + "\n")
    try:
        delayed, failed = all_failures(message)
    except (LookupError, TypeError, ValueError, AttributeError):  # its heuristics are many, and one may stumble
        return set(), set()
    return set(map(_shown, delayed)), set(map(_shown, failed))


def _shown(address: bytes) -> str:
    return address.decode("ascii", "replace")


def _listed(head: Piece, text: str) -> list[str]:
    """Return the addresses in the field that Exim writes, else the first in the text."""
    listed = [address.strip(" <>") for address in head.get("x-failed-recipients").split(",") if "@" in address]
    return listed or _ADDRESS.findall(text)[:1]


def _parted(text: str, recipients: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each recipient with the words about them: all of them for a single one, else from the name to the next."""
    if len(recipients) == 1:
        yield recipients[0], text
        return
    starts = sorted((text.find(recipient) if recipient in text else len(text), recipient) for recipient in recipients)
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for (start, recipient), end in zip(starts, ends, strict=True):
        yield recipient, text[start:end]


def _ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")
