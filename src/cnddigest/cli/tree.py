"""An outline as a person sees it: a tree of days and sessions, then what was left out and what to check."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cnddigest.cli.moments import WEEKDAYS
from cnddigest.cli.output import one_line
from cnddigest.recap import links
from cnddigest.recap.model import Day, Dropped, Finding, Prose, Recap, Session, Severity
from cnddigest.recap.why import Decision

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text
    from rich.tree import Tree

NAMES = {"slides": "slide deck", "video": "video", "code": "code link", "document": "document"}
SHOWN = 12  # dropped lines, and findings of a severity; the rest is counted, or shown by `--why`
LINE = 200  # characters of a line of text
UNSURE = 1.0  # a margin below this is worth a look: the reading could have gone the other way
CERTAINTIES = ((0.95, "sure"), (0.75, "likely"), (0.0, "doubtful"))  # from which confidence on, and its word
SEVERITIES: dict[Severity, tuple[str, str]] = {
    "error": ("error", "bold red"),
    "warning": ("warning", "yellow"),
    "info": ("note", "cyan"),
}
FACT, GUIDE, TITLE, SHAKY = "dim", "bright_black", "bold", "yellow"


def overview(recap: Recap, *, size: int, everything: bool = False) -> Iterator["Tree"]:
    """Yield the outline part by part; `size` is the text's length in characters.

    With `everything` findings are not counted but told, and dropped lines are left to `judgements`, which have all.
    """
    limit = None if everything else SHOWN
    yield _recap(recap, size)
    if recap.dropped and not everything:
        yield _dropped(recap.dropped, limit)
    yield from _findings(recap.findings, limit)


def total(recap: Recap) -> str:
    """Return the last line: what it comes to."""
    days = [day for day in recap.days if day.label]
    words = [*([count(len(days), "day")] if days else []), count(len(recap.sessions), "session")]
    for severity, (name, _) in SEVERITIES.items():
        found = sum(finding.severity == severity for finding in recap.findings)
        words += [count(found, name)] if found else []
    return ", ".join(words) if recap.findings else f"{', '.join(words)}, nothing to check"


def count(number: int, noun: str) -> str:
    """Return a number with its noun, `1 day`, `2,000 characters`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _recap(recap: Recap, size: int) -> "Tree":
    from rich.tree import Tree

    tree = Tree(_node(recap.title or "(no title)", _about(recap, size), style=TITLE), guide_style=GUIDE)
    if recap.introduction:
        tree.add(_node("introduction", [_amount(recap.introduction)]))
    for day in recap.days:
        branch = tree.add(_node(day.label, _day_facts(day), style="bold green")) if day.label else tree
        if day.introduction:
            branch.add(_node("day introduction", [_amount(day.introduction)]))
        _add_sessions(branch, day.sessions)
    if recap.closing.heading is not None or recap.closing.prose:
        words = [recap.closing.heading] if recap.closing.heading else []
        tree.add(_node("closing", [*words, *_line(recap.closing.line), _amount(recap.closing.prose)]))
    return tree


def _add_sessions(branch: "Tree", sessions: Sequence[Session]) -> None:
    """Add sessions, those of a group or track below its name."""
    group, place = None, branch
    for session in sessions:
        if session.group != group:
            group = session.group
            place = branch.add(_node(group, [], style="magenta")) if group else branch
        place.add(_session(session))


def _session(session: Session) -> "Table":
    """Return a title that wraps beside its number, not below it."""
    from rich.table import Table
    from rich.text import Text

    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(justify="right", min_width=2, no_wrap=True)
    row.add_column(overflow="fold")
    number = "" if session.kind == "section" else str(session.number)
    row.add_row(Text(number, style="bold cyan"), _node(session.title, _session_facts(session), style=TITLE))
    return row


def _node(name: str, facts: Sequence[str], *, style: str = "") -> "Text":
    """Return a name, and its facts on a line of their own where the name is a title."""
    from rich.text import Text

    text = Text().append(one_line(name), style=style)
    between = "\n" if style == TITLE else "  "
    return text.append(between + one_line(" · ".join(facts)), style=FACT) if facts else text


