"""Which encoding a list of Subscribers is in: named, marked, valid UTF-8, or the one that makes letters likely."""

import codecs
import io
import re
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain

from cnddigest.errors import WrongUse
from cnddigest.recap.encoding import CONTROL_BYTES, DECODERS, HIGH, ISO_2022, MARKS, NAMES

HEAD = 512  # octets that show a mark, or that a file is no text
SAMPLE = 65_536  # octets; more of a list tells nothing new
LIKELY = 0.5  # of 1: what the letters beyond ASCII must reach on average, else nobody can tell
MOST_CONTROLS = 0.1  # of the head's octets; a list has none but by mistake
WIDE = 0.125  # of the head's octets are NUL in UTF-16 at least: delimiters, line ends, addresses
LABELS = DECODERS | {
    **dict.fromkeys(("utf-8", "utf8"), "utf-8-sig"),
    **{name: name for name in ("utf-16", "utf-16-le", "utf-16-be")},
    **dict.fromkeys(("iso-2022-jp", "jis"), "iso2022_jp_2"),
}
CSV = "export it as CSV in UTF-8"
KINDS = (
    (b"\x1f\x8b", "a gzip archive", "unpack it first, as in `gunzip -c FILE | cnddigest subscribers import -`"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it first"),
    (b"PK\x03\x04", "an Excel workbook or a zip archive", f"open it and {CSV}, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", f"open it and {CSV}"),
    (b"%PDF", "a PDF", f"go back to where it was made and {CSV}"),
    (b"{\\rtf", "rich text", "save it as plain text in UTF-8"),
)

_EASTERN = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
_BEYOND = re.compile("[^\x00-\x7f]")
_FULL_WIDTH = re.compile("[\u3000-\u3011\u3041-\u30ff\uff01-\uff5e]")
_HALF_WIDTH = re.compile("(?<![A-Za-z])[\uff61-\uff9f](?![A-Za-z])")
_KANJI = re.compile("[\u4e00-\u9fff\uf900-\ufaff]")
_GARBLED = re.compile("[\ue000-\uf8ff\ufffd]")
_FREQUENT = range(0xB0, 0xD0)  # where EUC-JP has the first level of JIS X 0208: the 2,965 kanji in daily use
_LETTER = "[À-ÖØ-öø-ÿŒœŠšŸŽž]"
_WESTERN = re.compile(f"(?<=[A-Za-z]){_LETTER}|{_LETTER}(?=[A-Za-z])|[–—‘-”…€]")


def codec(label: str) -> str:
    """Return the decoder that a name of an encoding means; raises WrongUse for one that no list is written in."""
    found = LABELS.get(label.strip().lower())
    if not found:
        hint = "such as utf-8, shift_jis, euc-jp, iso-2022-jp or utf-16-le"
        raise WrongUse(f"unknown encoding: {label[:40]}", hint=hint)
    return found


def decoded(
    chunks: Iterable[bytes], *, encoding: str = "", guessed: Callable[[str], None] = lambda _: None
) -> Iterator[str]:
    """Yield the text of a file with LF at line ends.

    What can't be read is U+FFFD (see `audience.address.UNREAD`). `encoding` is a decoder, see `codec`; `""` lets the
    octets tell, and `guessed` hears the name of one that neither a mark nor valid UTF-8 proves. Raises WrongUse for
    what is no text, or looks right in no encoding.
    """
    ends = io.IncrementalNewlineDecoder(None, translate=True)
    for text in _texts(iter(chunks), encoding, guessed):
        yield ends.decode(text)
    yield ends.decode("", final=True)


def _texts(source: Iterator[bytes], encoding: str, guessed: Callable[[str], None]) -> Iterator[str]:
    head = _gathered(HEAD, source)
    source = chain([head], source)
    known = encoding or _marked(head)
    if not known:
        _refuse_binary(head)
        rest = yield from _plain(source)
        sample = rest + _gathered(SAMPLE, source)
        known, source = _found(sample, guessed), chain([sample], source)
    decoder = codecs.getincrementaldecoder(known)("replace")
    for chunk in source:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _gathered(size: int, source: Iterator[bytes]) -> bytes:
    """Return the next octets, so many at least if there are."""
    found = bytearray()
    while len(found) < size and (chunk := next(source, None)) is not None:
        found += chunk
    return bytes(found)


def _marked(head: bytes) -> str:
    return next((encoding for mark, encoding in MARKS if head.startswith(mark)), "")


def _refuse_binary(head: bytes) -> None:
    for magic, kind, hint in KINDS:
        if head.startswith(magic):
            raise WrongUse(f"list is {kind}", hint=hint)
    first, second = head[::2].count(0), head[1::2].count(0)
    if head and first + second >= len(head) * WIDE and not (first and second):
        label = "utf-16-be" if first else "utf-16-le"
        raise WrongUse("list is UTF-16 without the mark that says so", hint=f"add --encoding {label}")
    if len(head) - len(head.translate(None, CONTROL_BYTES)) > len(head) * MOST_CONTROLS:
        raise WrongUse("list is no text", hint=CSV)


def _plain(source: Iterator[bytes]) -> Generator[str, None, bytes]:
    """Yield what is ASCII; return the octets in which something else stands first, `b""` at the end."""
    kept = b""
    for chunk in source:
        kept += chunk
        if HIGH.search(kept) or ISO_2022.search(kept):
            return kept
        escape = kept.find(b"\x1b", max(0, len(kept) - 3))  # an escape may be cut: ESC $ ( D
        plain, kept = (kept, b"") if escape < 0 else (kept[:escape], kept[escape:])
        yield plain.decode("ascii")
    return kept


def _found(sample: bytes, guessed: Callable[[str], None]) -> str:
    """Return the decoder for octets that are more than ASCII."""
    first = HIGH.search(sample)
    if not first:
        if ISO_2022.search(sample):
            guessed(NAMES["iso2022_jp_2"])
            return "iso2022_jp_2"
        return "utf-8"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError as error:
        # Kana and kanji before the fault were UTF-8 for sure: some of its lines are in another encoding.
        if not _EASTERN.search(sample[: error.start].decode()):
            return _likeliest(sample[first.start() :], guessed)
    return "utf-8"


def _likeliest(sample: bytes, guessed: Callable[[str], None]) -> str:
    likely = {name: _japanese(sample.decode(name, "replace")) for name in ("cp932", "euc_jp")}
    likely["cp1252"] = _western(sample.decode("cp1252", "replace"))
    found = max(likely, key=likely.__getitem__)
    if likely[found] < LIKELY:
        raise WrongUse(
            "encoding of the list can't be told", hint="save it as UTF-8, or say it, as in --encoding shift_jis"
        )
    guessed(NAMES[found])
    return found


def _japanese(text: str) -> float:
    """Return how likely letters are as Japanese names, 1 at most.

    One Japanese encoding read as the other shows half-width katakana and rare kanji, Latin letters show rare kanji.
    """
    worth = len(_FULL_WIDTH.findall(text)) + 0.5 * len(_HALF_WIDTH.findall(text)) - 2 * len(_GARBLED.findall(text))
    for kanji, count in Counter(_KANJI.findall(text)).items():
        octets = kanji.encode("euc_jp", "ignore")
        worth += count * (1 if octets and octets[0] in _FREQUENT else 0.3)
    return worth / len(_BEYOND.findall(text))


def _western(text: str) -> float:
    """Return how likely letters are as names of Western Europe: accents stand in words of Latin letters."""
    return (len(_WESTERN.findall(text)) - 2 * len(_GARBLED.findall(text))) / len(_BEYOND.findall(text))
