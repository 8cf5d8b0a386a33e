"""What a field of a foreign file says, whatever type it turns out to have."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

LONGEST = 1_000  # characters of a title, room or name; longer ones are none
LONGEST_ADDRESS = 2_000  # characters: what browsers and servers agree on

Record = Mapping[str, Any]

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_LANGUAGES = {
    "japanese": "ja",
    "日本語": "ja",
    "jp": "ja",
    "english": "en",
    "英語": "en",
    "german": "de",
    "deutsch": "de",
    "french": "fr",
    "français": "fr",
    "norwegian": "no",
    "norsk": "no",
    "chinese": "zh",
    "中文": "zh",
    "korean": "ko",
    "한국어": "ko",
    "spanish": "es",
    "español": "es",
}


def text(value: object) -> str:
    """Return a text on one line, `""` for what is none; of a text in several languages the first."""
    if isinstance(value, Mapping):
        return next((found for one in value.values() if isinstance(one, str) and (found := text(one))), "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    line = " ".join(str(value)[: LONGEST + 1].split()) if isinstance(value, str) else _digits(value)
    return line if len(line) <= LONGEST else ""


def _digits(value: int) -> str:
    """Return a whole number; one beyond 64 bits is no number of anything, and slow to write down."""
    return str(value) if value.bit_length() <= 64 else ""


def perhaps(value: object) -> str | None:
    """Do what `text` does, with None for nothing."""
    return text(value) or None


def texts(values: Iterable[object]) -> tuple[str, ...]:
    """Return those that say something, each once."""
    return tuple(dict.fromkeys(found for value in values if (found := text(value))))


def record(value: object) -> Record:
    """Return a record, an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def records(value: object) -> list[Record]:
    """Return the records of a list, without what else stands in it."""
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def items(value: object) -> list[Any]:
    """Return a list, an empty one for what is none."""
    return value if isinstance(value, list) else []


def address(value: object) -> str | None:
    """Return an absolute web address, None for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST_ADDRESS:
        return None
    found = value.strip()
    is_web = found.lower().startswith(("https://", "http://")) and not any(char.isspace() for char in found)
    return found if is_web else None


def language(value: object) -> str | None:
    """Return a language as a tag (BCP 47): `ja` for `Japanese`; None for what is no language."""
    said = text(value).replace("_", "-")
    tag = _LANGUAGES.get(said.casefold(), said)
    return tag.lower() if _LANGUAGE.fullmatch(tag) else None
