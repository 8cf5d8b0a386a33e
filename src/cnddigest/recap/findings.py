"""What a person should check in a reading, each with its line."""

import re
from collections.abc import Iterator, Sequence
from html import unescape

from cnddigest.recap import clues, phrases
from cnddigest.recap.blocks import Block
from cnddigest.recap.draft import Draft
from cnddigest.recap.identity import folded
from cnddigest.recap.markdown.raw import UNENDED
from cnddigest.recap.model import Finding, Recap, Severity

SURE = 1.0  # a smaller margin of a plain-text reading is worth a look
UNFINISHED = 0.35  # share of plain-text lines that are no sentences beyond which its structure is a guess
FEW = 6  # lines of text below which that share says nothing
UNBROKEN = 3_000  # characters of one paragraph that can't be one
LONG = 3_000  # characters of a session that may be two: half of all published ones have 170, one in twenty 1,430
SHOWN = 3  # titles in one message

_RELATIVE_LINK = re.compile(r"""(?:src|href)="(?!https?:|mailto:|tel:|data:|#|//)([^"\s]{1,500})""")
_IMAGE = re.compile(r"""<img\b[^>]{0,500}?\bsrc\s?=\s?(?:"([^"]{0,2000})|'([^']{0,2000}))""", re.IGNORECASE)
# What editors and browsers leave where a picture was: an empty address, one of their own, a tiny picture.
_DEAD_IMAGE = re.compile(
    r"\s*$|(?:blob|file|about|cid|webkit-fake-url):|data:.{0,400}$|uploading|アップロード中"
    r"|(?:image|img|picture|screenshot|untitled|placeholder|画像|スクリーンショット)(?:[ _-]?\d{0,3}|\(\d\))\.\w{3,4}$",
    re.IGNORECASE,
)
_DEAD_EMBED = re.compile(r"@\[[a-z]{1,20}\]\(|\{%\s{0,4}(?:embed|youtube|tweet|gist)\b", re.IGNORECASE)


def of(recap: Recap, draft: Draft) -> tuple[Finding, ...]:
    """Return what is doubtful in a reading, in the order of lines."""
    unclear = [*_structure(recap, draft)]
    found = [
        *unclear,
        *_sessions(recap),
        *_days(recap),
        *_margins(draft, headings_only=bool(unclear)),
        *_links(recap),
        *_farewell(draft),
        *(
            finding
            for block, linked in _texts(draft)
            for finding in _block(block, linked=linked, language=recap.language)
        ),
    ]
    found += [
        _info("empty-section", dropped.line, f"heading has nothing under it and is left out: {dropped.text}")
        for dropped in recap.dropped
        if dropped.reason == "empty section"
    ]
    found += [
        _info("unended-comment", dropped.line, "comment has no end, so the text after it is dropped", "warning")
        for dropped in recap.dropped
        if dropped.reason == UNENDED
    ]
    return tuple(sorted(found, key=lambda finding: finding.line))


def _info(rule: str, line: int, message: str, severity: Severity = "info") -> Finding:
    return Finding(rule=rule, severity=severity, line=line, message=message)


def _structure(recap: Recap, draft: Draft) -> Iterator[Finding]:
    """Warn where the structure of a text is more guessed than read."""
    bodies = [block for block, _ in _texts(draft) if block.kind == "paragraph"]
    if recap.format == "text":
        loose = sum(clues.is_loose(block.text) for block in bodies)
        if len(bodies) >= FEW and loose > UNFINISHED * len(bodies):
            message = "most lines are no sentences, so headings can't be told from text: use the article's markdown"
            yield _info("unclear-structure", bodies[0].line, message, "warning")
    if not recap.sessions:
        yield _info("unclear-structure", 1, "no session was found: mark each talk with a heading", "warning")
    for block in bodies:
        if any(len(string) >= UNBROKEN for string in block.strings):
            message = (
                f"paragraph is longer than {UNBROKEN:,} characters, so its line breaks may be lost: {block.text[:40]}"
            )
            yield _info("unclear-structure", block.line, message, "warning")


def _sessions(recap: Recap) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for session in recap.sessions:
        line = first.setdefault(folded(session.title), session.line)
        if line != session.line:
            message = f"title stands on line {line} too, so check that both are meant: {session.title}"
            yield _info("duplicate-session", session.line, message, "warning")
        if not session.prose and not session.url and not session.links and session.kind != "event":
            message = f"session has no text and no link, so its title is all that readers get: {session.title}"
            yield _info("empty-session", session.line, message)
        length = sum(map(len, session.prose.paragraphs))
        if length > LONG:
            message = f"session has {length:,} characters: if another talk begins in it, mark that one: {session.title}"
            yield _info("long-session", session.line, message)


