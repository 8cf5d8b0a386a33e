"""NAME.outline.toml as Corrections: every entry checked, every complaint with its file, line and key."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from cnddigest import toml
from cnddigest.errors import BadRecap
from cnddigest.recap.blocks import LineRole
from cnddigest.recap.corrections.model import Corrections, LineCorrection, SessionCorrection
from cnddigest.recap.model import Kind, Link

MAX_BYTES = 1024 * 1024  # thousands of entries; anything larger is another file than was meant
SHOWN = 60  # characters of a wrong value that are shown

_CLOCK = re.compile(r"(?:[01]?\d|2\d):[0-5]\d\Z")  # a party may end at 25:00
_ADDRESS = re.compile(r"https?://[^\s<>\"]+\Z", re.IGNORECASE)
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class _Unfit(Exception):
    """A value that its key can't have."""

    def __init__(self, problem: str, hint: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


def decode(path: str, data: bytes) -> Corrections:
    """Read a file's bytes, with or without byte order mark, with any line ends. Raises BadRecap."""
    if len(data) > MAX_BYTES:
        raise BadRecap(f"corrections are larger than 1 MiB: {path}", hint="is this the right file?")
    try:
        return parse(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadRecap(f"corrections are not UTF-8: {path}, line {line}", hint="save the file as UTF-8") from error


def parse(path: str, text: str) -> Corrections:
    """Read corrections; `path` names them in errors. Raises BadRecap for what is not TOML, or not a correction."""
    text = text.replace("\r\n", "\n")
    try:
        data = toml.parsed(text)
    except toml.NotToml as error:
        if not error.reason:
            raise BadRecap(f"corrections are not TOML that a person would write: {path}") from error
        where = f"{path}, {error.place}" if error.place else path
        hint = 'texts stand in quotes, as in role = "text"' if error.reason == "invalid value" else None
        raise BadRecap(f"corrections are not TOML, {error.reason}: {where}", hint=hint) from error
    return _File(path, text).read(data)


class _File:
    """A file while it is checked: it knows where each key stands."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.at: dict[toml.Key, int] = {}
        for line, key in toml.places(text):
            for count in range(1, len(key) + 1):
                self.at.setdefault(key[:count], line)

    def read(self, data: Mapping[str, Any]) -> Corrections:
        self._check_keys(data, ("line", "session"), ())
        lines = [LineCorrection(**entry) for entry in self._entries(data, "line", _LINE, ("match", "role"))]
        entries = list(self._entries(data, "session", _SESSION, ("match",)))
        lines += [
            LineCorrection(match=entry.pop("split_at"), role="session", at=entry["at"])
            for entry in entries
            if "split_at" in entry
        ]
        return Corrections(
            path=self.path, lines=tuple(lines), sessions=tuple(SessionCorrection(**entry) for entry in entries)
        )

    def _entries(
        self, data: Mapping[str, Any], name: str, kinds: "_Kinds", needed: Sequence[str]
    ) -> Iterator[dict[str, Any]]:
        """Yield the checked keys of each `[[name]]`, and `at`, its line."""
        entries = data.get(name, [])
        if not isinstance(entries, list):
            raise self._error("not a list of entries", (name,), entries, f"write [[{name}]], in two brackets each")
        for number, entry in enumerate(entries):
            key = (name, number)
            if not isinstance(entry, dict):
                raise self._error("not an entry", key, entry, f"write [[{name}]] and its keys on the lines below")
            self._check_keys(entry, tuple(kinds), key)
            missing = next((one for one in needed if one not in entry), None)
            if missing:
                raise self._error("missing key", (*key, missing), "")
            self._check_sense(entry, key)
            yield {one: self._value(kinds[one], value, (*key, one)) for one, value in entry.items()} | {
                "at": self._line(key) or 0
            }

    def _value(self, kind: Callable[[Any], Any], value: object, key: toml.Key) -> object:
        try:
            return kind(value)
        except _Unfit as error:
            raise self._error(error.problem, key, value, error.hint) from error

    def _check_keys(self, data: Mapping[str, Any], known: Sequence[str], key: toml.Key) -> None:
        for word in data:
            if word not in known:
                near = get_close_matches(word[:SHOWN].casefold(), known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
                raise BadRecap(f"unknown key in {self._place((*key, word))}: {toml.dotted((*key, word))}", hint=hint)

    def _check_sense(self, entry: Mapping[str, Any], key: toml.Key) -> None:
        if entry.get("drop") and "merge_into" in entry:
            raise self._error(
                "both drop and merge_into", key, entry["match"], "a merged session's heading is kept with its text"
            )

    def _error(self, problem: str, key: toml.Key, value: object, hint: str | None = None) -> BadRecap:
        shown = f": {_shown(value)}" if value != "" else ""
        return BadRecap(f"{problem} in {self._place(key)}, {toml.dotted(key)}{shown}", hint=hint)

    def _place(self, key: toml.Key) -> str:
        line = self._line(key)
        return f"{self.path}, line {line}" if line else self.path

    def _line(self, key: toml.Key) -> int | None:
        return next((found for n in range(len(key), 0, -1) if (found := self.at.get(key[:n]))), None)


def _shown(value: object) -> str:
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    text = " ".join((str(value).lower() if isinstance(value, bool) else str(value)).split())
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


# One reader for each kind of value.


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Unfit("not a text", "texts stand in quotes")
    if _ODD.search(value):
        raise _Unfit("a text with invisible characters")
    return " ".join(value.split())


def _filled(value: object) -> str:
    text = _text(value)
    if not text:
        raise _Unfit("an empty text")
    return text


def _one_of(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = _text(value)
        if text not in words:
            near = get_close_matches(text[:SHOWN].casefold(), words, 1)
            raise _Unfit(
                "none of the known words", f"did you mean {near[0]}?" if near else f"one of {', '.join(words)}"
            )
        return text

    return read


def _clock(value: object) -> str:
    text = str(value)[:5] if hasattr(value, "hour") and not hasattr(value, "year") else _text(value)
    if text and not _CLOCK.match(text):
        raise _Unfit("not a time", 'write hours and minutes, as in "09:30"')
    return text.zfill(5) if text else ""


def _address(value: object) -> str:
    text = _text(value)
    if text and not _ADDRESS.match(text):
        raise _Unfit("not an address", "write all of it, beginning with https://")
    return text


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1000:
        raise _Unfit("not a day's number", "write it without quotes, as in day = 2")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unfit("neither true nor false", "write it without quotes, as in drop = true")
    return value


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise _Unfit("not a list of names", 'write [ ] around them, as in speakers = ["First Last"]')
    return tuple(_filled(name) for name in value)


def _links(value: object) -> tuple[Link, ...]:
    if not isinstance(value, list):
        raise _Unfit("not a list of links", 'write links = [{ label = "Slides", url = "https://…" }]')
    return tuple(map(_link, value))


def _link(value: object) -> Link:
    if not isinstance(value, dict) or not {"url"} <= set(value) <= {"label", "url"}:
        raise _Unfit("not a link", 'a link has a label and an address: { label = "Slides", url = "https://…" }')
    url = _filled(_address(value["url"]))
    return Link(label=_text(value.get("label", "")) or url, url=url)


_Kinds = Mapping[str, Callable[[Any], Any]]
_LINE: _Kinds = {"match": _filled, "role": _one_of(*get_args(LineRole))}
_SESSION: _Kinds = {
    "match": _filled,
    "title": _filled,
    "url": _address,
    "speakers": _names,
    "track": _text,
    "room": _text,
    "kind": _one_of(*get_args(Kind)),
    "starts_at": _clock,
    "ends_at": _clock,
    "day": _number,
    "links": _links,
    "drop": _flag,
    "merge_into": _filled,
    "after": _filled,
    "split_at": _filled,
}
