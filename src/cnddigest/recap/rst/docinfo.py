"""The facts at the head of a reStructuredText article: fields below its title, or comments above it."""

import re
from collections.abc import Sequence

from cnddigest.recap import dates, frontmatter
from cnddigest.recap.frontmatter import FrontMatter
from cnddigest.recap.rst.lines import RULE, width

FIRST = 200  # lines in which the facts must begin
LONGEST_DATE = 100  # characters

FIELD = re.compile(r":([A-Za-z][\w .-]{0,40}):(?:[ \t]+(.*)|\Z)")  # Pelican's and docutils' own
COMMENT = re.compile(r"\.\. ([A-Za-z][\w-]{0,40}):(?:[ \t]+(.*)|\Z)")  # Nikola's
POST = re.compile(r"\.\. post::(?:[ \t]+(.*)|\Z)")  # ABlog's
LABEL = re.compile(r"\.\. _[^:]{1,200}:[ \t]*\Z")
TEXTS = frozenset({"abstract", "dedication"})  # fields that are part of the article

TITLED = re.compile(r"^(\S.{0,200})\n([=~^\"#*+-])\2{2,}[ \t]*$", re.MULTILINE)
DIRECTIVE = re.compile(r"^\.\. (?:[a-z][\w-]{0,40}::(?:\s|$)|_[^:\n]{1,200}:\s|\[[\w#*]{1,40}\] )", re.MULTILINE)
LINK = re.compile(r"`[^`<\n]{1,300} <https?://[^<>`\s]{1,2000}>`__?(?!\w)")


def split(text: str) -> FrontMatter:
    """Take the facts off the head of a text: fields, Nikola's comments, ABlog's `post`; the title stays."""
    lines = text.split("\n")
    facts: dict[str, object] = {}
    taken: list[int] = []
    n, end = 0, min(FIRST, len(lines))
    while n < end:
        after = _take(lines, n, facts, taken)
        if not after:
            break
        n = after
    if not frontmatter.KNOWN & {key.lower() for key in facts}:
        return FrontMatter(text=text)
    for place in taken:
        lines[place] = ""
    return frontmatter.read("\n".join(lines), {key: _plain(key, value) for key, value in facts.items()})


def looks_like(text: str) -> bool:
    """Say whether a text whose name says nothing is reStructuredText: titles, and marks that nothing else has."""
    titles = sum(width(found[1]) <= len(found[0]) - len(found[1]) - 1 for found in TITLED.finditer(text))
    return titles > 0 and bool(DIRECTIVE.search(text) or LINK.search(text)) and "](" not in text


def _take(lines: Sequence[str], n: int, facts: dict[str, object], taken: list[int]) -> int:
    """Take in what stands on a line of the head, and return the next place; 0 where the article begins."""
    line = lines[n]
    if not line.strip() or LABEL.match(line):
        return n + 1
    if found := FIELD.match(line) or COMMENT.match(line):
        return _fact(lines, n, (found[1], found[2] or ""), facts, taken)
    if found := POST.match(line):
        return _post(lines, n, found[1] or "", facts, taken)
    return _title_end(lines, n) if not facts else 0


def _fact(lines: Sequence[str], n: int, fact: tuple[str, str], facts: dict[str, object], taken: list[int]) -> int:
    """Take in a fact with the indented lines that go on with it."""
    end = n + 1
    while end < len(lines) and lines[end][:1] in (" ", "\t") and lines[end].strip():
        end += 1
    key, value = fact
    if key.lower() not in TEXTS:
        facts.setdefault(key, " ".join([value, *(line.strip() for line in lines[n + 1 : end])]).strip())
        taken.extend(range(n, end))
    return end


def _post(lines: Sequence[str], n: int, date: str, facts: dict[str, object], taken: list[int]) -> int:
    facts.setdefault("date", date)
    taken.append(n)
    end = n + 1
    while end < len(lines) and (found := FIELD.match(lines[end].strip())) and lines[end][:1] in (" ", "\t"):
        facts.setdefault(found[1], found[2] or "")
        taken.append(end)
        end += 1
    return end


def _title_end(lines: Sequence[str], n: int) -> int:
    """Return the place after a title, 0 where there is none."""
    framed = bool(RULE.match(lines[n]))
    under = n + 1 + framed
    return under + 1 if under < len(lines) and lines[n + framed].strip() and RULE.match(lines[under]) else 0


def _plain(key: str, value: object) -> object:
    """Return a date as ISO 8601 writes it, whatever words it was written in."""
    if key.lower() not in frontmatter.DATES:
        return value
    found = next((days[0].on(None) for days in dates.written(dates.plain(str(value)[:LONGEST_DATE])) if days), None)
    return found.isoformat() if found else value