def _links(recap: Recap) -> Iterator[Finding]:
    """Name the talks without any link where most others have one, all at once."""
    talks = [session for session in recap.sessions if session.kind not in ("event", "section")]
    without = [session for session in talks if not session.url and not session.links]
    if 0 < len(without) <= len(talks) / 2:
        shown = ", ".join(session.title for session in without[:SHOWN]) + ", …" * (len(without) > SHOWN)
        message = f"{len(without)} of {len(talks)} talks have no link to slides, video or page: {shown}"
        yield _info("no-link", without[0].line, message)


def _farewell(draft: Draft) -> Iterator[Finding]:
    """Name the text at the end of the last talk that may be the author's last words on all of them."""
    if draft.farewell:
        message = f"end of the last talk may be the recap's closing, so give it a heading: {draft.farewell.text[:40]}"
        yield _info("possible-closing", draft.farewell.line, message)


def _days(recap: Recap) -> Iterator[Finding]:
    if recap.sessions and not any(day.label for day in recap.days):
        message = "no day headings were found, so all sessions are one day: give each day a heading such as Day 1"
        yield _info("no-days", 1, message)
    for day in recap.days:
        if day.label and not day.date:
            message = f"date of a day is unknown, so write it into the heading or the introduction: {day.label}"
            yield _info("no-date", day.line or 1, message)


def _margins(draft: Draft, *, headings_only: bool) -> Iterator[Finding]:
    """Name the lines whose reading was close; where all is unclear, the text lines among them are noise."""
    for session in (session for day in draft.days for session in day.sessions):
        if session.margin < SURE:
            sure = _confidence(session.margin)
            message = f"line was read as a heading and may be text ({sure} sure): {session.heading}"
            yield _info("low-confidence", session.line, message)
    for block, _ in () if headings_only else _texts(draft):
        if block.kind != "heading" and block.margin < SURE:
            message = (
                f"line was read as text and may be a heading ({_confidence(block.margin)} sure): {block.text[:80]}"
            )
            yield _info("low-confidence", block.line, message)


def _confidence(margin: float) -> str:
    """Return how sure a reading is, in percent."""
    return f"{100 * clues.confidence(margin):.0f} %"


def _texts(draft: Draft) -> Iterator[tuple[Block, bool]]:
    """Yield each block of text, and whether a link stands near it: in the same session or introduction."""
    runs: list[tuple[Sequence[Block], bool]] = [(draft.introduction, False), (draft.closing, False)]
    for day in draft.days:
        runs.append((day.introduction, False))
        runs += [(session.body, bool(session.url or session.links)) for session in day.sessions]
    for blocks, known in runs:
        linked = known or any(block.links for block in blocks)
        yield from ((block, linked) for block in blocks)


def _block(block: Block, *, linked: bool, language: str) -> Iterator[Finding]:
    text = block.text
    if not linked and (words := phrases.reference(text, language)):
        yield _info("dangling-reference", block.line, f"reference leads nowhere, so add its link: {words}")
    if words := phrases.relative_time(text, language):
        yield _info(
            "relative-time", block.line, f"day is named from the day of writing, and readers come later: {words}"
        )
    if ("@[" in text or "{%" in text) and (match := _DEAD_EMBED.search(text)):
        yield _info(
            "dead-embed", block.line, f"embed was not understood, so put its address instead: {match[0]}", "warning"
        )
    if ("src=" in block.html or "href=" in block.html) and (match := _RELATIVE_LINK.search(block.html)):
        message = f"address is relative and leads nowhere elsewhere, so write all of it: {match[1]}"
        yield _info("relative-link", block.line, message, "warning")
    if "<img" in block.html.lower():
        yield from _images(block)


def _images(block: Block) -> Iterator[Finding]:
    """Name the pictures of which only the place is left."""
    for match in _IMAGE.finditer(block.html):
        source = unescape(match[1] or match[2] or "")
        if _DEAD_IMAGE.match(source):
            shown = source.strip()[:40] or "no address"
            yield _info(
                "dead-image", block.line, f"picture looks lost, so put its address or take it out: {shown}", "warning"
            )
