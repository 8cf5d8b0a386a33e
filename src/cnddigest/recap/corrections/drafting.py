"""What `outline --write` writes: corrections that nobody made yet, one comment for each that may be wanted."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from cnddigest import toml
from cnddigest.recap.identity import folded, session_ids
from cnddigest.recap.model import Finding, Recap, Session

LONGEST_MATCH = 80  # characters of a line's beginning; more is hard to read and no clearer

HEAD = """\
# Corrections of how this recap is read. The recap itself stays as it is.
# Take the "# " away from the lines of an entry to use it; `cnddigest outline` shows what it does.
#
# [[line]] says what a line or heading is. `match` is its beginning, enough of it to mean one line.
#   role = "title"         the recap's title
#   role = "introduction"  a heading before the talks, with what stands under it
#   role = "day"           a day's label
#   role = "session"       a talk's heading; a line inside a talk begins a new one
#   role = "text"          part of the text in which it stands
#   role = "closing"       the heading of the last words
#   role = "drop"          left out: this line alone
#
# [[session]] is about one talk. `match` is its title, its heading or its id.
#   title, url, speakers, track, room, kind, starts_at, ends_at, links   what is so
#   kind = "talk", "keynote", "lightning", "event" or "section"
#   day = 2                       the day it belongs to
#   after = "another session"     behind which one it comes
#   merge_into = "another one"    its text becomes the end of that one's
#   split_at = "a line in it"     where a talk of its own begins
#   drop = true                   left out
"""

_MATCH = re.compile(r"^[ \t]*#?[ \t]*match[ \t]*=[ \t]*(.+)$", re.MULTILINE)


def drafted(recap: Recap, known: str | None = None) -> str:
    """Return a file that changes nothing: every session, and every doubtful line, as a commented entry.

    `known` is the author's file, of which every byte stays; only what it does not mention yet is appended, so
    that doing it twice does nothing.
    """
    before = known if known and known.strip() else None
    mentioned = _mentioned(before or "")
    entries = [*_lines(recap, mentioned), *_sessions(recap, mentioned)]
    if before is None:
        return "\n".join([HEAD, *entries])
    if not entries:
        return before
    return "\n".join([before if before.endswith("\n") else before + "\n", *entries])


class _Mentioned:
    """The matches of a file, in use or not."""

    def __init__(self, matches: Sequence[str]) -> None:
        self.matches = {folded(match) for match in matches}
        self.names = {name for match in matches for name in session_ids([match])}

    def begins(self, text: str) -> bool:
        """Say whether a match is a text or its beginning."""
        words = folded(text[:LONGEST_MATCH])
        return any(words[:count] in self.matches for count in range(1, len(words) + 1))

    def session(self, session: Session) -> bool:
        """Say whether a match is a session's id, title, heading or beginning.

        The title may be corrected: the one that was read from the text made the id.
        """
        first = session.heading or next(iter(session.prose.paragraphs), "")
        if session.id in self.matches or any(map(self.begins, (session.title, first))):
            return True
        return session.id in self.names


def _mentioned(text: str) -> _Mentioned:
    return _Mentioned([words for value in _MATCH.findall(text) if (words := _string(value))])


def _string(value: str) -> str:
    try:
        found = toml.parsed(f"match = {value.strip()}").get("match")
    except toml.NotToml:
        return ""
    return found if isinstance(found, str) else ""


def _lines(recap: Recap, mentioned: _Mentioned) -> Iterator[str]:
    heads = {session.line: session.heading for session in recap.sessions}
    seen: set[str] = set()
    for finding in recap.findings:
        words = toml.encodable(heads.get(finding.line) or finding.message.partition(": ")[2]).strip()
        if finding.rule == "low-confidence" and words and words not in seen and not mentioned.begins(words):
            seen.add(words)
            yield _line(finding, words, "text" if finding.line in heads else "session")


def _line(finding: Finding, words: str, role: str) -> str:
    return _comment(
        f"line {finding.line}: {finding.message.partition(': ')[0]}",
        "[[line]]",
        f"match = {toml.quoted(words[:LONGEST_MATCH])}",
        f"role = {toml.quoted(role)}",
    )


def _sessions(recap: Recap, mentioned: _Mentioned) -> Iterator[str]:
    titles = Counter(folded(text) for session in recap.sessions for text in {session.title, session.heading})
    for session in recap.sessions:
        if not mentioned.session(session):
            own = next(session_ids([session.title])) == session.id and titles[folded(session.title)] == 1
            yield _session(session, session.title if own else session.id)


def _session(session: Session, match: str) -> str:
    speakers = ", ".join(map(toml.quoted, session.speakers))
    return _comment(
        f"line {session.line}",
        "[[session]]",
        f"match = {toml.quoted(match)}",
        f"title = {toml.quoted(session.title)}",
        f"url = {toml.quoted(session.url or '')}",
        f"speakers = [{speakers}]",
    )


def _comment(about: str, header: str, *rows: str) -> str:
    """Return an entry that says nothing yet."""
    said = "".join(char for char in about if char.isprintable())
    return "\n".join(f"# {row}" for row in (f"{header}  # {said}", *rows)) + "\n"
