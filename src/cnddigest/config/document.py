"""The configuration file as read: its data, and the line on which each key stands."""

import errno
import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnddigest.errors import BadConfiguration

LIMIT = 1024 * 1024  # bytes: thousands of Serials; anything larger is another file than was meant
LONGEST_WORD = 60  # characters of a key that are shown
Key = tuple[str | int, ...]

HEADER = re.compile(r"\s*(\[\[?)([^\]]*)\]")
DOTTED = re.compile(r"[\w\s.\"'-]+")
# tomllib takes time that grows with the square of a key's parts. Atomic, so that this look is linear itself.
ENDLESS = re.compile(r"(?<![\w-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')\s*+\.\s*+){50}")
TUPLE = re.compile(r"\('[^()]*'(?:, '[^()]*')*,?\)")
WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A TOML file. `name` is what the user called it."""

    name: str
    text: str
    data: Mapping[str, Any]

    def line(self, key: Key) -> int | None:
        """Return the line of a key, or of the nearest table around it; None where neither is written."""
        best: tuple[int, int | None] = (0, None)
        for number, found in _written(self.text):
            if len(found) > best[0] and found == key[: len(found)]:
                best = (len(found), number)
        return best[1]

    def place(self, key: Key) -> str:
        """Return file and line, `cnddigest.toml, line 7`."""
        line = self.line(key)
        return f"{self.name}, line {line}" if line else self.name


def dotted(key: Key) -> str:
    """Return a key as people write it: `mail.dkim[0].domain`."""
    words = [f"[{word}]" if isinstance(word, int) else f".{word[:LONGEST_WORD]}" for word in key]
    return "".join(words).removeprefix(".")


def read(name: str) -> Document:
    """Read a configuration file, with or without BOM, with any line ends.

    Raises BadConfiguration when it is missing, unreadable, too large, not UTF-8 or not TOML.
    """
    text = _decoded(name, _bytes(name)).replace("\r\n", "\n")
    return Document(name=name, text=text, data=_parsed(name, text))


def _bytes(name: str) -> bytes:
    try:
        data = _beginning(Path(name))
    except FileNotFoundError:
        hint = "make a publication with `cnddigest init DIR`, or name its file with -c"
        raise BadConfiguration(f"no configuration: {name}", hint=hint) from None
    except IsADirectoryError:
        raise BadConfiguration(f"configuration is a folder: {name}", hint=f"try -c {name}/cnddigest.toml") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadConfiguration(f"configuration can't be read: {name} ({reason.lower()})") from error
    if len(data) > LIMIT:
        raise BadConfiguration(f"configuration is larger than 1 MiB: {name}", hint="is this the right file?")
    return data


def _beginning(path: Path) -> bytes:
    """Return as much as we take, and one byte; anything but a file is an OSError, since pipes need not end."""
    if not path.is_dir() and not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    with path.open("rb") as file:
        return file.read(LIMIT + 1)


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"configuration is not UTF-8: {name}, line {line}"
        raise BadConfiguration(message, hint="save the file as UTF-8") from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    if ENDLESS.search(text):
        raise _unwritten(name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, _, place = str(error).partition(" (at ")
        where = f"{name}, {place.rstrip(')')}" if place else name
        hint = 'texts stand in quotes, as in title = "Harbour Conf"' if reason == "Invalid value" else None
        raise BadConfiguration(f"configuration is not TOML, {_readable(reason)}: {where}", hint=hint) from error
    except (RecursionError, ValueError) as error:
        raise _unwritten(name) from error


def _readable(reason: str) -> str:
    """Return what tomllib says with keys as people write them: it shows `serials.cndt` as a tuple."""
    reason = TUPLE.sub(lambda found: ".".join(re.findall("'([^']*)'", found[0])), reason)
    return reason[:1].lower() + reason[1:]


def _unwritten(name: str) -> BadConfiguration:
    return BadConfiguration(f"configuration is not TOML that a person would write: {name}")


def _written(text: str) -> Iterator[tuple[int, Key]]:
    """Yield each line on which a table or a key begins; texts over several lines may add some that are none."""
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := HEADER.match(line):
            table = _words(header[2])
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield number, table
        else:
            key, equals, _ = line.partition("=")
            if equals and DOTTED.fullmatch(key):
                yield number, (*table, *_words(key))


def _words(text: str) -> Key:
    return tuple(first or second or third for first, second, third in WORD.findall(text))
