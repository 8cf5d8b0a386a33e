"""JSON from outside: what is there in the kind that is wanted, and nothing where it is not."""

import datetime as dt
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

MOST_EVENTS = 5000  # of one request: the largest batches have a thousand
LONGEST = 1 << 16  # characters of one text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A JSON object. Whoever asks for what is not there, or is of another kind, gets an empty answer."""

    data: Mapping[str, object] = field(default_factory=dict)

    def text(self, *path: str) -> str:
        """Return a text, or a number as one."""
        found = self._at(path)
        if isinstance(found, str):
            return found[:LONGEST]
        return str(found) if isinstance(found, int) and not isinstance(found, bool) and abs(found) < 1 << 64 else ""

    def flag(self, *path: str) -> bool:
        """Say whether it is there and true."""
        return self._at(path) is True

    def inner(self, *path: str) -> "Table":
        """Return an object inside this one."""
        found = self._at(path)
        return Table(data=found) if isinstance(found, dict) else Table()

    def tables(self, *path: str) -> tuple["Table", ...]:
        """Return a list's objects."""
        return _tables(self._at(path))

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the texts of a list or of an object, or a single one."""
        found = self._at(path)
        each = found if isinstance(found, list) else found.values() if isinstance(found, dict) else [found]
        return tuple(text[:LONGEST] for text in list(each)[:MOST_EVENTS] if isinstance(text, str))

    def moment(self, *path: str) -> dt.datetime | None:
        """Return a moment: seconds or milliseconds since 1970, or ISO 8601."""
        found = self._at(path)
        with suppress(ValueError, OverflowError, OSError):
            if isinstance(found, str) and not found.replace(".", "").isdigit():
                said = dt.datetime.fromisoformat(found)
                return (said if said.tzinfo else said.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
            if isinstance(found, str | int | float) and not isinstance(found, bool):
                seconds = float(found)
                return dt.datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, dt.UTC)
        return None

    def fingerprint(self) -> str:
        """Return all of it as text, the same however its keys were ordered."""
        return json.dumps(self.data, sort_keys=True)

    def _at(self, path: tuple[str, ...]) -> object:
        found: object = self.data
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found


def events(text: str | bytes) -> tuple[Table, ...]:
    """Return the objects of a JSON document that is one or a list of them; none where it is no JSON."""
    try:
        return _tables(json.loads(text))
    except (ValueError, RecursionError):  # RecursionError: a thousand brackets
        return ()


def event(text: str | bytes) -> Table:
    """Return the JSON document's only object, or its first; an empty one where there is none."""
    return next(iter(events(text)), Table())


def _tables(found: object) -> tuple[Table, ...]:
    each = found if isinstance(found, list) else [found]
    return tuple(Table(data=one) for one in each[:MOST_EVENTS] if isinstance(one, dict))
