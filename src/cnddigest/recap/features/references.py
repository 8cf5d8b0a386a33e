"""Explicit references from one session to another: marked in the text, to become links once the other is out.

A reference is a session's name (see `names`) in running text: its whole title, its title or a part of it in quotes,
or its code. It is marked as a link of our own scheme, `<a href="session:ID">`, which `rendering.markup` resolves.
Words such as "the talk on day 1" name nobody; `by_day` looks for whom they mean.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cnddigest.recap.features.lexicon import run_of, terms
from cnddigest.recap.features.names import Name
from cnddigest.recap.features.passages import letters_of, rewritten

SCHEME = "session:"
MOST = 50  # names looked for in one text: one with more is a list of contents
COMMON = 200  # texts that hold a name's rarest term: one that says so little is looked for in quotes alone

OPENING, CLOSING = '「『《〈“„«‹"', '」』》〉”“»›"'
QUOTES = re.compile(f"[{OPENING}{CLOSING}]")
REFERENCE = re.compile(r'href="session:([a-z0-9-]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text that may name sessions: folded, how often it has each term, and whose text it is (`""` for nobody's)."""

    folded: str
    terms: Counter[str]
    session_id: str = ""


def targets(markup: str) -> list[str]:
    """Return the ids of the sessions that marked HTML refers to."""
    return REFERENCE.findall(markup) if SCHEME in markup else []


def found(passages: Sequence[Passage], names: Mapping[str, Name]) -> dict[int, list[Name]]:
    """Return, by the position of each passage, the names that may stand in it; `marked` looks closely.

    Takes time in proportion to the texts: a title is looked for only where its rarest term stands.
    """
    hits: dict[int, dict[Name, None]] = {}
    for place, name in (*_bare(passages, names.values()), *_quoted(passages, names)):
        if passages[place].session_id != name.session_id:
            hits.setdefault(place, {})[name] = None
    return {place: list(hit)[:MOST] for place, hit in hits.items()}


def marked(markup: str, names: Iterable[Name]) -> str:
    """Return HTML in which the first mention of each of these sessions is a link to it."""
    known = {name.text: name for name in names}
    longest_first = sorted(known, key=lambda text: (-len(text), text))
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    done: set[str] = set()

    def linked(text: str) -> str:
        letters, starts = letters_of(text)
        written, end = [], 0
        for match in pattern.finditer(letters):
            name = known[match[0]]
            if name.session_id not in done and _is_meant(letters, match.start(), match.end(), name):
                done.add(name.session_id)
                first, last = starts[match.start()], starts[match.end()]
                written += [text[end:first], f'<a href="{SCHEME}{name.session_id}">{text[first:last]}</a>']
                end = last
        return "".join((*written, text[end:]))

    return rewritten(markup, linked)


def _bare(passages: Sequence[Passage], names: Iterable[Name]) -> Iterator[tuple[int, Name]]:
    """Yield where a name that needs no quotes stands."""
    having: dict[str, list[tuple[str, Name]]] = {}
    wanted = {name: _inner(name) for name in names if name.bare}
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update(passage.terms.keys())
    for name, inner in wanted.items():
        rarest = min(inner, key=lambda term: (counts[term], term), default="")
        if 0 < counts[rarest] <= COMMON:
            having.setdefault(rarest, []).append((name.text, name))
    for place, passage in enumerate(passages):
        for term in having.keys() & passage.terms.keys():
            yield from ((place, name) for text, name in having[term] if text in passage.folded)


def _inner(name: Name) -> Sequence[str]:
    """Return the terms of a name that stand in a text as they are; its last one may run on: `入門` in `入門編`."""
    every = terms(name.text)
    return every[1:-1] or every


def _quoted(passages: Sequence[Passage], names: Mapping[str, Name]) -> Iterator[tuple[int, Name]]:
    for place, passage in enumerate(passages):
        for words in QUOTES.split(passage.folded)[1:-1]:
            if name := names.get(words.strip()):
                yield place, name


def _is_meant(letters: str, start: int, end: int, name: Name) -> bool:
    """Say whether a name stands for itself here: in quotes, or not as a piece of a longer word."""
    before, after = letters[max(start - 2, 0) : start].rstrip()[-1:], letters[end : end + 2].lstrip()[:1]
    if before and after and before in OPENING and after in CLOSING:
        return True
    return (
        name.bare
        and not _runs_on(letters[start - 1 : start], name.text[0])
        and not _runs_on(letters[end : end + 1], name.text[-1])
    )


def _runs_on(outside: str, edge: str) -> bool:
    if not outside:
        return False
    return outside in "-_/" and edge.isascii() if not run_of(outside) else run_of(outside) == run_of(edge)
