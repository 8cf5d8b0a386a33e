"""A recap, read: the files of an article in, its days and sessions out."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count

from cnddigest.errors import BadRecap
from cnddigest.recap import beside, calendar, dates, details, exact, findings, heading, series, tags, tree
from cnddigest.recap.blocks import Block
from cnddigest.recap.corrections import Corrections
from cnddigest.recap.draft import Draft, DraftSession
from cnddigest.recap.draft import numbers as draft_numbers
from cnddigest.recap.heading import Style
from cnddigest.recap.identity import session_ids
from cnddigest.recap.language import language
from cnddigest.recap.mending import lines as mended_lines
from cnddigest.recap.mending import sessions as mended_sessions
from cnddigest.recap.model import Closing, Day, Finding, Recap, Session, Source
from cnddigest.recap.prose import prose
from cnddigest.recap.source import SourceText


def read(sources: Sequence[SourceText], corrections: Sequence[Corrections] = ()) -> Recap:
    """Read one file, or several that form one recap, one per day, with what its author says of the reading.

    `corrections` belong to the files beside which they stand (see `recap.beside`). Raises BadRecap where there is
    no session at all, or for a format that can't be read yet.
    """
    recap = understood(sources, corrections)
    if not recap.sessions:
        path = recap.source.path
        odd = (found.message for source in sources for found in source.findings if found.severity == "warning")
        raise BadRecap(
            f"recap has no sessions: {path}",
            hint=next(odd, f"mark each talk with a heading, or see `cnddigest outline {path}`"),
        )
    return recap


def understood(sources: Sequence[SourceText], corrections: Sequence[Corrections] = ()) -> Recap:
    """Do what `read` does, and return a recap without sessions as it is."""
    draft, stale = _drafted(sources, corrections)
    written_on = next((source.written_on for source in sources if source.written_on), None)
    recap = Recap(
        title=draft.title.strip(),
        language=_language(sources),
        format=sources[0].format,
        source=_source(sources),
        introduction=prose(draft.introduction),
        days=_days(draft, sources),
        closing=Closing(heading=draft.closing_heading, prose=prose(draft.closing), line=draft.closing_line),
        dropped=draft.dropped,
        written_on=written_on,
        tags=tags.listed(tag for source in sources for tag in source.tags),
    )
    known = (finding for source in sources for finding in source.findings)
    return replace(recap, findings=(*known, *stale, *findings.of(recap, draft)))


def _drafted(sources: Sequence[SourceText], corrections: Sequence[Corrections]) -> tuple[Draft, list[Finding]]:
    """Return the files as one draft, as their author says it is, and the corrections that can't be made."""
    drafts: list[Draft] = []
    stale: list[Finding] = []
    for source in sources:
        blocks, found = mended_lines.blocks(source, _of(source, sources, corrections))
        drafts.append(_planted(blocks, source))
        stale += found
    draft, more = mended_sessions.mended(_named(series.joined(drafts)), corrections)
    return draft, [*stale, *more]


def blocks(
    source: SourceText, sources: Sequence[SourceText], corrections: Sequence[Corrections] = ()
) -> Iterable[Block]:
    """Return the blocks of one of several files as its author says they are: what a reading begins with."""
    return mended_lines.blocks(source, _of(source, sources, corrections))[0]


def _planted(blocks: Iterable[Block], source: SourceText) -> Draft:
    if source.exact is not None:
        return exact.plant(blocks, source.exact)
    return tree.in_title(tree.plant(blocks, title=source.title))


def _of(source: SourceText, sources: Sequence[SourceText], corrections: Sequence[Corrections]) -> Corrections:
    """Return the corrections of a file: those beside it, and all there are where it is alone."""
    alone = len(sources) == len(corrections) == 1
    return next((one for one in corrections if alone or one.path == beside.corrections(source.path)), Corrections())


def _language(sources: Sequence[SourceText]) -> str:
    said = next((source.language for source in sources if source.language), None)
    return said or language(sources[0].text)


def _source(sources: Sequence[SourceText]) -> Source:
    """Name the files; the digest of several is that of their digests."""
    if len(sources) == 1:
        return Source(path=sources[0].path, sha256=sources[0].sha256)
    digests = "\n".join(source.sha256 for source in sources)
    return Source(
        path=", ".join(source.path for source in sources), sha256=hashlib.sha256(digests.encode()).hexdigest()
    )


def _days(draft: Draft, sources: Sequence[SourceText]) -> tuple[Day, ...]:
    introduction = " ".join(block.text for block in draft.introduction)
    head = sources[0].text[: dates.HEAD]
    written_on = next((source.written_on for source in sources if source.written_on), None)
    event = dates.event(draft.title, introduction, head, written_on=written_on)
    year = dates.year_in(draft.title, introduction) or (written_on.year if written_on else None)
    found = calendar.dates(draft.days, event, year=year)
    numbers = draft_numbers(draft.days)
    sessions = _sessions(draft)
    return tuple(
        Day(
            number=day.facts.number if day.facts else number,
            label=day.label,
            date=day.facts.date if day.facts else date,
            introduction=prose(day.introduction),
            sessions=tuple(next(sessions) for _ in day.sessions),
            line=day.line,
        )
        for number, day, date in zip(numbers, draft.days, found, strict=True)
    )


def _named(draft: Draft) -> Draft:
    """Take the headings of all sessions apart and name the sessions; ids depend on titles alone."""
    drafts = [session for day in draft.days for session in day.sessions]
    style = heading.style([session.heading for session in drafts if session.kind != "section"])
    heads = [_heading(session, style) for session in drafts]
    ids = session_ids(head.title for head in heads)
    named = (replace(one, head=head, id=name) for one, head, name in zip(drafts, heads, ids, strict=True))
    return replace(
        draft, days=tuple(replace(day, sessions=tuple(next(named) for _ in day.sessions)) for day in draft.days)
    )


def _heading(session: DraftSession, style: Style) -> heading.Heading:
    if session.kind == "section":
        return heading.Heading(title=session.heading, kind="section")
    return heading.split(session.heading, style, day=session.prefixed)


def _sessions(draft: Draft) -> Iterator[Session]:
    """Yield the sessions of all days.

    They are numbered through, and sections after all others: joining files moves no talk's number.
    """
    found = [_session(session) for day in draft.days for session in day.sessions]
    talks, sections = count(1), count(1 + sum(session.kind != "section" for session in found))
    for session in found:
        yield replace(session, number=next(sections if session.kind == "section" else talks))


def _session(session: DraftSession) -> Session:
    """Put together what the heading, the place and the first lines say; of two, the first counts."""
    head = session.head or heading.Heading(title=session.heading, kind=session.kind)
    said = details.below(session.body)
    read = Session(
        number=0,
        id=session.id,
        title=head.title,
        heading=session.heading,
        kind=session.kind if session.kind != "talk" and head.kind != "event" else head.kind,
        track=session.track or head.track or said.track,
        group=session.group,
        starts_at=session.starts_at or head.starts_at or said.starts_at,
        ends_at=head.ends_at or said.ends_at,
        room=head.room or said.room,
        code=head.code or said.code,
        language=head.language or said.language,
        level=said.level,
        speakers=head.speakers or said.speakers,
        url=session.url,
        links=session.links,
        prose=prose(session.body),
        line=session.line,
    )
    read = exact.told(read, session.facts) if session.facts else read
    return mended_sessions.told(read, session.said) if session.said else read
