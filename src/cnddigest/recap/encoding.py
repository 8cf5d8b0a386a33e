"""Which encoding bytes are in: by mark, by being valid UTF-8, by what a page declares, else by what they spell."""

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
# What pages declare: labels of the Encoding Standard, and the decoder for each. Latin ones decode anything, so that
# they are believed only where nothing speaks for Japanese.
DECLARED = re.compile(
    rb"<meta\b[^<>]{0,200}?\bcharset\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_:.-]{2,40})"
    rb"|\A\s{0,99}<\?xml\b[^<>]{0,200}?\bencoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
DECLARED_WITHIN = 4_096  # bytes; browsers look at 1,024
DECODERS = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms_kanji", "cp932"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp"), "euc_jp"),
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs"), "big5hkscs"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "windows-949"), "cp949"),
    **dict.fromkeys(("iso-8859-1", "latin1", "windows-1252", "us-ascii", "ascii"), "cp1252"),
    **{f"windows-{page}": f"cp{page}" for page in (1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258)},
    **{f"iso-8859-{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16)},
    **dict.fromkeys(("koi8-r", "koi8_r"), "koi8_r"),
    "koi8-u": "koi8_u",
}
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
    return _declared(data) or _nearly_utf8(data) or _legacy(data)


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


def _declared(data: bytes) -> Decoding | None:
    """Believe what a page says of its encoding, unless its bytes say otherwise."""
    found = DECLARED.search(data[:DECLARED_WITHIN])
    encoding = DECODERS.get((found[1] or found[2]).decode("ascii").lower()) if found else None
    if not encoding:
        return None
    kana, japanese = _evidence(data)
    if kana >= MIN_KANA and encoding != japanese:
        return None
    text = _strict(data, encoding)
    return Decoding(text=text) if text is not None else None


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
    kana, encoding = _evidence(data)
    encoding = encoding if kana >= MIN_KANA else "cp1252"
    return _guessed(data.decode(encoding, "replace"), encoding)


def _evidence(data: bytes) -> tuple[float, str]:
    """Return how Japanese the bytes look, and in which encoding."""
    sample = _sample(data)
    return max((_japanese(sample.decode(name, "replace")), name) for name in ("cp932", "euc_jp"))


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
