"""A text as base64 that is made once for everyone, with gaps for what is each person's own.

markup   fixed, blanks up to a whole line │ value, blanks up to a whole line │ fixed …
text     fixed, cut at a whole line │ the rest of that line, value, fixed, value, … to the end

Base64 turns 57 octets into a line of 76 columns, so pieces of whole lines can be joined as they are. In markup the
blanks stand inside a tag, where they mean nothing. In text a reader would meet them, and has no need to: all from the
first value on is short, since personal links stand at the end, and what is last may end where it likes. Only a text
with much behind a link gets blanks, at the end of a line.
"""

import re
from binascii import b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from cnddigest.errors import BadTemplate
from cnddigest.rendering.slots import SLOT

COLUMNS = 76
WHOLE_LINE = 57  # octets that base64 makes a line of 76 columns of: the most RFC 2045 section 6.8 allows
# A slot in markup is an attribute's value or an element's text. Blanks are harmless before the attribute and behind
# its closing quote, and at the end of both tags: `<a >text</a >`.
ATTRIBUTE = re.compile(r'\s(?=[a-z][a-z-]*="\Z)')
LONGEST_ATTRIBUTE = 60  # characters of its name, and then some
START_TAG = re.compile(r"(?:<[a-z][a-z0-9]*|\A)(?:\s[^<>]*)?(?=>\Z)")  # or what a slot in it has left
LONGEST_TAG = 1_000  # characters, its style among them
END_TAG = re.compile(r"</[a-z][a-z0-9]*(?=>)")
LONGEST_END = 20 * WHOLE_LINE  # octets of text that are encoded again for each person


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The place of one or more of a person's values; `form` is what stands around them, with `%b` in their places.

    `last` says that nothing follows, so that no whole line is needed.
    """

    names: tuple[str, ...]
    form: bytes
    last: bool = False

    def filled(self, values: Mapping[str, bytes]) -> bytes:
        """Return lines of base64 with a person's values, whole ones unless it is the last."""
        octets = self.form % tuple([values[name] for name in self.names])
        return lines(octets if self.last else padded(octets))


Piece: TypeAlias = bytes | Gap
# What stands before and after a slot -> where blanks may be put before it, and what must follow it before others.
PlaceOf: TypeAlias = Callable[[str, str], tuple[int, str] | None]


def padded(octets: bytes) -> bytes:
    """Return the octets with blanks behind them, up to a whole line."""
    return octets + b" " * (-len(octets) % WHOLE_LINE)


def lines(octets: bytes) -> bytes:
    """Return base64 in lines of 76 columns, each with its CRLF."""
    encoded = b2a_base64(octets, newline=False)
    return b"".join([encoded[begin : begin + COLUMNS] + b"\r\n" for begin in range(0, len(encoded), COLUMNS)])


def cut_html(html: str, *, template: str = "issue.html.j2") -> tuple[Piece, ...]:
    """Return a document in pieces; BadTemplate for a slot that shares an attribute's value or an element's text."""
    return tuple(_pieces(*_slotted(html), _place_in_markup, template))


def cut_text(text: str, *, template: str = "issue.txt.j2") -> tuple[Piece, ...]:
    """Return a text in pieces; BadTemplate for a slot that shares its line."""
    fixed, names = _slotted(text)
    pieces = tuple(_pieces(fixed, names, _place_in_text, template))
    first, *behind = [each.encode() for each in fixed]
    if not names or sum(map(len, behind)) > LONGEST_END:
        return pieces
    whole = len(first) // WHOLE_LINE * WHOLE_LINE
    form = b"%b".join([each.replace(b"%", b"%%") for each in (first[whole:], *behind)])
    return lines(first[:whole]), Gap(names=tuple(names), form=form, last=True)


def _slotted(text: str) -> tuple[list[str], list[str]]:
    """Return what stands before, between and behind the slots, and their names."""
    pieces = SLOT.split(text.replace("\r\n", "\n").replace("\n", "\r\n"))
    return pieces[::2], pieces[1::2]


def _pieces(fixed: Sequence[str], names: Iterable[str], place_of: PlaceOf, template: str) -> Iterator[Piece]:
    """Yield what is fixed and what is not by turns."""
    first, *behind = fixed
    for name, after in zip(names, behind, strict=True):
        found = place_of(first, after)
        if found is None:
            _refuse(name, template)
        place, ending = found
        yield lines(_widened(first, place))
        yield Gap(names=(name,), form=f"%b{ending}".encode())
        first = after.removeprefix(ending)
    yield lines(first.encode())


def _place_in_markup(before: str, after: str) -> tuple[int, str] | None:
    """Return where blanks are harmless before a slot in markup, and what follows it before they are again."""
    found = ATTRIBUTE.search(before, max(0, len(before) - LONGEST_ATTRIBUTE))
    if found:
        return (found.start(), '"') if after.startswith('"') else None
    tag, end = START_TAG.search(before, max(0, len(before) - LONGEST_TAG)), END_TAG.match(after)
    return (tag.end(), end[0]) if tag and end else None


def _place_in_text(before: str, after: str) -> tuple[int, str] | None:
    """Return the same in text: at the end of the line above, and of its own."""
    if after and not after.startswith("\r\n"):
        return None
    if not before:
        return 0, ""
    return (len(before) - len("\r\n"), "") if before.endswith("\r\n") else None


def _widened(text: str, place: int) -> bytes:
    """Return a text with blanks put in at a place, up to a whole line of base64."""
    head, tail = text[:place].encode(), text[place:].encode()
    return head + b" " * (-len(head + tail) % WHOLE_LINE) + tail


def _refuse(name: str, template: str) -> NoReturn:
    raise BadTemplate(
        f"template error: {template}: slot {name} is not alone in its place",
        hint='write it as a whole attribute (href="…") or element (<a>…</a>) in HTML, on a line of its own in text',
    )
