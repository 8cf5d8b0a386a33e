"""The message for one person: a Letter with that person's own fields and links put in."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from cnddigest.delivery.headers import fold, mailbox
from cnddigest.delivery.letter import CONFIRM, PREFERENCES, UNSUBSCRIBE, Letter
from cnddigest.rendering.imprint import PACE

LONGEST_LOCAL_PART = 64  # octets before the @: RFC 5321 section 4.5.3.1.1

# An address that needs no escape in HTML, in a header or in text.
SAFE_URL = re.compile(r"https?://[\w!#$%'()*+,./:;=?@~-]{1,900}", re.ASCII)
PLAIN_ADDRESS = re.compile(r"(?=.{1,254}\Z)[\w+-]+(?:\.[\w+-]+)*@[\w.-]+", re.ASCII)
SAFE_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,253}", re.ASCII)
SAFE_ID = re.compile(r"<[\w.+-]{1,64}@[\w.-]{1,253}>", re.ASCII)
LINKS = {name: f"{name}_url" for name in (UNSUBSCRIBE, PREFERENCES, CONFIRM, *PACE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is one person's own.

    `address` is ASCII, as it stands in RCPT. Of the links, an Issue needs `unsubscribe_url` and `preferences_url`, a
    Replay's also those of PACE, a confirmation `confirm_url`. Mail to `unsubscribe_address` unsubscribes too; `""`
    where nobody reads it.
    """

    address: str
    name: str = ""
    message_id: str
    sent_at: dt.datetime
    unsubscribe_url: str = ""
    preferences_url: str = ""
    confirm_url: str = ""
    next_url: str = ""
    pause_url: str = ""
    slower_url: str = ""
    faster_url: str = ""
    contents_url: str = ""
    unsubscribe_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The bytes for one person: header fields, each with its CRLF, and the body after the empty line.

    No line begins with a dot, and the body's own first piece is the same object for everyone.
    """

    fields: tuple[bytes, ...]
    body: tuple[bytes, ...]

    def segments(self, *seals: bytes) -> tuple[bytes, ...]:
        """Return all of it to be written one after the other, DKIM seals (fields with their CRLF) first."""
        return (b"".join((*seals, *self.fields, b"\r\n")), *self.body)


def message(letter: Letter, person: Person) -> Message:
    """Put one person's fields and links into a Letter: the same bytes for the same values.

    Raises ValueError for an address, a link or a Message-ID that could break out of its place.
    """
    links = {name: _checked(SAFE_URL, getattr(person, LINKS[name]), name) for name in letter.links}
    return Message(
        fields=(*_own_fields(letter, person, links), *letter.fields),
        body=tuple([piece if isinstance(piece, bytes) else piece.filled(links) for piece in letter.pieces]),
    )


def message_id(tag: str, run: str, part: int | None, subscription: int, host: str) -> str:
    """Return `<32 hexadecimal digits@host>`, the same for every Attempt, whatever the secret is by then."""
    named = "\x00".join((tag, run, "" if part is None else str(part), str(subscription)))
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:32]}@{host}>"


def return_path(bounces: str, token: str) -> str:
    """Return the envelope sender that names a Delivery when the message comes back: `bounces+TOKEN@example.org`."""
    local, _, domain = bounces.rpartition("@")
    personal = f"{local}+{token}"
    if len(personal) > LONGEST_LOCAL_PART:
        raise ValueError(f"too long for an envelope sender: {personal}")
    return f"{personal}@{domain}"


# What is one person's own


def _own_fields(letter: Letter, person: Person, links: Mapping[str, bytes]) -> Iterator[bytes]:
    yield _to(person)
    yield _date(int(person.sent_at.timestamp()), letter.timezone)
    yield b"Message-ID: %b\r\n" % _checked(SAFE_ID, person.message_id, "Message-ID")
    if letter.listed:
        yield from _unsubscribe_fields(links[UNSUBSCRIBE], person.unsubscribe_address)


def _to(person: Person) -> bytes:
    if not person.name and PLAIN_ADDRESS.fullmatch(person.address):
        return b"To: %b\r\n" % person.address.encode()
    return fold("To", mailbox(person.name, person.address))


def _unsubscribe_fields(url: bytes, address: str) -> Iterator[bytes]:
    """Yield what puts a button beside the Subject: RFC 2369, and one click by RFC 8058, which takes https only."""
    if address:
        mail = _checked(SAFE_ADDRESS, address, "unsubscribe address")
        yield b"List-Unsubscribe: <%b>,\r\n <mailto:%b?subject=unsubscribe>\r\n" % (url, mail)
    else:
        yield b"List-Unsubscribe: <%b>\r\n" % url
    if url.startswith(b"https:"):
        yield b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def _checked(pattern: re.Pattern[str], value: str, what: str) -> bytes:
    if not pattern.fullmatch(value):
        raise ValueError(f"can't stand in a message as {what}: {value!r:.100}")
    return value.encode("ascii")


@lru_cache(maxsize=8)
def _date(second: int, timezone: ZoneInfo) -> bytes:
    """Return the Date field of a POSIX second: thousands of messages leave in the same one."""
    return fold("Date", format_datetime(dt.datetime.fromtimestamp(second, timezone)))
