"""The facts before an article, `title: …` between two lines of `---`, `+++` or none: the home of pyyaml."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cnddigest import toml
from cnddigest.recap import tags
from cnddigest.recap.model import Finding

T = TypeVar("T")
MAX_LINES = 500  # a fence that is not closed within these lines is a rule, not front matter
MAX_CHARACTERS = 65_536  # pyyaml takes a second over as many brackets, which is the worst there is
TITLES = ("title", "name")
LANGUAGES = ("language", "lang", "locale")
DATES = ("written_on", "date", "published_at", "published", "pubdate", "publishdate", "created_at", "created")
TAGS = ("tags", "topics", "tag", "keywords")
# Header lines without a fence are believed only if one of them is a name that site generators know.
KNOWN = frozenset({*TITLES, *LANGUAGES, *DATES, "author", "authors", "category", "slug", "summary", "tags", "modified"})

HEADER = re.compile(r"([A-Za-z][\w -]{0,30}):(?:[ \t]+(.*))?\Z")
LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{2,8}){0,3})\Z")
SURROGATES = re.compile("[\ud800-\udfff]")  # YAML's escapes can make half a character, which nothing can encode
DATE = re.compile(r"\s*(\d{4})(?:[-/.]|年\s?)(\d{1,2})(?:[-/.]|月\s?)(\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What stands before the text, and the text with it blanked: every line keeps its number.

    `exact` is all of it where it says `outline: exact`. `found` says whether there was any. Broken
    front matter is a finding and stays part of the text.
    """

    text: str
    found: bool = False
    title: str | None = None
    language: str | None = None
    written_on: dt.date | None = None
    tags: tuple[str, ...] = ()
    exact: Mapping[str, object] | None = None
    findings: tuple[Finding, ...] = ()


def split(text: str) -> FrontMatter:
    """Take front matter off the start of a text: YAML in `---`, TOML in `+++`, or two `Key: value` lines."""
    first, _, _ = text.partition("\n")
    if first.rstrip() == "---":
        return _fenced(text, ("---", "..."), _yaml)
    if first.rstrip() == "+++":
        return _fenced(text, ("+++",), toml.parsed)
    return _headers(text)


def _fenced(text: str, closings: tuple[str, ...], parse: Callable[[str], Mapping[str, object] | None]) -> FrontMatter:
    lines = text[:MAX_CHARACTERS].split("\n", MAX_LINES)
    end = next((n for n, line in enumerate(lines[1:MAX_LINES], 1) if line.rstrip() in closings), 0)
    if not end:
        return FrontMatter(text=text)
    try:
        facts = parse("\n".join(lines[1:end]))
    except ValueError as error:
        return FrontMatter(text=text, findings=(_broken(str(error)),))
    if facts is None:
        return FrontMatter(text=text)
    return _read(text, end + 1, facts)


def _broken(reason: str) -> Finding:
    words = " ".join(reason.split())[:200]
    return Finding(
        rule="broken-front-matter",
        severity="warning",
        line=1,
        message=f"front matter can't be read and is taken for text: {words}",
    )


def _yaml(source: str) -> Mapping[str, object] | None:
    """Return the mapping, None where it is something else: then the fence was a rule above prose."""
    import yaml

    try:
        # BaseLoader makes nothing but strings, lists and mappings: no tags, and no merge keys that multiply.
        found = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        if _looks_like_prose(source):
            return None
        raise ValueError(getattr(error, "problem", None) or "it is nested too deeply") from error
    if found is None:
        return {}
    return found if isinstance(found, dict) else None


def _looks_like_prose(source: str) -> bool:
    first = next((line for line in source.split("\n") if line.strip()), "")
    return not HEADER.match(first.rstrip())


def _headers(text: str) -> FrontMatter:
    """Read `Key: value` lines at the very start, as Pelican and MultiMarkdown have them."""
    facts: dict[str, object] = {}
    count = 0
    for line in text[:MAX_CHARACTERS].split("\n", MAX_LINES)[:MAX_LINES]:
        if not line.strip():
            break
        header = HEADER.match(line.rstrip())
        if not header:
            return FrontMatter(text=text)
        facts[header[1].strip()] = header[2] or ""
        count += 1
    if count < 2 or not KNOWN & {key.lower() for key in facts}:
        return FrontMatter(text=text)
    return _read(text, count, facts)


def _read(text: str, count: int, facts: Mapping[str, object]) -> FrontMatter:
    return read("\n" * count + _without_lines(text, count), facts)


def read(text: str, facts: Mapping[str, object]) -> FrontMatter:
    """Return a text, blanked where its facts stood, with what these say of it."""
    known = {str(key).lower(): value for key, value in facts.items()}
    return FrontMatter(
        text=text,
        found=True,
        title=_first(known, TITLES, _title),
        language=_first(known, LANGUAGES, language_tag),
        written_on=_first(known, DATES, date_of),
        tags=tags.listed(tag for name in TAGS for tag in tags.given(known.get(name))),
        exact=known if known.get("outline") == "exact" else None,
    )


def written(facts: Mapping[str, object]) -> str:
    """Return facts as YAML that `split` reads back, a line for each entry of a list."""
    import yaml

    dumped: str = yaml.safe_dump(
        dict(facts), allow_unicode=True, sort_keys=False, width=float("inf"), default_flow_style=None
    )
    return dumped


def _without_lines(text: str, count: int) -> str:
    parts = text.split("\n", count)
    return parts[count] if len(parts) > count else ""


def _first(facts: Mapping[str, object], names: tuple[str, ...], read: Callable[[object], T | None]) -> T | None:
    return next((found for name in names if (found := read(facts.get(name))) is not None), None)


def _title(value: object) -> str | None:
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    return " ".join(SURROGATES.sub("", str(value)).split()) or None


def language_tag(value: object) -> str | None:
    """Return a language tag as RFC 5646 writes it, None for what is none."""
    found = LANGUAGE.match(value.strip()) if isinstance(value, str) else None
    return found[1].lower() + found[2].replace("_", "-") if found else None


def date_of(value: object) -> dt.date | None:
    """Return the day that a text begins with, year first, None for what is none."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    found = DATE.match(value) if isinstance(value, str) else None
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None