def _about(recap: Recap, size: int) -> list[str]:
    return [recap.source.path, recap.format, recap.language, count(size, "character")]


def _day_facts(day: Day) -> list[str]:
    date = f"{WEEKDAYS[day.date.weekday()]} {day.date.isoformat()}" if day.date else "no date"
    return [*_line(day.line), date, count(len(day.sessions), "session")]


def _session_facts(session: Session) -> list[str]:
    kind = [session.kind] if session.kind != "talk" else []
    times = "–".join(filter(None, (session.starts_at, session.ends_at)))
    place = [found for found in (times, session.room, session.track) if found]
    others = {link.url: link for link in session.links if link.url != session.url}.values()
    kinds = Counter(NAMES.get(links.kind(link), "link") for link in others)
    linked = [count(number, name) for name, number in kinds.items()]
    page = ["page"] if session.url else []
    return [
        *_line(session.line),
        *kind,
        *place,
        *([", ".join(session.speakers)] if session.speakers else []),
        _amount(session.prose),
        *page,
        *linked,
    ]


def _line(number: int) -> list[str]:
    return [f"line {number}"] if number else []


def _amount(prose: Prose) -> str:
    if not prose.paragraphs:
        return "no text"
    return f"{count(len(prose.paragraphs), 'paragraph')}, {count(sum(map(len, prose.paragraphs)), 'character')}"


def _dropped(dropped: Sequence[Dropped], limit: int | None) -> "Tree":
    from rich.text import Text
    from rich.tree import Tree

    tree = Tree(Text(f"dropped: {count(len(dropped), 'line')}", style="bold"), guide_style=GUIDE)
    for line in dropped[:limit]:
        tree.add(_place(line.line).append(one_line(line.text)).append(f"  {one_line(line.reason)}", style=FACT))
    _add_rest(tree, len(dropped), limit)
    return tree


def _findings(findings: Sequence[Finding], limit: int | None) -> Iterator["Tree"]:
    from rich.text import Text
    from rich.tree import Tree

    for severity, (name, style) in SEVERITIES.items():
        found = [finding for finding in findings if finding.severity == severity]
        if not found:
            continue
        tree = Tree(Text(count(len(found), name), style=style), guide_style=GUIDE)
        for finding in found[:limit]:
            tree.add(_place(finding.line).append(one_line(finding.message)).append(f"  {finding.rule}", style=FACT))
        _add_rest(tree, len(found), limit)
        yield tree


def _place(line: int) -> "Text":
    from rich.text import Text

    return Text().append(f"line {line}: ", style="cyan")


def _add_rest(tree: "Tree", number: int, limit: int | None) -> None:
    from rich.text import Text

    if limit is not None and number > limit:
        tree.add(Text(f"and {number - limit:,} more: see --why", style=FACT))


def judgements(path: str, decisions: Iterable[Decision]) -> "Table":
    """Return how each line was judged and why; what is doubtful stands out."""
    from rich.table import Table
    from rich.text import Text

    title = Text(f"how {one_line(path)} was judged", style="bold")
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", title=title, title_justify="left")
    table.add_column("line", justify="right", no_wrap=True)
    table.add_column("as", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("text, and why", overflow="fold", ratio=1)
    for one in decisions:
        certainty = next(word for least, word in CERTAINTIES if one.confidence >= least)
        facts = (Text(str(one.line)), Text(_judged(one)), Text(certainty))
        table.add_row(*facts, _words(one), style=SHAKY if abs(one.margin) < UNSURE else "")
    return table


def _words(one: Decision) -> "Text":
    """Return a heading whole and of a line of text what fits, with the reasons below."""
    from rich.text import Text

    plain = one.role in ("text", "dropped")
    text = Text(one_line(one.text)[: LINE if plain else None], style="" if plain else "bold")
    return text.append("\n" + one_line("; ".join(one.reasons)), style=FACT) if one.reasons else text


def _judged(one: Decision) -> str:
    return f"heading {one.level}: {one.role}" if one.level else one.role
