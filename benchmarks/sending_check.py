"""What must hold before anything is timed: every message arrives whole, at each of the audience once."""

import email
import email.policy
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from benchmarks.sending_publication import address
from benchmarks.sending_sides import LINK, Letter
from benchmarks.sink import Taken, taken

COUNT = 300


class Wrong(RuntimeError):
    """What arrived is not what was to be sent."""


def check(folder: Path, count: int, *, letter: Letter | None = None, personal: bool, sealed: bool) -> bytes:
    """Return one of the messages that a sink kept; raises Wrong.

    `letter` has the texts that all must have, None compares them with nothing; `personal` messages name their reader
    in the header, and link to nobody else's page; `sealed` ones have a DKIM-Signature.
    """
    found = list(taken(folder))
    arrived = Counter(one.recipient for one in found)
    wanted = Counter(address(n) for n in range(1, count + 1))
    if arrived != wanted:
        raise Wrong(f"{len(found)} messages arrived for {len(arrived)} persons, not one each for {count}")
    links = Counter(_link(_parsed(one, personal=personal, sealed=sealed), letter) for one in found)
    if personal and (len(links) != count or max(links.values()) > 1):
        raise Wrong(f"{len(links)} links for {count} persons")
    return found[0].octets


def _parsed(one: Taken, *, personal: bool, sealed: bool) -> EmailMessage:
    message = email.message_from_bytes(one.octets.replace(b"\n", b"\r\n"), policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise Wrong("no message")
    for part in message.walk():
        part.get_payload(decode=True)  # what is wrong with base64 shows when it is read
    defects = [defect for part in message.walk() for defect in part.defects]
    if defects:
        raise Wrong(f"message has a defect: {defects[0]!r}")
    if personal and message["To"] != one.recipient:
        raise Wrong(f"message for {one.recipient} says it is for {message['To']}")
    if sealed != ("DKIM-Signature" in message):
        raise Wrong(f"message is{' not' if sealed else ''} sealed")
    return message


def _link(message: EmailMessage, letter: Letter | None) -> str:
    """Return the address by which this reader leaves: the same in the header and in both parts."""
    link = str(message["List-Unsubscribe"]).partition("<")[2].partition(">")[0]
    for kind, name in (("plain", "issue.txt"), ("html", "issue.html")):
        part = message.get_body((kind,))
        text = part.get_content() if isinstance(part, EmailMessage) else ""
        if text.count(link) != 1:
            raise Wrong(f"link is {text.count(link)} times in text/{kind}")
        if letter and _words(text) != _words((letter.folder / name).read_text("utf-8").replace(LINK, link)):
            raise Wrong(f"text/{kind} is another one")
    return link


def _words(text: str) -> list[str]:
    return text.split()
