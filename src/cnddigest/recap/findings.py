"""What a person should check in a reading, each with its line."""

import re
from collections.abc import Iterator, Sequence

from cnddigest.recap import clues
from cnddigest.recap.blocks import Block
from cnddigest.recap.draft import Draft
from cnddigest.recap.identity import folded
from cnddigest.recap.markdown.raw import UNENDED
from cnddigest.recap.model import Finding, Recap, Severity

SURE = 1.0  # a smaller margin of a plain-text reading is worth a look
UNFINISHED = 0.35  # share of plain-text lines that are no sentences beyond which its structure is a guess
FEW = 6  # lines of text below which that share says nothing
UNBROKEN = 3_000  # characters of one paragraph that can't be one

_REFERENCE = re.compile(
    r"(?:以下|下記|こちら|次)の(?:ページ|サイト|リンク|記事|スライド|資料|一覧|動画)|こちらから|セッション一覧|リンクを貼"
    r"|\b(?:slides?|video|recording|links?|list|page)s? (?:are |is )?(?:below|here|linked below)\b|\bsee below\b"
    r"|\bci-dessous\b|\bici :|\bsiehe unten\b|\bse under\b",
    re.IGNORECASE,
)
_RELATIVE_TIME = re.compile(
    r"本日|今日|昨日|一昨日|明日(?!から)|先日|先週|今週|来週"
    r"|\b(?:today|yesterday|tomorrow|last (?:week|weekend|month|night)|this (?:week|weekend|morning))\b"
    r"|\b(?:aujourd'hui|hier|demain|la semaine dernière|heute|gestern|i går|i dag)\b",
    re.IGNORECASE,
)
# A line without any of these, in lower case, need not be searched.
_REFERENCE_HINTS = (
    "以下",
    "下記",
    "こちら",
    "次の",
    "一覧",
    "リンク",
    "below",
    " here",
    "ci-d",
    "ici :",
    "unten",
    "under",
)
_TIME_HINTS = (
    *(
        "日",
        "週",
        "today",
        "terday",
        "tomorrow",
        "last w",
        "last m",
        "last n",
        "this w",
        "this m",
        "aujourd",
        "hier",
        "demain",
        "semaine",
    ),
    *("heute", "gestern", "i går", "i dag"),
)
_RELATIVE_LINK = re.compile(r"""(?:src|href)="(?!https?:|mailto:|tel:|data:|#|//)([^"\s]{1,500})""")
_DEAD_EMBED = re.compile(r"@\[[a-z]{1,20}\]\(|\{%\s{0,4}(?:embed|youtube|tweet|gist)\b", re.IGNORECASE)


def of(recap: Recap, draft: Draft) -> tuple[Finding, ...]:
    """Return what is doubtful in a reading, in the order of lines."""
    unclear = [*_structure(recap, draft)]
    found = [
        *unclear,
        *_sessions(recap),
        *_days(recap),
        *_margins(draft, headings_only=bool(unclear)),
        *(finding for block, linked in _texts(draft) for finding in _block(block, linked=linked)),
    ]
    found += [
        _info("empty-section", dropped.line, f"heading has nothing under it: {dropped.text}")
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
        yield _info("unclear-structure", 1, "no session was found", "warning")
    for block in bodies:
        if any(len(string) >= UNBROKEN for string in block.strings):
            yield _info("unclear-structure", block.line, f"{UNBROKEN} characters without a break", "warning")


def _sessions(recap: Recap) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for session in recap.sessions:
        line = first.setdefault(folded(session.title), session.line)
        if line != session.line:
            message = f"title stands on line {line} too: {session.title}"
            yield _info("duplicate-session", session.line, message, "warning")
        if not session.prose and not session.url and not session.links and session.kind != "event":
            yield _info("empty-session", session.line, f"session has no text and no link: {session.title}")


def _days(recap: Recap) -> Iterator[Finding]:
    if recap.sessions and not any(day.label for day in recap.days):
        yield _info("no-days", 1, "no day headings were found, so all sessions are one day")
    for day in recap.days:
        if day.label and not day.date:
            yield _info("no-date", day.line or 1, f"date of a day is unknown: {day.label}")


def _margins(draft: Draft, *, headings_only: bool) -> Iterator[Finding]:
    """Name the lines whose reading was close; where all is unclear, the text lines among them are noise."""
    for session in (session for day in draft.days for session in day.sessions):
        if session.margin < SURE:
            yield _info("low-confidence", session.line, f"heading may be text: {session.heading}")
    for block, _ in () if headings_only else _texts(draft):
        if block.kind != "heading" and block.margin < SURE:
            yield _info("low-confidence", block.line, f"text may be a heading: {block.text[:80]}")


def _texts(draft: Draft) -> Iterator[tuple[Block, bool]]:
    """Yield each block of text, and whether a link stands near it: in the same session or introduction."""
    runs: list[tuple[Sequence[Block], bool]] = [(draft.introduction, False), (draft.closing, False)]
    for day in draft.days:
        runs.append((day.introduction, False))
        runs += [(session.body, bool(session.url or session.links)) for session in day.sessions]
    for blocks, known in runs:
        linked = known or any(block.links for block in blocks)
        yield from ((block, linked) for block in blocks)


def _block(block: Block, *, linked: bool) -> Iterator[Finding]:
    text = block.text
    lowered = text.lower()
    if not linked and (match := _found(_REFERENCE, _REFERENCE_HINTS, text, lowered)):
        yield _info("dangling-reference", block.line, f"reference leads nowhere: {match[0]}")
    if match := _found(_RELATIVE_TIME, _TIME_HINTS, text, lowered):
        yield _info("relative-time", block.line, f"a day is named from the day of writing: {match[0]}")
    if match := _found(_DEAD_EMBED, ("@[", "{%"), text, lowered):
        yield _info("dead-embed", block.line, f"embed was not understood: {match[0]}", "warning")
    if match := _found(_RELATIVE_LINK, ("src=", "href="), block.html, block.html):
        yield _info("relative-link", block.line, f"address is relative: {match[1]}", "warning")


def _found(pattern: re.Pattern[str], hints: Sequence[str], text: str, lowered: str) -> re.Match[str] | None:
    """Search only where a hint shows: most lines have none, and looking for words is fast."""
    return pattern.search(text) if any(hint in lowered for hint in hints) else None
