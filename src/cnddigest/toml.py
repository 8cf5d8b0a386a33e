"""TOML text to plain values, and the line on which each key stands: the home of tomllib."""

import json
import re
from collections.abc import Iterator
from typing import Any

LONGEST_WORD = 60  # characters of a key that are shown
Key = tuple[str | int, ...]

# tomllib takes time that grows with the square of a key's parts. Atomic, so that this look is linear itself.
ENDLESS = re.compile(r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')\s*+\.\s*+){50}")
_HEADER = re.compile(r"\s*(\[\[?)([^\]]*)\]")
_DOTTED = re.compile(r"[\w\s.\"'-]+")
_TUPLE = re.compile(r"\('[^()]*'(?:, '[^()]*')*,?\)")
_WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")
_SURROGATES = re.compile("[\ud800-\udfff]")


class NotToml(ValueError):
    """A text that is not TOML: `reason` in a few words, `place` as `line 3, column 4` where it is known.

    `reason` is empty for what no person would write: values nested by the thousand, keys of fifty parts.
    """

    def __init__(self, reason: str = "", place: str = "") -> None:
        """Keep reason and place apart: the name of the file stands between them."""
        super().__init__(f"{reason} (at {place})" if place else reason or "it is nested too deeply")
        self.reason = reason
        self.place = place


def parsed(text: str) -> dict[str, Any]:
    """Return the values of a TOML text with line feeds as line ends, in time linear in its length.

    Raises NotToml.
    """
    import tomllib

    if ENDLESS.search(text):
        raise NotToml
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        raise NotToml(_readable(reason), place.rstrip(")")) from error
    except (RecursionError, ValueError) as error:
        raise NotToml from error


def dotted(key: Key) -> str:
    """Return a key as people write it: `mail.dkim[0].domain`."""
    words = [f"[{word}]" if isinstance(word, int) else f".{word[:LONGEST_WORD]}" for word in key]
    return "".join(words).removeprefix(".")


def quoted(text: str) -> str:
    """Return a text as a TOML string on one line; JSON's escapes are TOML's too, but for DEL and half characters."""
    return json.dumps(encodable(text), ensure_ascii=False).replace("\x7f", "\\u007f")


def encodable(text: str) -> str:
    """Return a text without the half characters that no file can hold."""
    return _SURROGATES.sub("", text)


def places(text: str) -> Iterator[tuple[int, Key]]:
    """Yield each line on which a table or a key begins; texts over several lines may add some that are none."""
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _words(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield number, table
        else:
            key, equals, _ = line.partition("=")
            if equals and _DOTTED.fullmatch(key):
                yield number, (*table, *_words(key))


def line(text: str, key: Key) -> int | None:
    """Return the line of a key, or of the nearest table around it; None where neither is written."""
    best: tuple[int, int | None] = (0, None)
    for number, found in places(text):
        if len(found) > best[0] and found == key[: len(found)]:
            best = (len(found), number)
    return best[1]


def _words(text: str) -> Key:
    return tuple(first or second or third for first, second, third in _WORD.findall(text))


def _readable(reason: str) -> str:
    """Return what tomllib says with keys as people write them: it shows `serials.cndt` as a tuple."""
    reason = _TUPLE.sub(lambda found: ".".join(re.findall("'([^']*)'", found[0])), reason)
    return reason[:1].lower() + reason[1:]
