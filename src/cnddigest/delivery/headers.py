"""Header fields as bytes, folded here: the standard library loses blanks and hides long addresses (RFC 5322, 2047).

Every line has at most 76 octets of ASCII, unless it holds an address that nobody may break. An encoded-word has at
most 75, and whole characters; letters with their marks stay together. No first line is empty. Decoded, a text is what
it was.
"""

import base64
import re
import unicodedata
from collections.abc import Iterator

from cnddigest.rendering.slots import clean

LINE = 76  # octets without CRLF: RFC 2047 section 2 for lines with encoded-words, and below the 78 of RFC 5322
LONGEST_LINE = 998  # RFC 5322 2.1.1; only an address without blanks comes near it
WORD = 45  # octets of text in an encoded-word: 60 characters of base64 in a frame of 12, of the 75 allowed
FRAME = len("=?utf-8?b??=")
LONGEST_NAME = 54  # characters of a field's name: behind it the first line still has room for one of any script

NAME = re.compile(rf"[!-9;-~]{{1,{LONGEST_NAME}}}")
BREAK = re.compile("\r\n|[\t-\r\x1c-\x1e\x85\u2028\u2029]")
INJECTING = re.compile("[\x00\n-\r\x1c-\x1e\x85\u2028\u2029]")
# Printable ASCII with single blanks: what every parser returns as it stands.
PLAIN = re.compile("[!-~]++(?: [!-~]++)*+")
ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]++(?: [\w!#$%&'*+/=?^`{|}~-]++)*+", re.ASCII)
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
ADDRESS = re.compile(
    r"""((?:[\w!#$%&'*+/=?^`{|}~.-]++|"(?:[ !#-\[\]-~]|\\[ -~])++"))"""
    r"@([a-z0-9-]++(?:\.[a-z0-9-]++)*+|\[[0-9a-fv:.]++\])",
    re.ASCII | re.IGNORECASE,
)
DOT_ATOM = re.compile(r"[^.]++(?:\.[^.]++)*+")

PEOPLE = {"from", "to", "cc", "reply-to", "sender", "resent-from", "resent-to"}
# Structured: their parts are not text, so nothing of them is ever encoded.
AS_IS = re.compile(
    r"list-.*|content-.*|message-id|in-reply-to|references|date|mime-version|feedback-id|auto-submitted|precedence"
    r"|x-auto-response-suppress|return-path|received|dkim-signature|authentication-results|archived-at",
    re.IGNORECASE,
)
_JOINER = "\u200d"
_MARKS = {"Mn", "Mc", "Me"}
_VOICED = "\uff9e\uff9f"  # half-width kana carry their marks as letters


def fold(name: str, value: str) -> bytes:
    """Return one finished field with its CRLF.

    A text (Subject and whatever is not structured) is cleaned: a line break or tab is a blank, a character that no
    message may hold is dropped. People (From, To, …) are `Name <address>`, several parted by commas, names in quotes
    or not. List-*, Message-ID and their kind stand as they are. Raises ValueError for a line break, or anything else
    that can't be written, in one of the latter two.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"not the name of a header field: {name[:LINE]!r}")
    written = f"{name}: {_written(name, value)}"
    if max(map(len, written.split("\r\n"))) > LONGEST_LINE:
        raise ValueError(f"{name} is longer than a line may be: over {LONGEST_LINE} octets")
    return f"{written}\r\n".encode("ascii")


def mailbox(name: str, address: str) -> str:
    """Return a person as `fold` reads one: `"Sato, Taro" <taro@example.org>`, the name left out where it is empty."""
    name = name.strip(" ")
    if not name:
        return address
    return f"{name if ATOMS.fullmatch(name) else _quoted(name)} <{address}>"


def addr_spec(address: str) -> str:
    """Return an address as it stands in headers and in RCPT: `"a..b"@docomo.ne.jp` in quotes (RFC 5321 4.1.2).

    Raises ValueError for what is none, or not ASCII.
    """
    found = ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(f"not an address such as taro@example.org: {_shown(address)}")
    local, domain = found.groups()
    plain = local.startswith('"') or DOT_ATOM.fullmatch(local)
    return address if plain else f'"{local}"@{domain}'


def _written(name: str, value: str) -> str:
    low, used = name.lower(), len(name) + len(": ")
    if low in PEOPLE:
        return _people(name, value, used)
    if low == "list-id":
        return _list_id(name, value, used)
    return _as_is(name, value, used) if AS_IS.fullmatch(low) else _text(value, used)


# Texts


def _text(value: str, used: int) -> str:
    text = clean(BREAK.sub(" ", value))
    if not text:
        return ""
    words = text.split(" ")
    fits = len(words[0]) <= LINE - used and max(map(len, words)) < LINE
    return _wrapped(words, used) if fits and _is_plain(text) else _encoded(text, used)


def _is_plain(text: str) -> bool:
    return "=?" not in text and PLAIN.fullmatch(text) is not None


def _wrapped(words: list[str], used: int) -> str:
    """Fold between words; `used` columns of the first line are taken."""
    lines = [words[0]]
    for word in words[1:]:
        if used + len(lines[-1]) + 1 + len(word) <= LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
            used = 1
    return "\r\n ".join(lines)


def _encoded(text: str, used: int) -> str:
    """Return a text as encoded-words, one a line; `used` columns of the first line are taken."""
    room = min((LINE - used - FRAME) // 4 * 3, WORD)
    chunks = [b""]
    for unit in map(str.encode, _units(text, room)):
        if len(chunks[-1]) + len(unit) > room:
            chunks.append(b"")
            room = WORD
        chunks[-1] += unit
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in chunks)


def _units(text: str, room: int) -> Iterator[str]:
    """Yield letters with all their marks; character by character where that is more than `room` octets."""
    for cluster in _clusters(text):
        if len(cluster) == 1 or len(cluster.encode()) <= room:
            yield cluster
        else:
            yield from cluster


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for char in text:
        if cluster and not _joins(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    yield cluster


def _joins(cluster: str, char: str) -> bool:
    """Say whether a character belongs to the letter before it: marks, skin tones, joined emoji, flags."""
    if char < "\u0300":
        return False
    flag = "\U0001f1e6" <= char <= "\U0001f1ff" and len(cluster) == 1 and "\U0001f1e6" <= cluster <= "\U0001f1ff"
    tone = "\U0001f3fb" <= char <= "\U0001f3ff"
    joined = char == _JOINER or cluster.endswith(_JOINER) or char in _VOICED
    return flag or tone or joined or unicodedata.category(char) in _MARKS


# What stands as it is


def _as_is(name: str, value: str, used: int) -> str:
    if not (value.isascii() and value.isprintable()):
        raise ValueError(f"{name} takes printable ASCII only: {_shown(value)}")
    return _wrapped(value.replace(">,<", ">, <").split() or [""], used)


def _list_id(name: str, value: str, used: int) -> str:
    """Write RFC 2919's field, the one of its kind that begins with words."""
    _refuse_injection(name, value)
    words, bracket, rest = clean(value).rpartition("<")
    if not bracket:
        return _as_is(name, value, used)
    return _person(_unquoted(words), f"<{_as_is(name, rest, used)}", used)


# People


def _people(name: str, value: str, used: int) -> str:
    _refuse_injection(name, value)
    *firsts, last = map(_parsed, _split(clean(value)))
    lines = []
    for shown, address, comma in (*((*person, ",") for person in firsts), (*last, "")):
        lines.append(_person(shown, (f"<{address}>" if shown else address) + comma, used))
        used = 1
    return "\r\n ".join(lines)


def _refuse_injection(name: str, value: str) -> None:
    if INJECTING.search(value):
        raise ValueError(f"{name} has a line break in it: {_shown(value)}")


def _split(value: str) -> Iterator[str]:
    """Yield the people of a list; a comma in quotes, or before any address, belongs to a name."""
    begin = 0
    quoted = escaped = found = False
    for place, char in enumerate(value):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = quoted
        elif char == '"':
            quoted = not quoted
        elif char == "@" and not quoted:
            found = True
        elif char == "," and found and not quoted:
            yield value[begin:place]
            begin, found = place + 1, False
    yield value[begin:]


def _parsed(spec: str) -> tuple[str, str]:
    """Return name and address of `Name <address>`; the name is empty where there is only an address."""
    spec = spec.strip(" ")
    shown, bracket, inside = spec.removesuffix(">").rpartition("<") if spec.endswith(">") else ("", "<", spec)
    return _unquoted(shown), addr_spec(inside if bracket else spec)


def _person(shown: str, address: str, used: int) -> str:
    """Return a name before its address, on as few lines as both fit on."""
    if not shown:
        return address
    name = shown if ATOMS.fullmatch(shown) else _quoted(shown)
    if not _is_plain(shown) or re.search(r'["\\]', shown) or used + len(name) > LINE:
        name = _encoded(shown, used)
    *before, last = name.split("\r\n")
    column = len(last) + (0 if before else used)
    return name + (" " if column + 1 + len(address) <= LINE else "\r\n ") + address


def _quoted(name: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'


def _unquoted(name: str) -> str:
    name = name.strip(" ")
    found = QUOTED.fullmatch(name)
    return re.sub(r"\\(.)", r"\1", found[1]) if found else name


def _shown(value: str) -> str:
    """Return the beginning of a value, fit for an error's line."""
    return clean(BREAK.sub(" ", value[:LINE]))
