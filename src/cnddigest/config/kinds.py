"""What the value of a setting can be, and what is said of one that can't."""

import datetime as dt
import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

SHOWN = 60  # characters of a wrong value that are shown; longer ones say nothing more


class Unfit(Exception):
    """A value that its setting can't have."""

    def __init__(self, problem: str, value: object, *, hint: str | None = None) -> None:
        """Keep the problem and the value apart: the place stands between them."""
        super().__init__(problem)
        self.problem = problem
        self.shown = shown(value)
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[T_co]):
    """A kind of value: how the reference calls it, and how it is read. `read` raises Unfit."""

    words: str
    read: Callable[[Any], T_co]


def shown(value: object) -> str:
    """Return a value as it could stand in the file, cut to what helps."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the word somebody may have meant, whatever its case."""
    folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word[:SHOWN].casefold(), list(folded), 1)
    return folded[found[0]] if found else None


def did_you_mean(word: str, known: Sequence[str]) -> str | None:
    """Return the hint for a word that is not known, None where nothing is like it."""
    found = nearest(word, known)
    return f"did you mean {found}?" if found else None


def string(value: object) -> str:
    """Return a text without blanks around it, `""` included."""
    if not isinstance(value, str):
        raise Unfit("not a text", value, hint="texts stand in quotes")
    return value.strip()


def line(value: object) -> str:
    """Return a text of one line: it may become a header, which ends with its line."""
    text = string(value)
    if any(char < " " or char in "\x7f\x85\u2028\u2029" for char in text):
        raise Unfit("a text of more than one line", value)
    return text


def filled(value: object) -> str:
    """Return a text of one line that says something."""
    text = line(value)
    if not text:
        raise Unfit("an empty text", '""')
    return text


def paths(value: object) -> tuple[str, ...]:
    """Return one path or several, each once."""
    found = tuple(filled(item) for item in (value if isinstance(value, list) else [value]))
    if not found:
        raise Unfit("no file", "[]", hint='name one, as in "recaps/harbour.md"')
    if len(set(found)) < len(found):
        raise Unfit("the same file twice", ", ".join(found))
    return found


def flag(value: object) -> bool:
    """Return yes or no."""
    if not isinstance(value, bool):
        raise Unfit("neither true nor false", value, hint="write true or false, without quotes")
    return value


def whole(minimum: int, maximum: int) -> Callable[[object], int]:
    """Return the reader of a whole number within bounds."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Unfit("not a whole number", value, hint="numbers stand without quotes")
        if not minimum <= value <= maximum:
            raise Unfit(f"not between {minimum} and {maximum}", value)
        return value

    return read


def choice(*options: str) -> Kind[str]:
    """Return the kind of a value that is one of a few words."""

    def read(value: object) -> str:
        text = string(value)
        if text not in options:
            raise Unfit("not one of its values", value, hint=f"choose {_listed(options)}")
        return text

    return Kind(words=_listed(options), read=read)


def date(value: object) -> dt.date:
    """Return a calendar day, written `"2026-12-01"` or as a TOML date."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    try:
        return dt.date.fromisoformat(string(value))
    except (ValueError, Unfit):
        raise Unfit("not a date", value, hint='write year, month, day: "2026-12-01"') from None


def dates(value: object) -> frozenset[dt.date]:
    """Return a list of calendar days."""
    if not isinstance(value, list):
        raise Unfit("not a list of dates", value, hint='write ["2026-12-29", "2026-12-30"]')
    return frozenset(date(item) for item in value)


def _listed(options: Sequence[str]) -> str:
    *others, last = (f'"{option}"' for option in options)
    return f"{', '.join(others)} or {last}"


FILLED = Kind(words="text", read=filled)
LINE = Kind(words="text", read=line)
LINES = Kind(words="text", read=string)
PATH = Kind(words="path", read=filled)
PATHS = Kind(words="path or list of paths", read=paths)
FLAG = Kind(words="true or false", read=flag)
DATES = Kind(words="list of dates", read=dates)
