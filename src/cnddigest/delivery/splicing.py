"""A text as base64 that is made once for everyone, with gaps for what is each person's own.

fixed, blanks up to a whole line │ value, blanks up to a whole line │ fixed …

Base64 turns 57 octets into a line of 76 columns, so pieces of whole lines can be joined as they are. The blanks stand
where they mean nothing: inside a tag, or at the end of a line of text.
"""

import re
from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from cnddigest.errors import BadTemplate
from cnddigest.rendering.slots import SLOT

COLUMNS = 76
WHOLE_LINE = 57  # octets that base64 makes a line of 76 columns of: the most RFC 2045 section 6.8 allows
# A slot in markup is an attribute's value; before the attribute, and behind its closing quote, blanks are harmless.
ATTRIBUTE = re.compile(r'\s(?=[a-z][a-z-]*="\Z)')
LONGEST_ATTRIBUTE = 60  # characters of its name, and then some


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The place of a person's value; `ending` stands between the value and the blanks."""

    name: str
    ending: bytes

    def filled(self, value: bytes) -> bytes:
        """Return whole lines of base64 for a value."""
        return lines(padded(value + self.ending))


Piece: TypeAlias = bytes | Gap


def padded(octets: bytes) -> bytes:
    """Return the octets with blanks behind them, up to a whole line."""
    return octets + b" " * (-len(octets) % WHOLE_LINE)


def lines(octets: bytes) -> bytes:
    """Return base64 in lines of 76 columns, each with its CRLF."""
    encoded = b2a_base64(octets, newline=False)
    return b"".join([encoded[begin : begin + COLUMNS] + b"\r\n" for begin in range(0, len(encoded), COLUMNS)])


def cut_html(html: str) -> tuple[Piece, ...]:
    """Return a document in pieces; BadTemplate for a slot that is not the whole value of an attribute."""
    return tuple(_pieces(html, '"'))


def cut_text(text: str) -> tuple[Piece, ...]:
    """Return a text in pieces; BadTemplate for a slot that shares its line."""
    return tuple(_pieces(text, ""))


def _pieces(text: str, ending: str) -> Iterator[Piece]:
    """Yield what is fixed and what is not by turns; `ending` is what follows a slot before blanks are harmless."""
    first, *rest = SLOT.split(text.replace("\r\n", "\n").replace("\n", "\r\n"))
    for name, after in zip(rest[::2], rest[1::2], strict=True):
        place = _place_in_tag(first) if ending else _place_in_text(first)
        if place is None or not (after.startswith(ending or "\r\n") or ending == after):
            _refuse(name)
        yield lines(_widened(first, place))
        yield Gap(name=name, ending=ending.encode())
        first = after.removeprefix(ending)
    yield lines(first.encode())


def _place_in_tag(before: str) -> int | None:
    """Return where blanks are harmless before a slot in markup: before its attribute."""
    found = ATTRIBUTE.search(before, max(0, len(before) - LONGEST_ATTRIBUTE))
    return found.start() if found else None


def _place_in_text(before: str) -> int | None:
    """Return where blanks are harmless before a slot in text: at the end of the line above."""
    if not before:
        return 0
    return len(before) - len("\r\n") if before.endswith("\r\n") else None


def _widened(text: str, place: int) -> bytes:
    """Return a text with blanks put in at a place, up to a whole line of base64."""
    head, tail = text[:place].encode(), text[place:].encode()
    return head + b" " * (-len(head + tail) % WHOLE_LINE) + tail


def _refuse(name: str) -> NoReturn:
    raise BadTemplate(
        f"a personal slot is not alone in its place: {name}",
        hint='write it as the whole value of an attribute (href="…") in HTML, on a line of its own in text',
    )
