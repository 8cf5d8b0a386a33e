"""Who speaks: the ways in which a talk's heading names its speakers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cnddigest.recap.names import LONGEST, people

TRIM = " \t　-–—―:：|｜/／,、・"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One way to read a heading: where its title stands, and who speaks."""

    form: str
    start: int
    end: int
    speakers: tuple[str, ...]


SURE = frozenset({"honorific", "quoted"})
QUOTES = {"「": "」", "『": "』", "“": "”", "„": "“", "«": "»", '"': '"'}
_SEPARATORS = (
    *(("by", f" {word} ") for word in ("by", "von", "par", "av", "med")),
    *(("dash", " - "), ("bar", " | "), ("slash", " / "), ("dash", "- "), ("slash", "/"), ("bar", "|")),
)


def named(line: str, start: int = 0) -> Iterator[Named]:
    """Yield every way to read the end of a heading, or its beginning, as speakers."""
    line = line.rstrip()
    if len(line) > 4 * LONGEST:
        return
    for form, find in _FINDERS.items():
        cut, tail = find(line, start)
        if cut > start and (found := people(tail)):
            yield Named(form=form, start=start, end=cut, speakers=found)
    for form, separator in _SEPARATORS:
        cut = line.rfind(separator, start)
        if cut > start and (found := people(line[cut + len(separator) :].strip())):
            yield Named(form=form, start=start, end=cut, speakers=found)
    cut = line.find(": ", start)
    if cut > start and (found := people(line[start:cut].strip())):
        yield Named(form="first", start=cut + 1, end=len(line), speakers=found)
    cut = max(line.find("「", start), line.find("『", start))
    if cut > start and line[-1] in "」』" and (found := people(line[start:cut].strip(TRIM))):
        yield Named(form="before", start=cut, end=len(line), speakers=found)


_PERSON = r"(?:[一-鿿々ヶ]{1,4} [一-鿿々ぁ-んァ-ヶー]{1,5}|[一-鿿々ぁ-んァ-ヶー]{2,8})"


@cache
def _with_title(title: str) -> re.Pattern[str]:
    return re.compile(rf"({_PERSON} ?{title}(?: ?[/、,・&] ?[^/、,&]{{2,12}} ?{title}){{0,7}})$")


def _honorific(line: str, start: int, title: str = "氏") -> tuple[int, str]:
    """Find `… 灘 太郎 氏 / 魚崎 美和 氏`: every name has its honorific."""
    match = _with_title(title).search(line, start) if line.endswith(title) else None
    if not match or (match.start() > start and line[match.start() - 1] not in " 　-/|」』)～~"):
        return start, ""
    return match.start(), match[1]


def _san(line: str, start: int) -> tuple[int, str]:
    """Find the same with さん, which many other words end with too."""
    return _honorific(line, start, "さん")


def _after_quote(line: str, start: int) -> tuple[int, str]:
    """Find `「title」 - name`, with or without the dash."""
    opening = line[start : start + 1]
    close = line.rfind(QUOTES.get(opening, "\0"), start + 1)
    if close < 0:
        return start, ""
    tail = line[close + 1 :].strip(TRIM + "by")
    return close + 1, tail[1:-1] if tail.startswith("(") and tail.endswith(")") else tail


def _bracketed(line: str, start: int) -> tuple[int, str]:
    place = line.rfind("(", start)
    return (place, line[place + 1 : -1].strip()) if line.endswith(")") and place > start else (start, "")


def _after_gap(line: str, start: int) -> tuple[int, str]:
    """Find `title  name (company)`: two spaces, or wide ones, set the speaker apart."""
    place = line.rfind("  ", start)
    return (place, line[place:].strip()) if place > start else (start, "")


_FINDERS = {
    "gap": _after_gap,
    "honorific": _honorific,
    "san": _san,
    "quoted": _after_quote,
    "brackets": _bracketed,
}
