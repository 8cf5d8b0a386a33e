"""A returned message as a flat list of its pieces, read in one pass and within bounds.

The standard library's parser nests one generator for each level and asks every open boundary about each line, so a
megabyte of boundaries costs it minutes. Here the depth, the pieces and the fields are counted.
"""

import binascii
import html
import quopri
import re
from dataclasses import dataclass, field

LONGEST = 1 << 20  # octets that are read: a report stands before the text that it returns
MOST_PIECES = 64
DEEPEST = 8  # boundaries open at once
MOST_FIELDS = 256  # of one piece; a message that went through many hands has a hundred
LONGEST_FIELD = 4096  # octets
LONGEST_BOUNDARY = 200  # RFC 2046 5.1.1 allows 70
LONGEST_TEXT = 1 << 16  # characters of one piece that are looked at

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]{0,9}:[ \t]*")
_BOUNDARY = re.compile(r';\s*boundary\s{0,9}=\s{0,9}(?:"([^"]{1,200})"|([^\s;"]{1,200}))', re.IGNORECASE)
_CHARSET = re.compile(r';\s*charset\s{0,9}=\s{0,9}"?([\w.:-]{1,40})', re.IGNORECASE)
# Codecs that are tables; others of Python's cost more than they should, or are no text at all.
_TABLES = re.compile(
    r"(?:us-)?ascii|utf-?8|iso-?8859-\d+|windows-\d+|cp\d+|iso-2022-(?:jp|kr)(?:-\w+)?|shift_?jis|euc-?(?:jp|kr)"
    r"|gb\w+|big5|koi8-\w",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_INSIDE = {"message/rfc822", "message/global", "message/news"}  # a whole message
_HEADS = {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}  # its head only


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One part that has a text of its own, or the head of a message.

    `fields` have lower-case names, and values on one line. `depth` counts the messages around it: what stands in a
    returned message is at 1. `head` says that these are a message's fields, not only a part's.
    """

    kind: str
    fields: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    depth: int = 0
    head: bool = False

    def get(self, name: str) -> str:
        """Return a field's first value, `""` without one."""
        return next((value for known, value in self.fields if known == name), "")

    def all(self, *names: str) -> tuple[str, ...]:
        """Return every value of these fields, in the order of the names."""
        return tuple(value for name in names for known, value in self.fields if known == name)

    def text(self) -> str:
        """Return the body as text with LF; markup is taken out of HTML."""
        raw = _decoded(self.body, self.get("content-transfer-encoding").strip().lower())
        text = _characters(raw, _CHARSET.search(self.get("content-type")))
        text = html.unescape(_TAG.sub(" ", text)) if self.kind == "text/html" else text
        return text[:LONGEST_TEXT].replace("\r\n", "\n")


def pieces(data: bytes) -> tuple[Piece, ...]:
    """Return a message's pieces in reading order; never fails, however damaged it is."""
    reader = _Reader()
    for line in data[:LONGEST].splitlines():
        if not reader.take(line):
            break
    reader.end()
    return tuple(reader.done)


@dataclass(slots=True)
class _Reader:
    """A piece under way: its fields while `heading`, then its body; `skipping` after a closing boundary."""

    done: list[Piece] = field(default_factory=list)
    bounds: list[tuple[bytes, int]] = field(default_factory=list)  # open boundaries, and the depth each stands at
    fields: list[tuple[str, bytearray]] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)
    depth: int = 0
    heading: bool = True
    head: bool = True
    skipping: bool = False
    guessing: bool = False  # a multipart that names no boundary: the next line that looks like one is it

    def take(self, line: bytes) -> bool:
        """Take a line; return False when there have been enough."""
        if self.guessing and line.startswith(b"--") and 2 < len(line) < LONGEST_BOUNDARY:
            self.bounds.append((line.rstrip()[2:], self.depth))
            self.guessing = False
        if not (line.startswith(b"--") and self._boundary(line.rstrip())):
            if self.heading:
                self._heading(line)
            elif not self.skipping:
                self.body.append(line)
        return len(self.done) < MOST_PIECES

    def end(self) -> None:
        """Close the piece under way, as its fields and its body are now."""
        if self.fields or self.body:
            known = tuple((name, " ".join(value.decode("utf-8", "replace").split())) for name, value in self.fields)
            kind = next((value for name, value in known if name == "content-type"), "").partition(";")[0]
            piece = Piece(
                kind=kind.strip().lower() or "text/plain",
                fields=known,
                body=b"\n".join(self.body),
                depth=self.depth,
                head=self.head,
            )
            self.done.append(piece)
        self.fields, self.body = [], []

    def _boundary(self, line: bytes) -> bool:
        for index in reversed(range(len(self.bounds))):
            mark, depth = self.bounds[index]
            if line in (b"--" + mark, b"--" + mark + b"--"):
                self.end()
                closing = len(line) > len(mark) + 2
                del self.bounds[index + (not closing) :]
                self.depth, self.heading, self.head, self.skipping = depth, not closing, False, closing
                return True
        return False

    def _heading(self, line: bytes) -> None:
        found = _FIELD.match(line[:LONGEST_FIELD])
        if line[:1] in (b" ", b"\t") and line.strip() and self.fields:
            value = self.fields[-1][1]
            value += line[: max(0, LONGEST_FIELD - len(value))]
        elif found:
            if len(self.fields) < MOST_FIELDS:
                value = bytearray(line[found.end() : LONGEST_FIELD])
                self.fields.append((found[1].decode("ascii").lower(), value))
        elif line.strip():
            if self.fields or not line.startswith((b"From ", b">From ")):  # the first line of an mbox
                self._headed(first=line)
        elif self.fields or not self.head:  # blank lines before a message's first field are nobody's
            self._headed()

    def _headed(self, *, first: bytes | None = None) -> None:
        """Turn from fields to what they announce; `first` is a line of it that came without an empty one before."""
        self.heading = False
        content = next((bytes(value).decode("latin-1") for name, value in self.fields if name == "content-type"), "")
        kind = content.partition(";")[0].strip().lower()
        boundary = _BOUNDARY.search(content) if kind.startswith("multipart/") else None
        room = len(self.bounds) < DEEPEST and self.depth < DEEPEST
        self.guessing = kind.startswith("multipart/") and not boundary and room
        if boundary and room:
            self.bounds.append(((boundary[1] or boundary[2]).encode("latin-1").rstrip(), self.depth))
        elif kind in _INSIDE | _HEADS and room:
            self.end()
            self.depth, self.heading, self.head = self.depth + 1, True, True
        if first is not None:
            self.take(first)


def _decoded(body: bytes, encoding: str) -> bytes:
    if encoding == "quoted-printable":
        return quopri.decodestring(body)
    if encoding != "base64":
        return body
    letters = _NOT_BASE64.sub(b"", body)
    return binascii.a2b_base64(letters[: len(letters) // 4 * 4])


def _characters(raw: bytes, declared: re.Match[str] | None) -> str:
    charset = declared[1] if declared else ""
    if b"\x1b$" in raw:  # ISO-2022-JP whatever was declared: no other charset of mail has the sequence
        charset = "iso-2022-jp-2"
    try:
        return raw.decode(charset if _TABLES.fullmatch(charset) else "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")
