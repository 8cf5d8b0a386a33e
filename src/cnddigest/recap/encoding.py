"""Which encoding bytes are in: by their mark, by being valid UTF-8, else by the evidence of what they spell."""

import codecs
import re
from dataclasses import dataclass

from cnddigest.recap.model import Finding

MARKS = (  # the longer first: UTF-32's begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
NAMES = {"cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp_2": "ISO-2022-JP", "cp1252": "Windows-1252"}
ISO_2022 = re.compile(rb"\x1b\$(?:[@B]|\([DQ])")  # the escapes that switch to a Japanese character set
HIGH = re.compile(rb"[\x80-\xff]")
SAMPLE = 65_536  # bytes; more of a text tells nothing new
CONTROL_BYTES = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1b")
MAX_CONTROLS = 0.3  # of all bytes; text has next to none, programs and pictures have NULs besides
MIN_KANA = 0.15  # of the characters beyond ASCII: Japanese prose has half, French read as Shift_JIS none

KANA = re.compile("[ぁ-んァ-ヶー]")
BEYOND_ASCII = re.compile("[^\x00-\x7f]")
# Half-width katakana, private and replacement characters: what one Japanese encoding looks like when read as the other.
GARBLED = re.compile("[\uff61-\uff9f\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """The text bytes stand for, and what is doubtful about it."""

    text: str
    findings: tuple[Finding, ...] = ()


def decoded(data: bytes) -> Decoding | None:
    """Decode the bytes of an article; None where they are no text."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _marked(data, encoding)
    if b"\0" in data or len(data.translate(None, CONTROL_BYTES)) < len(data) * (1 - MAX_CONTROLS):
        return None
    if ISO_2022.search(data) and (text := _strict(data, "iso2022_jp_2")) is not None:
        return _guessed(text, "iso2022_jp_2")
    if (text := _strict(data, "utf-8")) is not None:
        return Decoding(text=text)
    return _nearly_utf8(data) or _legacy(data)


def _marked(data: bytes, encoding: str) -> Decoding | None:
    text = _strict(data, encoding)
    if text is None:
        return _without_nul(_mended(data.decode(encoding, "replace")))
    return _without_nul(Decoding(text=text))


def _without_nul(decoding: Decoding) -> Decoding | None:
    return None if "\0" in decoding.text else decoding


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _nearly_utf8(data: bytes) -> Decoding | None:
    """Take UTF-8 with a few broken places, such as a file cut inside a character, for UTF-8."""
    sample = _sample(data).decode("utf-8", "replace")
    broken = sample.count("\ufffd")
    if len(BEYOND_ASCII.findall(sample)) - broken < 2 * broken:
        return None
    return _mended(data.decode("utf-8", "replace"))


def _mended(text: str) -> Decoding:
    message = f"bytes that are no text, replaced by U+FFFD: {text.count(chr(0xFFFD))}"
    line = text[: text.find("\ufffd")].count("\n") + 1
    return Decoding(text=text, findings=(Finding(rule="decoded-as", severity="warning", line=line, message=message),))


def _legacy(data: bytes) -> Decoding:
    """Choose the Japanese encoding that spells the most kana, or Western European where none does."""
    sample = _sample(data)
    kana, encoding = max((_japanese(sample.decode(name, "replace")), name) for name in ("cp932", "euc_jp"))
    encoding = encoding if kana >= MIN_KANA else "cp1252"
    return _guessed(data.decode(encoding, "replace"), encoding)


def _sample(data: bytes) -> bytes:
    """Return the bytes that show an encoding: from the first beyond ASCII on."""
    first = HIGH.search(data)
    start = first.start() if first else 0
    return data[start : start + SAMPLE]


def _japanese(text: str) -> float:
    beyond = len(BEYOND_ASCII.findall(text))
    return (len(KANA.findall(text)) - 2 * len(GARBLED.findall(text))) / beyond if beyond else 0.0


def _guessed(text: str, encoding: str) -> Decoding:
    message = f"not UTF-8, read as {NAMES[encoding]}: save it as UTF-8 if letters look wrong"
    return Decoding(text=text, findings=(Finding(rule="decoded-as", severity="warning", line=1, message=message),))
