"""Settings and the tables they stand in: how a key is looked up, checked, and complained about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, cast

from cnddigest.config.document import Document
from cnddigest.config.kinds import Kind, Unfit, did_you_mean, nearest, shown
from cnddigest.errors import BadConfiguration
from cnddigest.toml import Key, dotted

T = TypeVar("T")

NAMED = 5  # unknown keys that are named; a file with more of them is another program's
SECRETS = ("password", "passwd", "secret", "token", "api_key", "private_key", "smtp_password")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[T]):
    """One key of the file.

    `default` is a value as it could stand there, None where leaving the key out means nothing; `example` is
    TOML.
    """

    name: str
    kind: Kind[object]
    about: str
    example: str
    default: object = None
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table of the file: `one`, one for each name the author chooses, or a list of equal ones."""

    name: str
    about: str
    settings: tuple[Setting[Any], ...] = ()
    sections: tuple["Section", ...] = ()
    shape: Literal["one", "named", "list"] = "one"

    @property
    def names(self) -> tuple[str, ...]:
        """Return every key that may stand here."""
        return (*(setting.name for setting in self.settings), *(section.name for section in self.sections))


def required(name: str, kind: Kind[T], *, about: str, example: str) -> Setting[T]:
    """Return a setting that must be there."""
    return Setting(name=name, kind=kind, about=about, example=example, required=True)


def optional(name: str, kind: Kind[T], default: object, *, about: str, example: str) -> Setting[T]:
    """Return a setting that may be left out; then it is as if `default` stood there."""
    return Setting(name=name, kind=kind, about=about, example=example, default=default)


def absent(name: str, kind: Kind[T], *, about: str, example: str) -> Setting[T | None]:
    """Return a setting that may be left out; then it is None."""
    return Setting(name=name, kind=kind, about=about, example=example)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of a document, seen through its section. Every problem is a BadConfiguration with its place."""

    document: Document
    section: Section
    key: Key
    data: Mapping[str, Any]

    def get(self, setting: Setting[T]) -> T:
        """Return the checked value of a setting, or its default."""
        value = self.data.get(setting.name, setting.default)
        if value is None:
            if setting.required:
                raise self._missing(setting)
            return cast("T", None)
        try:
            return cast("T", setting.kind.read(value))
        except Unfit as unfit:
            raise self.refuse(setting.name, unfit) from unfit

    def inner(self, section: Section) -> "Table":
        """Return a table inside this one, an empty one where it is left out."""
        return self._table(section, (section.name,), self.data.get(section.name, {}))

    def named(self, section: Section) -> Iterator[tuple[str, "Table"]]:
        """Yield the tables inside this one whose names the author chose, as written."""
        for name, data in self.inner(section).data.items():
            yield name, self._table(section, (section.name, name), data)

    def listed(self, section: Section) -> Iterator["Table"]:
        """Yield the tables of a list, as written."""
        found = self.data.get(section.name, [])
        if not isinstance(found, list):
            raise self.refuse(section.name, Unfit("not a list of tables", found, hint=f"write [[{section.name}]]"))
        for number, data in enumerate(found):
            yield self._table(section, (section.name, number), data)

    def refuse(self, name: str, unfit: Unfit) -> BadConfiguration:
        """Return the error for a value that does not fit."""
        key = (*self.key, name)
        message = f"{unfit.problem} in {self.document.place(key)}, {dotted(key)}: {unfit.shown}"
        return BadConfiguration(message, hint=unfit.hint)

    def _missing(self, setting: Setting[Any]) -> BadConfiguration:
        key = (*self.key, setting.name)
        message = f"missing setting in {self.document.place(key)}: {dotted(key)}"
        return BadConfiguration(message, hint=f"add {setting.name} = {setting.example}")

    def _table(self, section: Section, names: Key, data: object) -> "Table":
        key = (*self.key, *names)
        if not isinstance(data, dict):
            message = f"not a table in {self.document.place(key)}, {dotted(key)}: {shown(data)}"
            raise BadConfiguration(message, hint=f"write [{dotted(key)}] and its settings on the lines below")
        return Table(document=self.document, section=section, key=key, data=data)


def refuse_unknown(table: Table) -> None:
    """Raise BadConfiguration that names every key no setting has, with the nearest that exist."""
    found = list(_unknown(table.section, (), table.data))
    if not found:
        return
    lines = (table.document.line(key) for key, _ in found[:NAMED])
    named = [f"{dotted(key)}" + (f" (line {n})" if n else "") for (key, _), n in zip(found, lines, strict=False)]
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    plural = "s" if len(found) > 1 else ""
    message = f"unknown key{plural} in {table.document.name}: {', '.join(named)}{more}"
    raise BadConfiguration(message, hint=_hint(found[:NAMED]))


def _unknown(section: Section, key: Key, data: object) -> Iterator[tuple[Key, Sequence[str]]]:
    """Yield each unknown key with those that may stand in its place."""
    if not isinstance(data, dict):
        return
    inner = {item.name: item for item in section.sections}
    for name, value in data.items():
        if name in inner:
            for step, table in _tables(inner[name], value):
                yield from _unknown(inner[name], (*key, name, *step), table)
        elif name not in section.names:
            yield (*key, name), section.names


def _tables(section: Section, value: object) -> Iterator[tuple[Key, object]]:
    if section.shape == "named" and isinstance(value, dict):
        yield from (((name,), table) for name, table in value.items())
    elif section.shape == "list" and isinstance(value, list):
        yield from (((number,), table) for number, table in enumerate(value))
    else:
        yield (), value


def _hint(found: Sequence[tuple[Key, Sequence[str]]]) -> str | None:
    words = [(str(key[-1]), known) for key, known in found]
    if any(word in SECRETS for word, _ in words):
        return "secrets never stand in the file: set CNDDIGEST_SMTP_PASSWORD or CNDDIGEST_SECRET"
    if len(words) == 1:
        word, known = words[0]
        return did_you_mean(word, known) or f"known here: {', '.join(known)}"
    meant = [near for word, known in words if (near := nearest(word, known))]
    return f"did you mean {', '.join(meant)}?" if meant else None
