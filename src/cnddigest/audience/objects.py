"""A JSON file of Subscribers, read object by object, however long it is."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

LONGEST_OBJECT = 200_000  # characters of one Subscriber; nobody has so much to say
GULP = 64_000  # characters that are read at least before the next try
NESTED = {"consent": "consent_", "replay": ""}  # objects inside, and how their fields begin as columns

# A list, or the one in a document of our own; else objects follow each other, one on each line.
_BEGINNING = re.compile(r'\s*(?:\{.{0,60000}?"subscribers"\s*:\s*\[|\[)?', re.DOTALL)
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """One element of the list: its place from 1, and its fields as texts, or why it has none."""

    number: int
    fields: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def objects(texts: Iterable[str]) -> Iterator[Object]:
    """Yield what a JSON text lists; what is no JSON ends the reading with a problem."""
    window, number = _Window(iter(texts)), 0
    window.skip(_BEGINNING)
    while True:
        window.skip(_BETWEEN)
        if window.at_end():
            return
        number += 1
        try:
            value = window.value()
        except ValueError:
            yield Object(number=number, problem="not JSON from here on")
            return
        yield _object(number, value)


class _Window:
    """As much of a long text as one value needs."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._text, self._place = "", 0
        self._decoder = json.JSONDecoder()
        self._grow()

    def _grow(self) -> bool:
        """Read on; False where there is nothing more."""
        kept, size = [self._text[self._place :]], 0
        while size < GULP and (piece := next(self._pieces, None)) is not None:
            kept.append(piece)
            size += len(piece)
        self._text, self._place = "".join(kept), 0
        return size > 0

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Go on behind what a pattern matches, however far that is."""
        while True:
            found = pattern.match(self._text, self._place)
            self._place = found.end() if found else self._place
            if self._place < len(self._text) or not self._grow():
                return

    def at_end(self) -> bool:
        """Say whether the list ends here."""
        return self._text[self._place : self._place + 1] in ("", "]", "}")

    def value(self) -> object:
        """Return the value that begins here; raises ValueError where none does, or too long a one."""
        while True:
            try:
                value, self._place = self._decoder.raw_decode(self._text, self._place)
            except RecursionError:
                raise ValueError("nested too deeply") from None
            except ValueError:
                if len(self._text) - self._place > LONGEST_OBJECT or not self._grow():
                    raise
            else:
                return value


def _object(number: int, value: object) -> Object:
    if not isinstance(value, dict):
        return Object(number=number, problem="not an object")
    fields: dict[str, str] = {}
    for name, found in value.items():
        if name in NESTED and isinstance(found, dict):
            fields |= {NESTED[name] + inner: _text(inmost) for inner, inmost in found.items()}
        else:
            fields[name] = _text(found)
    return Object(number=number, fields=fields)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    if value is None or isinstance(value, dict):
        return ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
