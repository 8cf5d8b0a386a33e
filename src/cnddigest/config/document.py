"""The configuration file as read: its data, and the line on which each key stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnddigest import regular, toml
from cnddigest.errors import BadConfiguration
from cnddigest.toml import Key

LIMIT = 1024 * 1024  # bytes: thousands of Serials; anything larger is another file than was meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A TOML file. `name` is what the user called it."""

    name: str
    text: str
    data: Mapping[str, Any]

    def line(self, key: Key) -> int | None:
        """Return the line of a key, or of the nearest table around it; None where neither is written."""
        return toml.line(self.text, key)

    def place(self, key: Key) -> str:
        """Return file and line, `cnddigest.toml, line 7`."""
        line = self.line(key)
        return f"{self.name}, line {line}" if line else self.name


def read(name: str) -> Document:
    """Read a configuration file, with or without BOM, with any line ends.

    Raises BadConfiguration when it is missing, unreadable, too large, not UTF-8 or not TOML.
    """
    text = _decoded(name, _bytes(name)).replace("\r\n", "\n")
    return Document(name=name, text=text, data=_parsed(name, text))


def _bytes(name: str) -> bytes:
    try:
        with regular.opened(Path(name)) as file:
            data = file.read(LIMIT + 1)
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


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"configuration is not UTF-8: {name}, line {line}"
        raise BadConfiguration(message, hint="save the file as UTF-8") from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return toml.parsed(text)
    except toml.NotToml as error:
        if not error.reason:
            raise BadConfiguration(f"configuration is not TOML that a person would write: {name}") from error
        where = f"{name}, {error.place}" if error.place else name
        hint = 'texts stand in quotes, as in title = "Harbour Conf"' if error.reason == "invalid value" else None
        raise BadConfiguration(f"configuration is not TOML, {error.reason}: {where}", hint=hint) from error
